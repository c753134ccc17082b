"""What is served over HTTP: the pages for people, the API, health and figures."""

from adapters.web.app import web_app
from adapters.web.health import Health

__all__ = ["Health", "web_app"]
