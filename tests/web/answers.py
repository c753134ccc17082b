"""What tests of several areas ask of a page: where the staff report is, and whether two answers are the same."""

from adapters.accounts.report_links import link_of
from tests.examples import URN
from tests.web.conftest import Town


def address(town: Town, school: str = URN) -> str:
    """The address of a school's reporting page."""
    return f"/report/{link_of(town.site.accounts, school)}"


def without_nonces(html: str) -> str:
    """A page without what differs at every answer."""
    return "\n".join(line for line in html.splitlines() if "nonce" not in line)
