"""The report of an incident as a form: what is asked in everyday words, and how the answers become a command.

Nothing but the first answer is needed, and “I don’t know” is always one. What the command has no field for is added to
its texts as lines of a fixed form, so that whoever reads the incident reads it in the reporter’s words.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.datastructures import FormData

from adapters.web.report_times import NOT_GIVEN, When, read_when
from domain.commands.discover import ReportIncident
from domain.quantities import Span
from domain.school import School

Choices = Mapping[str, str]

UNKNOWN = "unknown"
STATES: Choices = {
    "ongoing": "It is still going on",
    "over": "It is over",
    "near_miss": "It was caught in time: nobody saw or lost anything (a near miss)",
    UNKNOWN: "I don’t know",
}
DATA: Choices = {
    "contact": "Names, addresses, telephone numbers, e-mail addresses",
    "birth": "Dates of birth or ages",
    "health": "Health, medication or special educational needs",
    "safeguarding": "Safeguarding or social care",
    "behaviour": "Behaviour, attendance or exclusions",
    "marks": "Marks, reports or assessments",
    "pictures": "Photographs, videos or recordings",
    "money": "Bank details, payments or free school meals",
    "passwords": "Passwords or sign-in details",
    "employment": "Staff records, such as pay or absence",
    "other": "Something else",
    UNKNOWN: "I don’t know",
}
PEOPLE: Choices = {
    "pupils": "Pupils, now or in the past",
    "parents": "Parents and carers",
    "staff": "Staff",
    "others": "Others, such as governors or volunteers",
    UNKNOWN: "I don’t know",
}
NUMBERS: Choices = {
    "one": "One person",
    "few": "A few",
    "class": "About a class",
    "year": "About a year group",
    "school": "The whole school, or more",
    UNKNOWN: "I don’t know",
}
LONGEST = {"what_happened": 6_000, "done": 2_000, "service": 300, "reporter": 300}
"""Characters. Together with the lines that are added they stay below the longest text of an event."""

TRAP = "website"
"""A field that people do not see: what fills it in is a program."""


@dataclass
class Answers:
    """A form as it was sent: what was typed, and what is wrong with it by field."""

    form: FormData
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What was typed into a field, without control characters and the white space around it."""
        given = self.form.get(name)
        lines = given.replace("\r\n", "\n").replace("\r", "\n") if isinstance(given, str) else ""
        return "".join(each for each in lines if each in "\n\t" or unicodedata.category(each) not in NOT_TEXT).strip()

    def line(self, name: str) -> str:
        """The same as one line."""
        return " ".join(self.text(name).split())

    def chosen(self, name: str, choices: Choices) -> str | None:
        """Which of the choices was taken, if any."""
        given = self.form.get(name)
        return given if isinstance(given, str) and given in choices else None

    def all_chosen(self, name: str, choices: Choices) -> list[str]:
        """Which of the choices were ticked, in the order in which they are offered."""
        given = self.form.getlist(name)
        return [key for key in choices if key in given]

    def put_in_order(self) -> None:
        """Puts the errors in the order in which the form asks."""
        parts = ("day", "time", "at")
        asked = [f"{name}_{part}" for name in ("noticed", "happened") for part in parts]
        order = ["what_happened", *asked, *LONGEST, "send"]
        self.errors = dict(sorted(self.errors.items(), key=lambda error: order.index(error[0])))


NOT_TEXT = frozenset({"Cc", "Cs"})
"""Categories of characters that no person types and that no document can show."""


def read_report(answers: Answers, school: School, now: datetime) -> ReportIncident | None:
    """The command that the answers make; None, with the errors in `answers`, where they do not make one yet."""
    _lengths(answers)
    if not answers.text("what_happened"):
        answers.errors["what_happened"] = "Write what happened; a few words are enough."
    if answers.text(TRAP):
        answers.errors["send"] = "Send the report once more; a hidden field was filled in, as automatic programs do."
    noticed = read_when(answers, "noticed", school.timezone, now)
    happened = read_when(answers, "happened", school.timezone, now)
    answers.put_in_order()
    if not answers.errors and happened.at and happened.at > (noticed.at or now):
        noticed = _noticed_no_earlier(noticed, happened, answers, school)
    if answers.errors:
        return None
    state, service = answers.chosen("state", STATES), answers.line("service")
    return ReportIncident(
        what_happened="\n".join((answers.text("what_happened"), *_more(answers, state, happened))),
        nature="near_miss" if state == "near_miss" else "suspected_breach",
        how_discovered=None if noticed is NOT_GIVEN else f"Noticed: {noticed.words}",
        reported_by=answers.line("reporter") or None,
        occurred=Span(began_at=happened.at, ongoing=state == "ongoing"),
        services=(service,) if service else (),
        discovered_at=noticed.at,
    )


def _lengths(answers: Answers) -> None:
    for name, longest in LONGEST.items():
        if (more := len(answers.text(name)) - longest) > 0:
            answers.errors[name] = f"Shorten this by {more:,} character{'' if more == 1 else 's'}."


def _noticed_no_earlier(noticed: When, happened: When, answers: Answers, school: School) -> When:
    """Of a day without a time the beginning is taken, which must not come before what happened on that day."""
    zone = school.timezone
    same_day = noticed.at and happened.at and noticed.at.astimezone(zone).date() == happened.at.astimezone(zone).date()
    if noticed.whole_day and same_day:
        return When(happened.at, noticed.words, whole_day=True)
    where = "happened_day" if answers.chosen("happened", {"on": ""}) else "happened"
    answers.errors[where] = "It cannot have happened after it was noticed; change one of the two."
    return noticed


def _more(answers: Answers, state: str | None, happened: When) -> list[str]:
    """The other answers, a line each; what was left empty has none."""
    lines = {
        "When it happened": "" if happened is NOT_GIVEN else happened.words,
        "Is it over": {"ongoing": "no, still going on", "over": "yes", UNKNOWN: "not known"}.get(state or "", ""),
        "Kinds of information": _listed(answers.all_chosen("data", DATA), DATA),
        "About whom": _listed(answers.all_chosen("people", PEOPLE), PEOPLE),
        "How many people": _listed([answers.chosen("number", NUMBERS) or ""], NUMBERS),
        "Done so far": answers.text("done"),
    }
    said = [f"{name}: {text}" for name, text in lines.items() if text]
    return ["", *said] if said else []


def _listed(keys: list[str], choices: Choices) -> str:
    words = ["not known" if key == UNKNOWN else choices[key] for key in keys if key]
    return "; ".join(f"{each[:1].lower()}{each[1:]}" for each in words)
