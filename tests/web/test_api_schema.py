"""The description of the API is true: whatever a program sends, it is answered as /openapi.json says."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from adapters.accounts import Membership
from adapters.bootstrap import Settings, Tocsin
from adapters.web import web_app
from adapters.web.api.commands import OFFERED
from adapters.web.site import Site
from domain.roles import Role
from tests.examples import SCHOOL, URN
from tests.web.conftest import PUBLIC_URL, WELL, MovableClock, Town
from tests.web.programs import API, secret_for

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
READS = (
    "list_incidents", "show_incident", "show_timeline", "show_obligations", "show_events", "show_submission",
    "show_governors_sheet", "list_schools", "show_log", "show_review", "list_commands", "show_command",
    "list_problems", "show_chain",
)  # fmt: skip
OPERATIONS = (*READS, *OFFERED)
EXAMPLES = 15
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


HOST = {"Host": urlsplit(PUBLIC_URL).netloc}


class Described:
    """The API with its description, somebody who may do everything, and incidents to do it to."""

    def __init__(self, town: Town) -> None:
        self.town = town
        memberships = [Membership(role, URN) for role in Role if role not in (Role.ENGINE, Role.SUPPLIER)]
        self.person = town.site.accounts.add_person("all@school.example", "All", memberships)
        self.refs = [town.report(), town.breach(), town.whole_life()]
        schema = schemathesis.openapi.from_asgi("/openapi.json", town.app, headers=HOST)
        found = (
            each.ok() for each in schema.include(path_regex=f"^{API}/").get_all_operations() if isinstance(each, Ok)
        )
        self.operations = {each.definition.raw["operationId"]: each for each in found}

    def headers(self) -> dict[str, str]:
        """A fresh token, so that no test uses up what another may ask."""
        return {**HOST, "Authorization": f"Bearer {secret_for(self.town, self.person)}"}

    def cases(self, operation_id: str) -> st.SearchStrategy[Any]:
        """Requests as the description allows them, and requests that break it."""
        operation = self.operations[operation_id]
        fits = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        if not (operation.body or operation.query or operation.headers or operation.path_parameters):
            return fits
        return fits | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    def aimed(self, case: Case[Any], ref: str) -> None:
        """Lets the request meet something that is there, so that it is not answered by a wall each time."""
        there = {"ref": ref, "urn": URN}
        case.path_parameters = {name: there.get(name, value) for name, value in case.path_parameters.items()}


def without_token(case: Case[Any]) -> None:
    """Takes away the token that the description asks for and hypothesis made up."""
    for name in [name for name in case.headers or {} if name.lower() == "authorization"]:
        del case.headers[name]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """One town for all: what one test records, the next may stumble over."""
    clock = MovableClock()
    tocsin = Tocsin(Settings.of(tmp_path_factory.mktemp("api") / "data"), clock)
    tocsin.schools.add(SCHOOL)
    site = Site(tocsin, tocsin.accounts, PUBLIC_URL)
    yield Described(Town(tocsin, site, web_app(site, lambda: WELL), clock))
    tocsin.close()


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_answer_is_one_that_the_description_names(api: Described, operation_id: str) -> None:
    """Status, media type, headers and shape, also for requests that break the description."""
    headers = api.headers()

    @BOUNDED
    @given(case=api.cases(operation_id), ref=st.sampled_from(api.refs), strays=st.integers(0, 5))
    def answers(case: Case[Any], ref: str, strays: int) -> None:
        without_token(case)
        if strays < 5:
            api.aimed(case, ref)
        case.call_and_validate(headers=headers, checks=CHECKS)

    answers()


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_without_a_token_every_answer_is_401(api: Described, operation_id: str) -> None:
    """Whatever else is right or wrong with the request."""

    @settings(BOUNDED, max_examples=2)
    @given(case=api.cases(operation_id))
    def answers(case: Case[Any]) -> None:
        without_token(case)
        assert case.call_and_validate(headers=HOST, checks=CHECKS).status_code == 401

    answers()


def test_every_operation_is_tried(api: Described) -> None:
    """None is left out of these tests."""
    assert sorted(api.operations) == sorted(OPERATIONS)


def test_the_description_is_whole(api: Described) -> None:
    """Every operation has its scheme, a summary, its tag and problems with examples; there is no page in it."""
    spec: dict[str, Any] = api.town.anonymous().get("/openapi.json").json()
    assert {path for path in spec["paths"] if not path.startswith(API)} == {"/healthz", "/metrics"}
    assert spec["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert "HTTPValidationError" not in spec["components"]["schemas"]
    for path, operations in spec["paths"].items():
        if not path.startswith(API):
            continue
        for operation in operations.values():
            assert operation["security"] == [{"token": []}]
            assert operation["summary"]
            assert len(operation["tags"]) == 1
            assert {"401", "403", "429"} <= operation["responses"].keys()
            for status, answer in operation["responses"].items():
                if status >= "400":
                    said = answer["content"]["application/problem+json"]
                    assert said["schema"] == {"$ref": "#/components/schemas/Problem"}
                    assert said["example"]["status"] == int(status)
                    assert said["example"]["detail"].endswith(".")


def test_the_document_is_small_enough_to_load(api: Described) -> None:
    """By a page that shows it."""
    assert len(api.town.anonymous().get("/openapi.json").content) < 600_000
