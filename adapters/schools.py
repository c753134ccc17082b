"""The school register: one YAML file a school in the data folder, read whenever it is asked."""

from pathlib import Path

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


class NoSuchSchool(Refused):
    """No school of that number is in the register."""


class SchoolFileWrong(Refused):
    """The file of a school cannot be read."""


class SchoolFolder:
    """The register as a folder of files named by the school's number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def school(self, school: str) -> School:
        """The school of that number; raises `NoSuchSchool` or `SchoolFileWrong`."""
        path = self.folder / f"{school}.yaml"
        if not school.isalnum() or not path.is_file():
            raise NoSuchSchool(f"No school {school} is in the register; add the file {path.name} to {self.folder}.")
        return read_school(path)

    def schools(self) -> list[School]:
        """Every school, by number."""
        return [read_school(path) for path in sorted(self.folder.glob("*.yaml"))]

    def add(self, school: School) -> None:
        """Writes a school's file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(school.model_dump(mode="json", exclude_none=True), sort_keys=False, allow_unicode=True)
        (self.folder / f"{school.id}.yaml").write_text(text, encoding="utf-8")

    def add_sample(self) -> None:
        """Writes the sample school, where there is no school at all."""
        if not any(self.folder.glob("*.yaml")):
            self.add(SAMPLE)


def read_school(path: Path) -> School:
    """The school in a file; a mistake in it is told by the field's name."""
    try:
        return School.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as mistake:
        raise SchoolFileWrong(f"{path.name}: {described(mistake)}.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise SchoolFileWrong(f"{path.name} is not readable as YAML.") from None


def described(mistake: ValidationError) -> str:
    """What is wrong with which field, without what was typed."""
    said = []
    for error in mistake.errors(include_input=False, include_url=False, include_context=False):
        where = ".".join(str(part) for part in error["loc"])
        said.append(f"{where}: {error['msg']}" if where else error["msg"])
    return "; ".join(said)
