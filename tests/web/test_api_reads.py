"""What the API gives to read: lists page by page, papers byte for byte, and the examples of docs/api.md."""

import json
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.accounts import Membership
from adapters.documents.submission_json import submission_bytes
from adapters.papers import draft, submitted
from adapters.review_papers import of_incident, of_period
from adapters.web.api.commands import OFFERED, path_of
from domain.roles import MAY, Role
from tests.examples import SCHOOL, URN
from tests.web.conftest import OTHER_URN, PUBLIC_URL, Town
from tests.web.programs import API, Program, program, secret_for

ROOT = Path(__file__).parents[2]


def pages(asks: Program, path: str, **asked: Any) -> list[Any]:
    """Every row of a list, page after page."""
    found: list[Any] = []
    after: str | None = ""
    while after is not None:
        answer = asks.get(path, **asked, **({"after": after} if after else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["rows"]) <= asked.get("limit", 25)
        found += page["rows"]
        after = page["next"]
    return found


def test_the_list_of_incidents_is_that_of_ones_own_schools(town: Town) -> None:
    """Page by page, each once, whatever the filter asks for."""
    breach = town.breach()
    mine = {town.report() for _ in range(7)} | {breach}
    theirs = {town.report(OTHER_URN), town.breach(OTHER_URN)}
    asks = program(town, "dpo")
    rows = pages(asks, "/incidents", limit=3)
    assert [row["ref"] for row in rows if row["deadline"]] == [breach]
    assert sorted(row["ref"] for row in rows) == sorted(mine)
    assert pages(asks, "/incidents", school=OTHER_URN) == []
    everywhere = [Membership(Role.DPO, URN), Membership(Role.DPO, OTHER_URN)]
    serving = Program(town, secret_for(town, town.site.accounts.add_person("d@service.example", "D", everywhere)))
    assert {row["ref"] for row in pages(serving, "/incidents", limit=4)} == mine | theirs
    assert {row["ref"] for row in pages(serving, "/incidents", school=OTHER_URN)} == theirs


def test_the_list_of_incidents_is_filtered(town: Town) -> None:
    """By what it was found to be, by its step, and by whether it is closed."""
    suspected, breach, closed = town.report(), town.breach(), town.report()
    town.act(closed, "find_not_a_breach", reason="It was empty")
    town.act(closed, "close_incident", summary="Nothing")
    asks = program(town, "dpo")

    def refs(**asked: str) -> set[str]:
        return {row["ref"] for row in pages(asks, "/incidents", **asked)}

    assert refs() == {suspected, breach}
    assert refs(status="closed") == {closed}
    assert refs(status="all") == {suspected, breach, closed}
    assert refs(finding="personal data breach") == {breach}
    assert refs(finding="not a breach", status="all") == {closed}
    assert refs(step="discover") == {suspected, breach}
    for wrong in ({"status": "some"}, {"step": "x"}, {"finding": "x"}, {"limit": 0}, {"limit": 201}, {"after": "x"}):
        answer = asks.get("/incidents", **wrong)
        assert answer.status_code == 422, wrong
        assert answer.json()["errors"][0]["where"] == f"query.{next(iter(wrong))}"


def test_the_breach_log_is_read_page_by_page(town: Town) -> None:
    """The newest report first, each as the log has it."""
    refs = []
    for _ in range(5):
        refs.append(town.breach())
        town.clock.forward(minutes=1)
    town.breach(OTHER_URN)
    rows = pages(program(town, "auditor"), f"/schools/{URN}/log", limit=2)
    assert [row["ref"] for row in rows] == refs[::-1]
    kept = {entry.ref: entry.model_dump(mode="json") for entry in town.tocsin.views.breach_log([URN])}
    assert {row["ref"]: row for row in rows} == kept
    assert pages(program(town, "dpo"), f"/schools/{URN}/log", year=2025) == []
    assert pages(program(town, "dpo"), f"/schools/{URN}/log", finding="near miss") == []


def test_papers_are_those_of_the_command_line(town: Town) -> None:
    """Byte for byte: the draft, each report that was sent, the governors' sheet and the review of a period."""
    ref = town.breach()
    before = town.clock()
    town.clock.forward(hours=1)
    town.act(ref, "assess_risk", level="risk", reasons="Pupils’ files")
    town.act(ref, "decide_notification", Role.HEAD, notify_regulator=True, reasons="It is owed")
    for expected in ("2026-11-29T12:00:00Z", "2026-11-30T12:00:00Z"):
        more = {"reasons_incomplete": "More is looked into", "further_information_expected_at": expected}
        town.act(ref, "submit_report", Role.DPO, **more)
        town.clock.forward(hours=1)
        town.act(ref, "describe_cause", cause="human_error", cyber="no")
    history = town.tocsin.log.history(ref)
    asks = program(town, "dpo")
    assert asks.get(f"/incidents/{ref}/submission").content == submission_bytes(draft(history, SCHOOL))
    sent = [asks.get(f"/incidents/{ref}/submission", phase=phase).content for phase in (1, 2)]
    assert sent == [submitted(history, phase)[1] for phase in (1, 2)]
    assert asks.get(f"/incidents/{ref}/submission", phase=3).status_code == 404
    days = (date(2026, 9, 1), date(2026, 12, 31))
    papers = []
    for at in (None, before):
        query = {"as_at": at.isoformat()} if at else {}
        sheet = asks.get(f"/incidents/{ref}/governors-sheet", **query)
        assert sheet.content == of_incident(town.tocsin, ref, at)["json"]()
        review = asks.get(f"/schools/{URN}/review", **{"from": days[0], "to": days[1]}, **query)
        made = of_period(town.tocsin, URN, days, at, published=False, opinion=False, progress=lambda *_: None)
        assert review.content == made["json"]()
        papers.append((sheet.content, review.content))
    assert papers[0] != papers[1]
    for wrong in ("from=2026-09-01", "from=2026-09-02&to=2026-09-01", "from=1999-01-01&to=2026-01-01", "from=x&to=y"):
        assert asks.get(f"/schools/{URN}/review?{wrong}").status_code == 422


def test_governors_read_no_name_that_somebody_typed(town: Town) -> None:
    """Neither in the sheet of an incident nor in the review of a period."""
    ref = town.breach()
    town.act(
        ref, "hold_review", causes="Zoe Quillfeather left it on the bus", effectiveness="Good", lessons=("Ask Zoe",)
    )
    asks = program(town, "governor")
    for path in (f"/incidents/{ref}/governors-sheet", f"/schools/{URN}/review?from=2026-09-01&to=2026-12-31"):
        answer = asks.get(path)
        assert answer.status_code == 200
        assert "[name left out]" in answer.text
        assert "Quillfeather" not in answer.text


def test_the_schools_are_those_at_which_one_holds_a_role(town: Town) -> None:
    """By number, page by page; of every school for whoever holds a role everywhere."""
    rows = pages(program(town, "staff"), "/schools")
    assert rows == [{"urn": URN, "name": SCHOOL.name, "zone": "Europe/London", "roles": ["staff"]}]
    for number in ("100005", "100003", "100004"):
        town.tocsin.schools.add(SCHOOL.model_copy(update={"id": number}))
    person = town.site.accounts.add_person("a@everywhere.example", "A", [Membership(Role.AUDITOR)])
    asks = Program(town, secret_for(town, person))
    numbers = ["100001", "100002", "100003", "100004", "100005"]
    assert [row["urn"] for row in pages(asks, "/schools", limit=2)] == numbers
    assert asks.get("/schools", after="nothing such").status_code == 422


def test_the_head_of_the_chain_is_told(town: Town) -> None:
    """As the command line proves it."""
    town.breach()
    said = program(town, "chair").get("/chain").json()
    assert said == {"position": town.tocsin.log.head(), "code": town.tocsin.log.code()}
    assert town.tocsin.log.verify(against=said["code"]).whole
    assert program(town, "staff").get("/chain").status_code == 404


def test_every_command_says_where_it_goes_and_what_it_takes(town: Town) -> None:
    """And its JSON Schema is that of the description."""
    asks = program(town, "staff")
    described = asks.client.get("/openapi.json").json()
    rows = {row["kind"]: row for row in asks.get("/commands").json()["rows"]}
    assert list(rows) == list(OFFERED)
    for kind, row in rows.items():
        operation = described["paths"][row["path"]]["post"]
        assert (operation["operationId"], operation["summary"]) == (kind, row["summary"])
        assert row["path"] == API + path_of(kind)
        assert set(row["who"]) == MAY[kind]
        assert f"Who may: {', '.join(row['who'])}." in operation["description"]
        answer = asks.client.get(row["schema_at"])
        assert answer.headers["content-type"] == "application/schema+json"
        schema = answer.json()
        assert not {"kind", "document", "acknowledge_before"} & schema["properties"].keys()
        assert schema["additionalProperties"] is False
        name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        assert described["components"]["schemas"][name]["properties"].keys() == schema["properties"].keys()
    assert asks.get("/commands/record_reminder").status_code == 404


def asked(command: str, variables: dict[str, str]) -> tuple[str, str, dict[str, Any]]:
    """A line of curl as a request: its method, its address, and the rest."""
    for name, value in variables.items():
        command = command.replace(f"${name}", value)
    words = iter(shlex.split(command)[1:])
    method, address, headers, body = "GET", "", {}, None
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "--json":
                method, body = "POST", next(words)
                headers["Content-Type"] = "application/json"
            case "-s" | "-i":
                pass
            case _:
                assert word.startswith(PUBLIC_URL), word
                address = word
    return method, address, {"headers": headers, "content": body}


def test_the_examples_of_the_guide_run(town: Town) -> None:
    """Each line of curl is answered as the guide says; … stands for what differs from time to time."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    block = "\n".join(re.findall(r"```console\n(.*?)```", text, re.DOTALL))
    token = secret_for(town, town.site.accounts.add_person("b@b.example", "B", [Membership(Role.LEAD, URN)]))
    variables = {"TOCSIN": PUBLIC_URL, "TOKEN": token}
    client = Program(town).client
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    assert len(parts) >= 8
    for part in parts:
        command, _, printed = part.replace("\\\n", "").rstrip().partition("\n")
        method, address, rest = asked(command, variables)
        answer = client.request(method, address, **rest)
        said = answer.text
        if " -i " in command:
            said = f"HTTP/1.1 {answer.status_code} \n" + "\n".join(f"{k}: {v}" for k, v in answer.headers.items())
            said = f"{said}\n\n{answer.text}"
        for line in printed.splitlines():
            pattern = ".*".join(re.escape(each) for each in line.split("…"))
            assert re.search(pattern, said), f"{command}\n{line!r} is not in\n{said}"
        if answer.headers["content-type"] == "application/json" and isinstance(answer.json(), dict):
            variables["REF"] = json.loads(answer.text).get("ref", variables.get("REF", ""))
        town.tocsin.views.catch_up()


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/api", "/api/v1", "/api/v2/incidents"])
def test_there_is_no_page_of_the_api(town: Town, path: str) -> None:
    """The description is /openapi.json."""
    assert program(town, "dpo").client.get(path).status_code == 404
