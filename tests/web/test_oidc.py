"""Signing in with an account at a provider: against a provider that answers, and against one that lies."""

import json
import re
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest
import yaml
from joserfc import jwk, jwt

from adapters.accounts import Membership, Person
from adapters.accounts.granting import add
from adapters.accounts.identities import identities_of, person_of
from adapters.accounts.invitations import invite, path_of
from adapters.accounts.oversight import lines
from adapters.accounts.passwords import has_password, set_password
from adapters.web.letting_in import is_fresh
from adapters.web.oidc_pages import FILE, links_for, providers
from domain.roles import Role
from tests.examples import URN
from tests.web.browsing import Visit
from tests.web.conftest import OTHER_URN, PUBLIC_URL, Town

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the release for Python 3.11 uses what its libraries will drop
    from oidc_provider_mock import run_server_in_thread  # type: ignore[import-untyped]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::joserfc.errors.SecurityWarning")
BACK = "/sign-in/with/here/back"
SUBJECT = "248289761001"
TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A provider on this machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with run_server_in_thread() as running:
            yield f"http://localhost:{running.server_port}"


def configured(town: Town, issuer: str, **fields: Any) -> None:
    """The school's file names that provider."""
    described = {"name": "here", "label": "Example Login", "issuer": issuer, "client_id": "tocsin",
                 "client_secret": "for a test", **fields}  # fmt: skip
    (town.tocsin.settings.data / FILE).write_text(yaml.safe_dump([described]), encoding="utf-8")


def there(server: str, path: str, subject: str = SUBJECT, **claims: Any) -> str:
    """Somebody signs in at the provider; the address that it sends them back to, on this site."""
    put = httpx2.put(f"{server}/users/{quote(subject)}", json={"email": "x@y.example", **claims})
    assert put.status_code == 204
    back = httpx2.post(path, data={"sub": subject}).headers["location"]
    assert back.startswith(f"{PUBLIC_URL}{BACK}")
    return back.removeprefix(PUBLIC_URL)


def leave(visit: Visit, query: str = "") -> str:
    """The address at the provider to which the site leads."""
    answer = visit.get(f"/sign-in/with/here{query}")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def button(page: str) -> str:
    """The query with which the button on an invitation's page leads away."""
    found = re.search(r'href="/sign-in/with/here(\?invitation=[^"]*)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def known(town: Town, server: str, role: str = "dpo", subject: str = SUBJECT) -> Person:
    """Somebody of that role whose account at the provider was added before."""
    person = town.person(role)
    with town.site.accounts.writing() as db:
        row = (server, subject, person.id, "here", town.clock().isoformat())
        db.execute("INSERT INTO identities VALUES (?, ?, ?, ?, ?)", row)
    return person


def who(town: Town, visit: Visit) -> tuple[str, bool] | None:
    """Who has signed in with that browser, and whether with a second factor."""
    secret = visit.client.cookies.get(town.site.cookie)
    session = town.site.accounts.session(secret) if secret else None
    return (session.person.id, session.strong) if session else None


def test_a_linked_account_signs_in(town: Town, server: str) -> None:
    """By the authorization code flow with PKCE, state and nonce, asking for no more than the account's number."""
    configured(town, server)
    person, visit = known(town, server), town.anonymous()
    asked = leave(visit, "?next=/my-reports")
    query = parse_qs(urlsplit(asked).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert query["scope"] == ["openid"]
    assert len(query["nonce"][0]) >= 20
    assert len(query["state"][0]) >= 20
    assert query["redirect_uri"] == [f"{PUBLIC_URL}{BACK}"]
    answer = visit.get(there(server, asked))
    assert answer.headers["location"] == "/sign-in/second/new?next=/my-reports"
    assert who(town, visit) == (person.id, False)
    assert f"{town.site.cookie}-provider" not in visit.client.cookies


@pytest.mark.parametrize(
    ("settings", "claims", "strong"),
    [
        ({}, {}, False),
        ({}, {"amr": ["pwd"]}, False),
        ({}, {"amr": ["pwd", "mfa"]}, True),
        ({"second_factor": True}, {}, True),
    ],
)
def test_a_second_factor_there_counts_when_it_is_told_or_promised(
    town: Town, server: str, settings: dict[str, bool], claims: dict[str, Any], strong: bool
) -> None:
    """Otherwise it is asked for here."""
    configured(town, server, **settings)
    person, visit = known(town, server), town.anonymous()
    answer = visit.get(there(server, leave(visit), **claims))
    assert answer.headers["location"] == ("/" if strong else "/sign-in/second/new")
    assert who(town, visit) == (person.id, strong)


def test_the_same_answer_of_the_provider_signs_in_once(town: Town, server: str) -> None:
    """A replayed address is refused, with the cookie of that time as well, and in another browser."""
    configured(town, server)
    known(town, server)
    visit = town.anonymous()
    asked = leave(visit)
    cookie = visit.client.cookies[f"{town.site.cookie}-provider"]
    back = there(server, asked)
    assert visit.get(back).status_code == 303
    for again in (visit, town.anonymous()):
        assert again.get(back).status_code == 403
    robbed = town.anonymous()
    robbed.client.cookies.set(f"{town.site.cookie}-provider", cookie)
    assert robbed.get(back).status_code == 403
    assert who(town, robbed) is None


def test_an_answer_that_was_asked_for_elsewhere_is_refused(town: Town, server: str) -> None:
    """Nobody is signed in to somebody else's account by a link."""
    configured(town, server)
    known(town, server)
    theirs, visit = town.anonymous(), town.anonymous()
    back = there(server, leave(theirs))
    leave(visit)
    assert visit.get(back).status_code == 403
    assert who(town, visit) is None


def test_ten_minutes_are_given(town: Town, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cookie's own clock is the machine's."""
    configured(town, server)
    known(town, server)
    visit = town.anonymous()
    back = there(server, leave(visit))
    monkeypatch.setattr("adapters.web.oidc_pages.KEPT_SECONDS", -1)
    assert visit.get(back).status_code == 403


def test_an_unknown_account_needs_an_invitation(town: Town, server: str) -> None:
    """Also where its address is that of somebody here: an address proves nothing."""
    configured(town, server)
    person, visit = town.person("dpo"), town.anonymous()
    answer = visit.get(there(server, leave(visit), "somebody-else", email=person.email, email_verified=True))
    assert answer.status_code == 403
    assert "for an invitation" in answer.text
    assert who(town, visit) is None
    assert person_of(town.site.accounts, server, "somebody-else") is None


def test_a_disabled_person_is_not_let_in(town: Town, server: str) -> None:
    """The answer is that of an unknown account."""
    configured(town, server)
    person, visit = known(town, server), town.anonymous()
    town.site.accounts.disable(person.id)
    answer = visit.get(there(server, leave(visit)))
    assert (answer.status_code, "for an invitation" in answer.text) == (403, True)
    assert who(town, visit) is None


@pytest.mark.parametrize("wanted", ["tid", "hd"])
@pytest.mark.parametrize("claims", [{}, {"tid": "another", "hd": "another.example"}, {"tid": None, "hd": [TENANT]}])
def test_another_tenant_or_domain_is_refused(town: Town, server: str, wanted: str, claims: dict[str, Any]) -> None:
    """Even where the account is known."""
    configured(town, server, **{wanted: TENANT})
    known(town, server)
    visit = town.anonymous()
    assert visit.get(there(server, leave(visit), **claims)).status_code == 403
    assert visit.get(there(server, leave(visit), **{wanted: TENANT})).status_code == 303


def test_the_description_must_name_exactly_the_pinned_issuer(town: Town, server: str) -> None:
    """A slash more is another issuer."""
    configured(town, f"{server}/")
    answer = town.anonymous().get("/sign-in/with/here")
    assert answer.status_code == 403
    assert "did not confirm who you are" in answer.text


def test_a_refusal_there_is_one_sentence_here(town: Town, server: str) -> None:
    """Nothing that the provider, or a link that looks like it, says is repeated."""
    configured(town, server)
    visit = town.anonymous()
    leave(visit)
    answer = visit.get(f"{BACK}?error=access_denied&error_description=Call+0900+now")
    assert answer.status_code == 403
    assert "Example Login did not confirm who you are." in answer.text
    assert "0900" not in answer.text
    assert "access_denied" not in answer.text


def test_a_new_person_continues_with_the_provider(town: Town, server: str) -> None:
    """The link is used up, and no password is chosen."""
    configured(town, server, second_factor=True)
    person = town.person("dpo")
    path = path_of(invite(town.site.accounts, person.id, town.person("administrator")))
    visit = town.anonymous()
    page = visit.get(path).text
    assert "Continue with Example Login" in page
    answer = visit.get(there(server, leave(visit, button(page))))
    assert answer.headers["location"] == "/"
    assert who(town, visit) == (person.id, True)
    assert [each.subject for each in identities_of(town.site.accounts, person.id)] == [SUBJECT]
    assert visit.get(path).status_code == 404
    late = town.anonymous()
    gone = late.get(there(server, leave(late, button(page)), "another"))
    assert gone.headers["location"] == path
    assert who(town, late) is None


def test_a_link_with_the_account_of_somebody_else_is_refused(town: Town, server: str) -> None:
    """One account there is one person here."""
    configured(town, server)
    known(town, server, "head")
    person = town.person("dpo")
    secret = invite(town.site.accounts, person.id, town.person("administrator"))
    visit = town.anonymous()
    answer = visit.get(there(server, leave(visit, button(visit.get(path_of(secret)).text))))
    assert answer.status_code == 403
    assert "already signs somebody else in here" in answer.text
    assert town.anonymous().get(path_of(secret)).status_code == 200


def test_a_link_of_one_school_opens_no_account_of_another_with_a_provider_either(town: Town, server: str) -> None:
    """The person accepts by signing in as before."""
    configured(town, server)
    both = [Membership(Role.DPO, URN), Membership(Role.DPO, OTHER_URN)]
    person = town.site.accounts.add_person("both@service.example", "Somebody of both", both)
    secret = invite(town.site.accounts, person.id, town.person("administrator"))
    visit = town.anonymous()
    answer = visit.get(there(server, leave(visit, button(visit.get(path_of(secret)).text)), "the-administrator"))
    assert answer.status_code == 403
    assert who(town, visit) is None
    assert identities_of(town.site.accounts, person.id) == []
    assert [each.by for each in lines(town.site.accounts, frozenset({URN}), what="invitation_refused")] == [
        town.person("administrator").name
    ]


def test_a_person_whose_account_is_added_accepts_with_it(town: Town, server: str) -> None:
    """Nothing else of how they sign in changes."""
    configured(town, server, second_factor=True)
    person = known(town, server)
    set_password(town.site.accounts, person.id, "blue lamp seventeen otter")
    secret = invite(town.site.accounts, person.id, town.person("administrator"))
    visit = town.anonymous()
    assert visit.get(there(server, leave(visit, button(visit.get(path_of(secret)).text)))).headers["location"] == "/"
    assert who(town, visit) == (person.id, True)
    assert has_password(town.site.accounts, person.id)


def test_a_known_person_is_asked_before_a_role_is_theirs(town: Town, server: str) -> None:
    """Signing in is not accepting."""
    configured(town, server, second_factor=True)
    person = known(town, server)
    add(town.site.accounts, frozenset({OTHER_URN}), person.email, "Typed", [Membership(Role.HEAD, OTHER_URN)])
    path = path_of(invite(town.site.accounts, person.id, town.person("administrator", OTHER_URN)))
    visit = town.anonymous()
    answer = visit.get(there(server, leave(visit, button(visit.get(path).text))))
    assert answer.headers["location"] == path
    assert who(town, visit) == (person.id, True)
    assert town.site.accounts.person(person.id).memberships == person.memberships
    assert visit.send(path, do="accept").headers["location"] == "/"
    assert Membership(Role.HEAD, OTHER_URN) in town.site.accounts.person(person.id).memberships


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_link_from_elsewhere_ties_nobodys_account_to_an_invitation(town: Town, server: str, site: str) -> None:
    """Not on another site, not in a message, not with the proof that its maker read: the page asks first."""
    configured(town, server, second_factor=True)
    secret = invite(town.site.accounts, town.person("dpo").id, town.person("administrator"))
    query = button(town.anonymous().get(path_of(secret)).text)
    other = button(town.anonymous().get(path_of(invite(town.site.accounts, town.person("head").id, None))).text)
    swapped = f"?invitation={secret}&proof={parse_qs(other)['proof'][0]}"
    visit = town.anonymous()
    answers = [
        visit.get(f"/sign-in/with/here?invitation={secret}"),
        visit.get(f"/sign-in/with/here?invitation={secret}&proof=\u00e9"),
        visit.get(f"/sign-in/with/here{swapped}"),
        visit.get(f"/sign-in/with/here{query}", headers={"sec-fetch-site": site}),
    ]
    assert [answer.headers["location"] for answer in answers] == [path_of(secret)] * 4
    assert f"{town.site.cookie}-provider" not in visit.client.cookies
    led = visit.get(f"/sign-in/with/here{query}", headers={"sec-fetch-site": "same-origin"}).headers["location"]
    assert visit.get(there(server, led)).headers["location"] == "/"
    assert who(town, visit) == (town.person("dpo").id, True)
    strange = visit.get("/sign-in/with/here?invitation=..%2F..%2F%0d%0ax").headers["location"]
    assert strange == "/invitation/..%2F..%2F%0D%0Ax"


def test_a_disabled_person_is_not_let_in_by_an_invitation_either(town: Town, server: str) -> None:
    """The answer is that of an unknown account."""
    configured(town, server)
    person, visit = known(town, server), town.anonymous()
    asked = leave(visit, button(visit.get(path_of(invite(town.site.accounts, person.id, None))).text))
    town.site.accounts.disable(person.id)
    assert visit.get(there(server, asked)).status_code == 403
    assert who(town, visit) is None


def test_an_account_is_added_to_ones_own(town: Town, server: str) -> None:
    """By a link of this session; other sessions end."""
    configured(town, server)
    person = town.person("dpo")
    set_password(town.site.accounts, person.id, "blue lamp seventeen otter")
    visit, elsewhere = town.signed_in(person), town.signed_in(person)
    assert "Add your account at Example Login" in visit.get("/account/providers").text
    session = town.site.accounts.session(visit.client.cookies[town.site.cookie])
    assert session
    url = links_for(town.site, session)[0].url
    answer = visit.get(there(server, leave(visit, f"?{urlsplit(url).query}")))
    assert answer.headers["location"] == "/account/providers?done=added"
    assert [each.subject for each in identities_of(town.site.accounts, person.id)] == [SUBJECT]
    assert elsewhere.get("/account").status_code == 303
    assert visit.send("/account/providers").headers["location"] == "/account/providers?done=removed"
    assert identities_of(town.site.accounts, person.id) == []


def test_nobody_is_made_to_add_an_account(town: Town, server: str) -> None:
    """A link without this session's proof, or long after signing in, leads nowhere."""
    configured(town, server)
    visit = town.signed_in("dpo")
    assert visit.get("/sign-in/with/here?link=0123").status_code == 404
    session = town.site.accounts.session(visit.client.cookies[town.site.cookie])
    assert session
    url = links_for(town.site, session)[0].url
    other = town.signed_in("dpo").get(url)
    assert other.status_code == 404
    asked = leave(visit, f"?{urlsplit(url).query}")
    town.clock.forward(minutes=16)
    assert not is_fresh(town.site, session)
    assert visit.get(url).headers["location"] == "/sign-in?next=/account/providers"
    swapped = town.signed_in("head")
    swapped.client.cookies.set(f"{town.site.cookie}-provider", visit.client.cookies[f"{town.site.cookie}-provider"])
    assert swapped.get(there(server, asked)).headers["location"].startswith("/sign-in")
    assert identities_of(town.site.accounts, town.person("head").id) == []


def test_the_only_way_of_signing_in_stays(town: Town, server: str) -> None:
    """Nobody locks themselves out."""
    configured(town, server)
    person = known(town, server)
    visit = town.signed_in(person)
    answer = visit.send("/account/providers")
    assert answer.status_code == 422
    assert "your only way of signing in" in answer.text
    assert len(identities_of(town.site.accounts, person.id)) == 1


def test_the_session_after_the_sign_in_is_a_new_one(town: Town, server: str) -> None:
    """A cookie that was planted before opens nothing afterwards."""
    configured(town, server, second_factor=True)
    known(town, server)
    visit = town.signed_in("staff")
    before = visit.client.cookies[town.site.cookie]
    answer = visit.get(there(server, leave(visit)))
    assert any(each.startswith(f"{town.site.cookie}=") for each in answer.headers.get_list("set-cookie"))
    assert before not in str(answer.headers)
    assert town.site.accounts.session(before) is None


@pytest.mark.parametrize("next_path", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_it_leads_on_to_this_site_alone(town: Town, server: str, next_path: str) -> None:
    """Wherever a link asks it to lead."""
    configured(town, server, second_factor=True)
    known(town, server)
    visit = town.anonymous()
    answer = visit.get(there(server, leave(visit, f"?next={quote(next_path)}")))
    assert answer.headers["location"] == "/"


WRONG_FILES = [
    "- {name: here}",
    "{}}",
    "- {name: here, label: L, issuer: 'http://login.example', client_id: c, client_secret: s}",
    "- {name: here, label: L, issuer: 'https://login.example', client_id: c}",
    "- {name: here, label: L, issuer: 'https://login.example', client_id: c, client_secret: s, clientid: x}",
    "- {name: ../x, label: L, issuer: 'https://login.example', client_id: c, client_secret: s}",
]


@pytest.mark.parametrize("text", WRONG_FILES)
def test_a_wrong_file_offers_nothing_and_locks_nobody_out(town: Town, text: str) -> None:
    """The password still lets people in."""
    (town.tocsin.settings.data / FILE).write_text(text, encoding="utf-8")
    assert providers(town.site) == []
    assert town.anonymous().get("/sign-in").status_code == 200
    assert town.anonymous().get("/sign-in/with/here").status_code == 404


def test_the_secret_may_stand_in_a_file_of_its_own(town: Town, server: str) -> None:
    """Where it is missing, nobody is led away."""
    configured(town, server, client_secret=None, client_secret_file="oidc.secret")
    assert town.anonymous().get("/sign-in/with/here").status_code == 403
    (town.tocsin.settings.data / "oidc.secret").write_text("for a test\n", encoding="utf-8")
    known(town, server)
    visit = town.anonymous()
    assert visit.get(there(server, leave(visit))).status_code == 303


def test_there_is_no_provider_without_a_file(town: Town) -> None:
    """And its pages are not there."""
    assert providers(town.site) == []
    assert town.anonymous().get("/sign-in/with/here").status_code == 404
    assert town.anonymous().get(BACK).status_code == 404


@cache
def a_key(which: str) -> Any:
    """A key pair; making one takes a while."""
    return jwk.RSAKey.generate_key(2048, {"kid": which})


@dataclass
class Liar:
    """A provider that says what a test wants it to say."""

    key: Any = field(default_factory=lambda: a_key("one"))
    described: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    signed_with: Any = None
    token: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    told: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, path: str) -> dict[str, Any]:
        """The body for that path."""
        if path.endswith("openid-configuration"):
            return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/a", "jwks_uri": f"{self.issuer}/k",
                    "token_endpoint": f"{self.issuer}/t", "id_token_signing_alg_values_supported": ["RS256", "HS256",
                                                                                                  "none"],
                    **self.described}  # fmt: skip
        if path == "/k":
            return {"keys": [self.key.as_dict(private=False)]}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(), **self.token}

    def signed(self) -> str:
        """The identity token."""
        claims = {"iss": self.issuer, "aud": "tocsin", "sub": SUBJECT, "exp": 4102444800, "iat": 1, **self.claims}
        algorithms = ["RS256", "HS256", "none"]
        return jwt.encode(self.header, claims, self.signed_with or self.key, algorithms=algorithms)


@pytest.fixture
def liar() -> Iterator[Liar]:
    """It listens on this machine."""
    lying = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(lying.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            lying.told = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    lying.issuer = f"http://127.0.0.1:{server.server_port}"
    yield lying
    server.shutdown()
    thread.join()
    server.server_close()


def lied_to(town: Town, liar: Liar, **claims: Any) -> Visit:
    """Comes back from the liar, who was told the right nonce; the browser."""
    configured(town, liar.issuer)
    visit = town.anonymous()
    query = parse_qs(urlsplit(leave(visit)).query)
    liar.claims = {"nonce": query["nonce"][0], **claims}
    answer = visit.get(f"{BACK}?code=c&state={query['state'][0]}")
    assert answer.status_code == (303 if who(town, visit) else 403)
    return visit


def test_the_liar_is_believed_when_it_tells_the_truth(town: Town, liar: Liar) -> None:
    """Otherwise the tests below would show nothing. The verifier of PKCE goes with the code."""
    person = known(town, liar.issuer)
    assert who(town, lied_to(town, liar)) == (person.id, False)
    assert len(liar.told["code_verifier"][0]) >= 43


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": "another-client", "azp": "tocsin"},
        {"aud": ["another-client", "tocsin"], "azp": "another-client"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"sub": 7},
        {"sub": None},
        {"iat": 4102444800},
    ],
    ids=str,
)
def test_a_token_that_says_anything_else_signs_nobody_in(town: Town, liar: Liar, claims: dict[str, Any]) -> None:
    """Issuer, audience, nonce, end and subject are each checked."""
    known(town, liar.issuer)
    assert who(town, lied_to(town, liar, **claims)) is None


@pytest.mark.parametrize("subject", ["", "x" * 256], ids=["none", "too long"])
def test_a_subject_that_is_none_signs_nobody_in(town: Town, liar: Liar, subject: str) -> None:
    """Even if it stood in the table."""
    known(town, liar.issuer, subject=subject)
    assert who(town, lied_to(town, liar, sub=subject)) is None


def test_a_token_signed_with_another_key_signs_nobody_in(town: Town, liar: Liar) -> None:
    """Also with a key that bears the same name."""
    known(town, liar.issuer)
    liar.signed_with = a_key("another")
    assert who(town, lied_to(town, liar)) is None


def test_a_provider_that_takes_a_code_twice_signs_in_once_all_the_same(town: Town, liar: Liar) -> None:
    """Whoever has the address and the cookie of that time is refused."""
    known(town, liar.issuer)
    configured(town, liar.issuer)
    visit, thief = town.anonymous(), town.anonymous()
    query = parse_qs(urlsplit(leave(visit)).query)
    liar.claims = {"nonce": query["nonce"][0]}
    name = f"{town.site.cookie}-provider"
    thief.client.cookies.set(name, visit.client.cookies[name])
    back = f"{BACK}?code=c&state={query['state'][0]}"
    assert [visit.get(back).status_code, thief.get(back).status_code] == [303, 403]


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_signed_with_nothing_or_with_our_own_secret_signs_nobody_in(town: Town, liar: Liar, alg: str) -> None:
    """Whatever the provider's description offers."""
    known(town, liar.issuer)
    liar.header = {"alg": alg}
    liar.signed_with = jwk.OctKey.import_key("for a test")
    assert who(town, lied_to(town, liar)) is None


@pytest.mark.parametrize("token", [{"id_token": None}, {"id_token": "x.y.z"}, {"error": "invalid_grant"}], ids=str)
def test_an_answer_without_a_token_signs_nobody_in(town: Town, liar: Liar, token: dict[str, Any]) -> None:
    """Nor does one that is no token."""
    known(town, liar.issuer)
    liar.token = token
    assert who(town, lied_to(town, liar)) is None


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/t"},
        {"jwks_uri": "http://elsewhere.example/k"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
    ids=str,
)
def test_a_description_that_is_not_safe_leads_nobody_away(town: Town, liar: Liar, described: dict[str, Any]) -> None:
    """Everything but this machine is asked with encryption."""
    liar.described = described
    configured(town, liar.issuer)
    assert town.anonymous().get("/sign-in/with/here").status_code == 403


def test_a_provider_that_does_not_answer_is_one_sentence(town: Town) -> None:
    """Nothing of the inside."""
    configured(town, "http://127.0.0.1:9")
    answer = town.anonymous().get("/sign-in/with/here")
    assert answer.status_code == 403
    assert "Try again in a minute" in answer.text
