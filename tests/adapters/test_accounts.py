"""Passwords, codes and passkeys: what opens an account, what does not, and what is kept of it."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from adapters.accounts import Accounts, Membership, Person, Session
from adapters.accounts import passwords as passwords_module
from adapters.accounts.passkeys import (
    PasskeyRefused,
    RelyingParty,
    TooManyPasskeys,
    add_passkey,
    adding_options,
    passkeys_of,
    person_with_passkey,
    remove_passkey,
    signing_options,
)
from adapters.accounts.passwords import (
    HASHING,
    PasswordNamesItsOwner,
    PasswordRefused,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    TooBusy,
    check_choice,
    has_password,
    is_password,
    set_password,
)
from adapters.accounts.sign_in_log import sign_ins
from adapters.accounts.signing_in import (
    forget_ways_in,
    may_remove_app,
    may_remove_passkey,
    second_factors,
    with_password,
)
from adapters.accounts.store import ABSOLUTE, IDLE
from adapters.accounts.tokens import issue_token, token, tokens_of
from adapters.accounts.totp import app_address, app_of, begin_app, confirm_app, is_code, remove_app
from adapters.faults import SealedTextDisplaced
from adapters.keys import KeyRing
from domain.roles import Role
from tests.web.authenticator import Authenticator, text
from tests.web.conftest import MovableClock

GOOD = "three goats on a raft"
PARTY = RelyingParty.at("https://tocsin.example")
SOMEBODY = Person("p-1", "j.goatherd@school.example", "Jo Goatherd")
MASTER = bytes(range(32))


@dataclass
class Hall:
    """The accounts, the key ring and the clock."""

    accounts: Accounts
    keys: KeyRing
    clock: MovableClock
    folder: Path

    def person(self, role: Role = Role.LEAD, name: str = "lead") -> Person:
        """A new person with that role everywhere."""
        return self.accounts.add_person(f"{name}@school.example", f"The {name}", [Membership(role)])

    def session(self, person: Person, *, strong: bool = True) -> Session:
        """A new session of that person."""
        found = self.accounts.session(self.accounts.open_session(person.id, strong=strong))
        assert found is not None
        return found

    def app(self, person: Person) -> pyotp.TOTP:
        """An app that the person set up."""
        session = self.session(person)
        app = pyotp.TOTP(begin_app(self.accounts, self.keys, session))
        assert confirm_app(self.accounts, self.keys, session, app.at(self.clock()))
        return app

    def is_code(self, person: Person, code: str) -> bool:
        """Whether that code opens the person's account now."""
        return is_code(self.accounts, self.keys, person.id, code)

    def passkey(self, person: Person, **bent: Any) -> Authenticator:
        """A passkey that the person added."""
        session, device = self.session(person), Authenticator(PARTY.origin)
        options = json.loads(adding_options(self.accounts, PARTY, session))
        add_passkey(self.accounts, PARTY, session, device.made(options, **bent), "Laptop")
        return device

    def token(self, person: Person, *, strong: bool = False) -> str:
        """A token of that person, for a year."""
        ends_at = self.clock() + timedelta(days=365)
        return issue_token(self.accounts, person.id, "A program", ["read"], ends_at, strong=strong)

    def asked(self, session: Session | None = None) -> dict[str, Any]:
        """The options for signing in."""
        options: dict[str, Any] = json.loads(signing_options(self.accounts, PARTY, session))
        return options

    def shown(self, credential: dict[str, Any], session: Session | None = None) -> Person:
        """Whose passkey that is."""
        return person_with_passkey(self.accounts, PARTY, session, credential)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """Nobody yet."""
    clock = MovableClock()
    accounts, keys = Accounts(tmp_path / "accounts.sqlite", clock), KeyRing.open(tmp_path / "keys.sqlite", MASTER)
    yield Hall(accounts, keys, clock, tmp_path)
    accounts.close()
    keys.close()


def test_a_password_opens_only_the_account_that_it_was_chosen_for(hall: Hall) -> None:
    """And only as it was typed; the same letters written in another way of Unicode are the same password."""
    lead, head = hall.person(), hall.person(Role.HEAD, "head")
    set_password(hall.accounts, lead.id, "caf\u00e9 on the \u2168th floor")
    set_password(hall.accounts, head.id, GOOD)
    assert is_password(hall.accounts, lead, "cafe\u0301 on the IXth floor")
    assert not is_password(hall.accounts, lead, "Caf\u00e9 on the \u2168th floor")
    assert not is_password(hall.accounts, lead, GOOD)
    assert is_password(hall.accounts, head, GOOD)


def test_the_file_holds_no_password(hall: Hall) -> None:
    """Only what argon2id makes of it, with a salt of its own each time."""
    for name in ("one", "two"):
        set_password(hall.accounts, hall.person(name=name).id, GOOD)
    hashes = [row["hash"] for row in hall.accounts.db.execute("SELECT hash FROM passwords")]
    assert len(set(hashes)) == 2
    assert all(each.startswith("$argon2id$v=19$m=65536,t=2,p=1$") for each in hashes)
    hall.accounts.close()
    assert not any(GOOD.encode() in file.read_bytes() for file in hall.folder.iterdir())


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("eleven char", PasswordTooShort),
        ("", PasswordTooShort),
        ("x1" * 101, PasswordTooLong),
        ("j.goatherd@school.example", PasswordNamesItsOwner),
        ("Goatherd-Jo-2026", PasswordNamesItsOwner),
        ("jgoatherd12345", PasswordNamesItsOwner),
        ("password1234", PasswordTooCommon),
        ("2026 Password 2026", PasswordTooCommon),
        ("QWERTYUIOP12", PasswordTooCommon),
        ("123456789012", PasswordTooCommon),
        ("abcdefghijkl", PasswordTooCommon),
        ("aaaaaaaaaaaa", PasswordTooCommon),
        ("goat7goat7goat7", PasswordTooCommon),
        ("correct horse battery staple", PasswordTooCommon),
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(password: str, refusal: type[PasswordRefused]) -> None:
    """In one sentence that quotes nothing of it."""
    with pytest.raises(refusal) as refused:
        check_choice(password, SOMEBODY)
    assert str(refused.value).endswith(".")
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "x" * 3 + GOOD,
        "Goatherd: three boats, a raft",
        "🐐🛶🐴🔋📎🌋🧷🪣🦆🧦🍋🎷",
        "ζωή και τρεις κατσίκες",
        "a" * 8 + "%4Zr",
    ],
)
def test_a_long_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    """There are no rules of composition."""
    check_choice(password, SOMEBODY)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=0, max_size=250))
def test_every_text_is_taken_or_refused_in_one_sentence(password: str) -> None:
    """Nothing that can be typed breaks the check."""
    try:
        check_choice(password, SOMEBODY)
    except PasswordRefused as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - both outcomes are right
    else:
        assert 12 <= len(password) <= 200


def test_the_same_work_is_done_for_whoever_is_asked_about(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check of one hash of the same cost: a clock outside cannot tell who has an account."""
    lead, without = hall.person(), hall.person(name="without")
    set_password(hall.accounts, lead.id, GOOD)
    is_password(hall.accounts, None, GOOD)
    checked: list[str] = []
    real = HASHING.verify_and_update

    def counted(password: str, kept: str) -> tuple[bool, str | None]:
        checked.append(kept.split("$")[3])
        return real(password, kept)

    monkeypatch.setattr(HASHING, "verify_and_update", counted)
    wrong = "three goats on a boat"
    for person, password in ((lead, GOOD), (lead, wrong), (None, wrong), (without, wrong), (lead, "x" * 10_000)):
        checked.clear()
        is_password(hall.accounts, person, password)
        assert checked == ["m=65536,t=2,p=1"]


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the password itself can make it."""
    lead = hall.person()
    older = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),))
    with monkeypatch.context() as then:
        then.setattr(passwords_module, "HASHING", older)
        set_password(hall.accounts, lead.id, GOOD)
    select = "SELECT hash, changed_at FROM passwords"
    (kept, changed_at) = hall.accounts.db.execute(select).fetchone()
    hall.clock.forward(days=100)
    assert not is_password(hall.accounts, lead, "three goats on a boat")
    assert tuple(hall.accounts.db.execute(select).fetchone()) == (kept, changed_at)
    assert is_password(hall.accounts, lead, GOOD)
    newer, still = hall.accounts.db.execute(select).fetchone()
    assert "m=65536,t=2,p=1" in newer
    assert still == changed_at
    assert is_password(hall.accounts, lead, GOOD)


def test_no_more_than_two_passwords_are_checked_at_once(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes third waits, and is told to come again when it takes too long."""
    monkeypatch.setattr(passwords_module, "WAIT_SECONDS", 0.01)
    turn = passwords_module._turn
    with turn(), turn(), pytest.raises(TooBusy):
        is_password(hall.accounts, None, GOOD)
    assert not is_password(hall.accounts, None, GOOD)


def test_eight_wait_for_their_turn_and_nobody_more(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits holds a thread that answers pages; the next is told at once to come again."""
    assert passwords_module.WAIT_SECONDS <= 2
    monkeypatch.setattr(passwords_module, "WAIT_SECONDS", 20.0)
    is_password(hall.accounts, None, GOOD)
    turn = passwords_module._turn
    with ThreadPoolExecutor(8) as pool:
        with turn(), turn():
            waiting = [pool.submit(is_password, None, None, GOOD) for _ in range(8)]  # type: ignore[arg-type] # for nobody
            until = time.monotonic() + 10
            while passwords_module._places._value and time.monotonic() < until:
                time.sleep(0.01)
            begun = time.monotonic()
            with pytest.raises(TooBusy):
                is_password(hall.accounts, None, GOOD)
            assert time.monotonic() - begun < 5
            assert not any(each.done() for each in waiting)
        assert [each.result() for each in waiting] == [False] * 8
    assert not is_password(hall.accounts, None, GOOD)


def test_nobody_who_is_kept_out_gets_in(hall: Hall) -> None:
    """With the right password; and the log tells wrong passwords from accounts that there are not."""
    lead = hall.person()
    set_password(hall.accounts, lead.id, GOOD)
    assert with_password(hall.accounts, "LEAD@school.example ", GOOD, "10.0.0.1") == lead
    hall.accounts.disable(lead.id)
    assert with_password(hall.accounts, lead.email, GOOD, "10.0.0.1") is None
    assert with_password(hall.accounts, "nobody@school.example", GOOD, "10.0.0.1") is None
    noted = [(each.what, each.person, each.detail) for each in sign_ins(hall.accounts, None, 10)]
    assert noted == [("unknown_account", None, ""), ("password_wrong", lead.id, "")]


def test_a_code_opens_once(hall: Hall) -> None:
    """Also the one with which the app was set up, and one from before the last that opened."""
    lead = hall.person()
    app = hall.app(lead)
    assert not hall.is_code(lead, app.at(hall.clock()))
    hall.clock.forward(seconds=90)
    code, earlier = app.at(hall.clock()), app.at(hall.clock(), counter_offset=-1)
    assert hall.is_code(lead, f"{code[:3]} {code[3:]}")
    assert not hall.is_code(lead, code)
    assert not hall.is_code(lead, earlier)


@pytest.mark.parametrize(("step", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_whose_clock_is_half_a_minute_wrong_still_signs_in(hall: Hall, step: int, opens: bool) -> None:
    """One step either way, and no further."""
    lead = hall.person()
    app = hall.app(lead)
    hall.clock.forward(minutes=10)
    assert hall.is_code(lead, app.at(hall.clock(), counter_offset=step)) is opens


@pytest.mark.parametrize("code", ["", "000000x", "１２３４５６", "12345", "\ud800", "0" * 10_000])
def test_what_is_no_code_opens_nothing(hall: Hall, code: str) -> None:
    """Whatever is typed."""
    lead = hall.person()
    hall.app(lead)
    hall.clock.forward(minutes=10)
    assert not hall.is_code(lead, code.encode(errors="replace").decode())


def test_an_app_counts_only_once_it_showed_a_code(hall: Hall) -> None:
    """Until then the session may look at the same key again, and nobody else's session knows it."""
    lead = hall.person()
    session, other = hall.session(lead), hall.session(lead)
    key = begin_app(hall.accounts, hall.keys, session)
    assert begin_app(hall.accounts, hall.keys, session) == key
    assert begin_app(hall.accounts, hall.keys, other) != key
    code = pyotp.TOTP(key).at(hall.clock())
    assert not confirm_app(hall.accounts, hall.keys, other, code)
    assert app_of(hall.accounts, lead.id) is None
    assert not hall.accounts.has_second_factor(lead.id)
    assert confirm_app(hall.accounts, hall.keys, session, code)
    assert hall.accounts.has_second_factor(lead.id)
    assert not confirm_app(hall.accounts, hall.keys, session, code)


def test_the_key_of_an_app_is_sealed_to_its_person(hall: Hall) -> None:
    """The file does not hold it, and moved to another row it opens nothing."""
    lead, head = hall.person(), hall.person(Role.HEAD, "head")
    app = hall.app(lead)
    hall.app(head)
    sealed = hall.accounts.db.execute("SELECT sealed FROM totp WHERE person = ?", (lead.id,)).fetchone()["sealed"]
    with hall.accounts.writing() as db:
        db.execute("UPDATE totp SET sealed = ?, last_step = 0 WHERE person = ?", (sealed, head.id))
    with pytest.raises(SealedTextDisplaced):
        hall.is_code(head, app.at(hall.clock()))
    hall.accounts.close()
    assert not any(app.secret.encode() in file.read_bytes() for file in hall.folder.iterdir())


def test_without_the_key_ring_no_app_opens_anything(hall: Hall) -> None:
    """The key of the apps was destroyed, and nothing breaks."""
    lead = hall.person()
    app = hall.app(lead)
    hall.clock.forward(minutes=10)
    hall.keys.shred("accounts")
    assert not hall.is_code(lead, app.at(hall.clock()))


def test_the_picture_names_tocsin_and_the_account() -> None:
    """So that an app with several accounts shows which code is which."""
    address = app_address("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", SOMEBODY)
    assert address.startswith("otpauth://totp/Tocsin:j.goatherd%40school.example?secret=JBSWY3DP")


def test_a_passkey_signs_its_owner_in_without_a_password(hall: Hall) -> None:
    """The options name no account, so they say nothing of who has one."""
    lead = hall.person()
    device = hall.passkey(lead)
    options = hall.asked()
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    assert options["rpId"] == "tocsin.example"
    assert hall.shown(device.signed(options)) == lead
    assert [(each.name, each.used_at) for each in passkeys_of(hall.accounts, lead.id)] == [("Laptop", hall.clock())]


def test_a_passkey_of_another_site_is_refused(hall: Hall) -> None:
    """The browser says where it was asked, and signs that."""
    lead = hall.person()
    device = hall.passkey(lead)
    for origin in ("https://tocsin.example.evil.example", "http://tocsin.example", "https://tocsin.example:444"):
        with pytest.raises(PasskeyRefused):
            hall.shown(device.signed(hall.asked(), origin=origin))
        with pytest.raises(PasskeyRefused):
            hall.passkey(lead, origin=origin)
    with pytest.raises(PasskeyRefused):
        hall.shown(device.signed({**hall.asked(), "rpId": "evil.example"}))
    assert len(passkeys_of(hall.accounts, lead.id)) == 1


def test_an_answer_to_another_challenge_is_refused(hall: Hall) -> None:
    """One that was never asked, one that was answered already, one that is too old, and one for another purpose."""
    lead = hall.person()
    device, session = hall.passkey(lead), hall.session(lead)
    adding = json.loads(adding_options(hall.accounts, PARTY, session))
    for challenge in ("A" * 86, adding["challenge"]):
        with pytest.raises(PasskeyRefused):
            hall.shown(device.signed({**hall.asked(), "challenge": challenge}))
    options = hall.asked()
    answer = device.signed(options)
    assert hall.shown(answer) == lead
    with pytest.raises(PasskeyRefused):
        hall.shown(answer)
    with pytest.raises(PasskeyRefused):
        hall.shown(device.signed(options))
    late = hall.asked()
    hall.clock.forward(minutes=5)
    with pytest.raises(PasskeyRefused):
        hall.shown(device.signed(late))


def test_a_challenge_answers_only_in_the_browser_that_asked(hall: Hall) -> None:
    """And the second step takes no passkey of somebody else."""
    lead, head = hall.person(), hall.person(Role.HEAD, "head")
    device, other = hall.passkey(lead), hall.passkey(head)
    session, elsewhere = hall.session(lead, strong=False), hall.session(lead, strong=False)
    with pytest.raises(PasskeyRefused):
        hall.shown(device.signed(hall.asked(session)), elsewhere)
    with pytest.raises(PasskeyRefused):
        hall.shown(device.signed(hall.asked(session)))
    with pytest.raises(PasskeyRefused):
        hall.shown(other.signed(hall.asked(session)), session)
    assert len(hall.asked(session)["allowCredentials"]) == 1
    assert hall.shown(device.signed(hall.asked(session)), session) == lead


def test_a_copied_passkey_is_refused_by_its_counter(hall: Hall) -> None:
    """Two devices with one key count apart."""
    lead = hall.person()
    device = hall.passkey(lead)
    copy = replace(device)
    assert hall.shown(device.signed(hall.asked())) == lead
    with pytest.raises(PasskeyRefused):
        hall.shown(copy.signed(hall.asked()))
    assert hall.shown(device.signed(hall.asked())) == lead


def test_a_device_that_did_not_ask_for_a_finger_or_a_pin_is_refused(hall: Hall) -> None:
    """Otherwise whoever finds it signs in with one factor."""
    lead = hall.person()
    device = hall.passkey(lead)
    device.verified = False
    with pytest.raises(PasskeyRefused):
        hall.shown(device.signed(hall.asked()))
    options = json.loads(adding_options(hall.accounts, PARTY, session := hall.session(lead)))
    with pytest.raises(PasskeyRefused):
        add_passkey(hall.accounts, PARTY, session, device.made(options), "")


def test_a_signature_of_another_key_is_refused(hall: Hall) -> None:
    """Whatever passkey it claims to be."""
    lead, head = hall.person(), hall.person(Role.HEAD, "head")
    device, other = hall.passkey(lead), hall.passkey(head)
    with pytest.raises(PasskeyRefused):
        hall.shown(replace(other, id=device.id, user=device.user).signed(hall.asked()))
    with pytest.raises(PasskeyRefused):
        hall.shown(replace(device, user=other.user).signed(hall.asked()))
    hall.accounts.disable(lead.id)
    with pytest.raises(PasskeyRefused):
        hall.shown(device.signed(hall.asked()))


@given(
    st.dictionaries(st.sampled_from(["id", "rawId", "type", "response", "x"]), st.none() | st.integers() | st.text())
    | st.fixed_dictionaries({"response": st.dictionaries(st.just("clientDataJSON"), st.text() | st.integers())})
)
def test_an_answer_that_no_browser_gives_is_refused(credential: dict[str, Any]) -> None:
    """Nothing that can be sent breaks the check."""
    with pytest.raises(PasskeyRefused):
        person_with_passkey(None, PARTY, None, credential)  # type: ignore[arg-type] # refused before anything is read


@pytest.mark.parametrize("nested", [b"[" * 100_000, b'{"a":' * 100_000], ids=["lists", "objects"])
def test_an_answer_that_is_nested_without_end_is_refused(hall: Hall, nested: bytes) -> None:
    """It would take the interpreter to the end of its stack."""
    lead = hall.person()
    credential = {"response": {"clientDataJSON": text(nested), "attestationObject": text(b"\x81" * 100_000)}}
    with pytest.raises(PasskeyRefused):
        hall.shown(credential)
    with pytest.raises(PasskeyRefused):
        add_passkey(hall.accounts, PARTY, hall.session(lead), credential, "Laptop")
    options = json.loads(adding_options(hall.accounts, PARTY, session := hall.session(lead)))
    made = Authenticator(PARTY.origin).made(options)
    deep = {**made, "response": {**made["response"], "attestationObject": text(b"\x81" * 100_000)}}
    with pytest.raises(PasskeyRefused):
        add_passkey(hall.accounts, PARTY, session, deep, "Laptop")


def test_the_same_passkey_is_not_added_twice(hall: Hall) -> None:
    """The browser is told which there are, and a device that answers all the same is refused."""
    lead, head = hall.person(), hall.person(Role.HEAD, "head")
    device, session = hall.passkey(lead), hall.session(head)
    options = json.loads(adding_options(hall.accounts, PARTY, hall.session(lead)))
    assert [each["type"] for each in options["excludeCredentials"]] == ["public-key"]
    options = json.loads(adding_options(hall.accounts, PARTY, session))
    answer = device.made(options)
    add_passkey(hall.accounts, PARTY, session, answer, "")
    with pytest.raises(PasskeyRefused):
        add_passkey(hall.accounts, PARTY, session, answer, "")
    with hall.accounts.writing() as db:
        db.execute("UPDATE challenges SET until = '9999'")
    assert [each.name for each in passkeys_of(hall.accounts, head.id)] == ["Passkey"]


def test_there_is_an_end_to_passkeys(hall: Hall) -> None:
    """Nobody fills the table."""
    lead = hall.person()
    for _ in range(20):
        hall.passkey(lead)
    with pytest.raises(TooManyPasskeys):
        hall.passkey(lead)


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://tocsin.example", True),
        ("http://localhost:8700", True),
        ("http://tocsin.example", False),
        ("https://10.0.0.5", False),
        ("http://127.0.0.1:8700", False),
        ("http://[::1]:8700", False),
    ],
)
def test_passkeys_are_offered_only_where_browsers_have_them(address: str, possible: bool) -> None:
    """Encrypted or on the machine itself, and at a name."""
    assert RelyingParty.at(address).possible is possible


def test_the_last_second_factor_of_somebody_who_needs_one_stays(hall: Hall) -> None:
    """Of anybody, the last way in."""
    lead, staff = hall.person(), hall.person(Role.STAFF, "staff")
    for person in (lead, staff):
        hall.passkey(person)
    set_password(hall.accounts, lead.id, GOOD)
    assert not may_remove_passkey(hall.accounts, lead)
    assert not may_remove_passkey(hall.accounts, staff)
    set_password(hall.accounts, staff.id, GOOD)
    assert may_remove_passkey(hall.accounts, staff)
    hall.app(lead)
    assert may_remove_passkey(hall.accounts, lead)
    assert may_remove_app(hall.accounts, lead)
    remove_passkey(hall.accounts, lead.id, passkeys_of(hall.accounts, lead.id)[0].number)
    assert not may_remove_app(hall.accounts, lead)
    hall.app(staff)
    remove_app(hall.accounts, staff.id)
    remove_passkey(hall.accounts, lead.id, passkeys_of(hall.accounts, staff.id)[0].number)
    assert second_factors(hall.accounts, staff.id).number == 1


def test_forgetting_the_ways_in_leaves_none(hall: Hall) -> None:
    """The password, the app, the passkeys and what is open end together; nobody else's do."""
    lead, head = hall.person(), hall.person(Role.HEAD, "head")
    for person in (lead, head):
        set_password(hall.accounts, person.id, GOOD)
        hall.app(person)
        hall.passkey(person)
    forget_ways_in(hall.accounts, lead.id)
    assert not has_password(hall.accounts, lead.id)
    assert second_factors(hall.accounts, lead.id).number == 0
    assert hall.accounts.sessions_of(lead.id) == []
    assert has_password(hall.accounts, head.id)
    assert second_factors(hall.accounts, head.id).number == 2
    assert len(hall.accounts.sessions_of(head.id)) == 2


def test_a_session_ends_when_nothing_is_asked_and_at_last_whatever_is_done(hall: Hall) -> None:
    """Half an hour, and twelve."""
    lead = hall.person()
    idle, busy = (hall.accounts.open_session(lead.id, strong=True) for _ in range(2))
    begun = hall.clock()
    while hall.clock() + IDLE / 2 < begun + ABSOLUTE:
        hall.clock.now += IDLE / 2
        assert hall.accounts.session(busy)
    assert hall.accounts.session(idle) is None
    session = hall.accounts.session(busy)
    assert session
    assert session.ends_at == begun + ABSOLUTE
    hall.clock.now = begun + ABSOLUTE
    assert hall.accounts.session(busy) is None


def test_the_end_that_a_page_shows_is_the_end(hall: Hall) -> None:
    """A use is written down once a minute, and until it is, it does not count."""
    lead = hall.person()
    for used_after in (59, 61):
        secret = hall.accounts.open_session(lead.id, strong=True)
        hall.clock.forward(seconds=used_after)
        session = hall.accounts.session(secret)
        assert session
        assert (session.ends_at == hall.clock() + IDLE) is (used_after > 60)
        kept = hall.accounts.db.execute("SELECT used_at FROM sessions").fetchone()["used_at"]
        assert datetime.fromisoformat(kept) + IDLE == session.ends_at
        hall.clock.now = session.ends_at
        assert hall.accounts.session(secret) is None


def test_sessions_that_ended_unseen_are_removed_and_not_listed(hall: Hall) -> None:
    """Their browsers never came back."""
    lead = hall.person()
    hall.accounts.open_session(lead.id, strong=True, address="10.0.0.1")
    hall.clock.forward(minutes=31)
    assert hall.accounts.sessions_of(lead.id) == []
    hall.accounts.open_session(lead.id, strong=True, address="10.0.0.2")
    assert [each.address for each in hall.accounts.sessions_of(lead.id)] == ["10.0.0.2"]
    assert hall.accounts.db.execute("SELECT count(*) FROM sessions").fetchone()[0] == 1


def test_whoever_set_a_second_factor_up_is_asked_for_it(hall: Hall) -> None:
    """Whatever their roles are: a session with a password alone is then not enough."""
    staff = hall.person(Role.STAFF, "staff")
    assert hall.session(staff, strong=False).enough
    hall.app(staff)
    assert not hall.session(staff, strong=False).enough
    assert hall.session(staff, strong=True).enough


def test_the_log_of_sign_ins_is_read_newest_first_and_page_by_page(hall: Hall) -> None:
    """By people and by kind."""
    for number in range(5):
        hall.accounts.note("signed_in" if number % 2 else "signed_out", f"p-{number % 2}", "10.0.0.1", str(number))
    first = sign_ins(hall.accounts, None, 2)
    assert [each.detail for each in first] == ["4", "3"]
    assert [each.detail for each in sign_ins(hall.accounts, first[-1].number, 9)] == ["2", "1", "0"]
    assert [each.detail for each in sign_ins(hall.accounts, None, 9, ["p-1"])] == ["3", "1"]
    assert [each.detail for each in sign_ins(hall.accounts, None, 9, what="signed_out")] == ["4", "2", "0"]
    assert sign_ins(hall.accounts, None, 9, []) == []


def test_a_token_does_not_outgrow_the_second_factor(hall: Hall) -> None:
    """Made with a password alone, it opens nothing once a role needs more; and again what it opened before."""
    staff = hall.person(Role.STAFF, "staff")
    weak, strong = hall.token(staff), hall.token(staff, strong=True)
    assert token(hall.accounts, weak)
    hall.accounts.set_memberships(staff.id, [Membership(Role.LEAD)])
    assert token(hall.accounts, weak) is None
    found = token(hall.accounts, strong)
    assert found
    assert found.strong
    assert sorted(each.enough for each in tokens_of(hall.accounts, staff.id)) == [False, True]
    hall.accounts.set_memberships(staff.id, [Membership(Role.STAFF)])
    assert token(hall.accounts, weak)


def test_a_token_of_an_earlier_file_counts_as_made_with_a_password_alone(hall: Hall) -> None:
    """Its table has no such column, and gets it with the next token."""
    staff, lead = hall.person(Role.STAFF, "staff"), hall.person()
    early = [hall.token(person) for person in (staff, lead)]
    hall.accounts.db.execute("ALTER TABLE tokens DROP COLUMN strong")
    again = Accounts(hall.folder / "accounts.sqlite", hall.clock)
    assert [token(again, each) is not None for each in early] == [True, False]
    ends_at = hall.clock() + timedelta(days=1)
    assert token(again, issue_token(again, lead.id, "A program", ["read"], ends_at, strong=True))
    assert token(again, issue_token(again, staff.id, "A program", ["read"], ends_at))
    assert [token(again, each) is not None for each in early] == [True, False]
    assert [each.strong for each in tokens_of(hall.accounts, lead.id)].count(True) == 1
    again.close()


def test_a_new_password_revokes_the_tokens(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knew the one before may have made them. Nobody else's end, nor do they when a hash is made anew."""
    lead, head = hall.person(), hall.person(Role.HEAD, "head")
    set_password(hall.accounts, lead.id, GOOD)
    secrets = [hall.token(person, strong=True) for person in (lead, head)]
    newer = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),))
    monkeypatch.setattr(passwords_module, "HASHING", newer)
    assert is_password(hall.accounts, lead, GOOD)
    assert [token(hall.accounts, each) is not None for each in secrets] == [True, True]
    set_password(hall.accounts, lead.id, "four llamas at the opera")
    assert [token(hall.accounts, each) is not None for each in secrets] == [False, True]


@pytest.mark.parametrize("kind", ["app", "passkey"])
def test_the_first_second_step_revokes_the_tokens_and_a_further_one_does_not(hall: Hall, kind: str) -> None:
    """Those before it were made without one."""
    staff, other = hall.person(Role.STAFF, "staff"), hall.person(Role.STAFF, "other")
    before, others = hall.token(staff), hall.token(other)
    getattr(hall, kind)(staff)
    assert token(hall.accounts, before) is None
    assert token(hall.accounts, others)
    after = hall.token(staff, strong=True)
    hall.app(staff)
    hall.passkey(staff)
    assert token(hall.accounts, after)
