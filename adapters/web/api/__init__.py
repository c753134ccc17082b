"""The API: what the pages can do, for programs that ask with a token. Described at /openapi.json and in docs/api.md."""

from fastapi import APIRouter, Security

from adapters.web.api import about, commands, incidents, schools
from adapters.web.api.bearer import SCHEME

api_router = APIRouter(prefix=about.PREFIX, dependencies=[Security(SCHEME)])
for _part in (incidents, schools, commands, about):
    api_router.include_router(_part.router)
