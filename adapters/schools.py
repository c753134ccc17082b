"""The school register: one YAML file a school in the data folder, read again whenever it was edited."""

from pathlib import Path
from typing import TypeAlias

import yaml
from pydantic import ValidationError

from domain.errors import Refused
from domain.policy import Policy
from domain.roles import Role
from domain.school import Contact, School

SAMPLE = School(
    id="100001",
    name="Example Primary School",
    address="1 School Lane, Exampleton EX1 1AA",
    registration="ZA000000",
    policy=Policy(),
    contacts={
        Role.LEAD: Contact(email="lead@example-primary.invalid", name="Data Protection Lead"),
        Role.HEAD: Contact(email="head@example-primary.invalid", name="Headteacher"),
        Role.DPO: Contact(email="dpo@dpo-service.invalid", name="Data Protection Officer", telephone="+44 1632 960000"),
        Role.CHAIR: Contact(email="chair@example-primary.invalid", name="Chair of governors"),
    },
)
"""A school to begin with. Its addresses end in `.invalid`, so nothing can reach a real mailbox."""

QUICK_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader that is written in C, where there is one: it takes a fifth of the time."""

Mark: TypeAlias = tuple[int, int, int, int]


LONGEST = 20
"""Characters of a school's number."""


class NoSuchSchool(Refused):
    """No school of that number is in the register."""


class SchoolFileWrong(Refused):
    """The file of a school cannot be read."""


def _is_number(school: str) -> bool:
    """Whether it could be a school's number, before it becomes part of a file's name."""
    return len(school) <= LONGEST and school.isalnum()


class SchoolFolder:
    """The register as a folder of files named by the school's number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, tuple[Mark | None, School]] = {}

    def school(self, school: str) -> School:
        """The school of that number; raises `NoSuchSchool` or `SchoolFileWrong`."""
        path = self.folder / f"{school}.yaml"
        if not _is_number(school) or not path.is_file():
            raise NoSuchSchool(f"No school {school} is in the register; add the file {path.name} to {self.folder}.")
        return self._as_it_stands(path)

    def numbers(self) -> list[str]:
        """The number of every school that has a file, readable or not."""
        return sorted(path.stem for path in self.folder.glob("*.yaml"))

    def known(self, school: str) -> str:
        """The number of a school that has a file, readable or not: a report must not wait for its repair."""
        if _is_number(school) and (self.folder / f"{school}.yaml").is_file():
            return school
        return self.school(school).id

    def readable(self, school: str) -> School | None:
        """The school of that number, where its file is there and can be read."""
        try:
            return self.school(school)
        except (NoSuchSchool, SchoolFileWrong):
            return None

    def schools(self) -> list[School]:
        """Every school, by number."""
        return [self._as_it_stands(path) for path in sorted(self.folder.glob("*.yaml"))]

    def _as_it_stands(self, path: Path) -> School:
        mark, read = _mark(path), self._read.get(path.stem)
        if read is None or read[0] != mark:
            read = self._read[path.stem] = mark, read_school(path)
        return read[1]

    def add(self, school: School) -> None:
        """Writes a school's file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(school.model_dump(mode="json", exclude_none=True), sort_keys=False, allow_unicode=True)
        (self.folder / f"{school.id}.yaml").write_text(text, encoding="utf-8")

    def add_sample(self) -> None:
        """Writes the sample school, where there is no school at all."""
        if not any(self.folder.glob("*.yaml")):
            self.add(SAMPLE)


def _mark(path: Path) -> Mark | None:
    """What an edit of the file changes; None where it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def read_school(path: Path) -> School:
    """The school in a file; a mistake in it is told by the field's name."""
    try:
        school = School.model_validate(_loaded(path.read_text(encoding="utf-8")))
        if school.id != path.stem:
            raise SchoolFileWrong(f"{path} is the file of school {path.stem}, and the id in it is another; correct it.")
        return school
    except ValidationError as mistake:
        raise SchoolFileWrong(f"{path}: {described(mistake)}.") from None
    except (OSError, ValueError, yaml.YAMLError) as failure:
        mark = getattr(failure, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise SchoolFileWrong(f"{path} is not readable as YAML{where}; correct it.") from None


def _loaded(text: str) -> object:
    try:
        return yaml.load(text, QUICK_LOADER)  # noqa: S506 - it is a safe loader
    except yaml.YAMLError:
        return yaml.safe_load(text)  # which says on what line the mistake is


PLAINLY = {
    "missing": "is needed",
    "extra_forbidden": "there is no such field",
    "timezone_aware": "needs its offset, such as 2026-11-20T16:45:00+00:00",
    "model_type": "takes fields in braces, such as {certainty: exact, number: 3}",
    "model_attributes_type": "takes fields in braces, such as {certainty: exact, number: 3}",
    "tuple_type": "takes a list in brackets, such as [one, two]",
    "too_short": "needs at least one",
    "string_too_short": "needs some text",
    "bool_parsing": "takes true or false",
    "date_from_datetime_parsing": "takes a date such as 2026-12-31",
    "datetime_from_date_parsing": "takes a time such as 2026-11-20T16:45:00+00:00",
}
"""What pydantic says of a field, as people say it."""


def described(mistake: ValidationError, command: str | None = None) -> str:
    """What is wrong with which field, without what was typed."""
    said = []
    for error in mistake.errors(include_input=False, include_url=False, include_context=False):
        where = ".".join(str(part) for part in error["loc"] if part != command)
        what = PLAINLY.get(error["type"], error["msg"].removeprefix("Value error, "))
        said.append(f"{where}: {what}" if where else what)
    return "; ".join(dict.fromkeys(said))
