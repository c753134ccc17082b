"""Setting an authenticator app up: the same at the first sign-in and on the account's page."""

from dataclasses import dataclass
from textwrap import wrap

import segno

from adapters.accounts import Session
from adapters.accounts.totp import app_address, begin_app
from adapters.web.site import Site

WRONG_NEW_CODE = "That code does not fit; type the one that your app shows now for Tocsin, and check the phone’s time."


@dataclass(frozen=True, slots=True)
class AppSetup:
    """What the page shows: a picture for the app's camera, and the same key as text."""

    picture: str
    key: str


def app_setup(site: Site, session: Session) -> AppSetup:
    """The key that this session begins an app with."""
    secret = begin_app(site.accounts, site.tocsin.keys, session)
    picture = segno.make(app_address(secret, session.person), error="m", micro=False)
    return AppSetup(picture.svg_data_uri(scale=5, border=4, light="#ffffff"), " ".join(wrap(secret, 4)))
