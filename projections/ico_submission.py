"""The report to the regulator: every question of its form, what is known, what is not, and in which phase.

The first report answers everything. A later one says only what changed since what was sent, and why.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from domain.events import Recorded
from domain.incident import Incident
from domain.quantities import Count, Instant, Span, Value
from domain.school import School
from domain.submission import missing_content
from projections.answers import ANSWERS, CONDITIONS, Case, Header, Typed
from projections.form import Form, FormField
from projections.timeline import title
from projections.words import count, label, moment, span

State = Literal["known", "not yet known", "not known", "not applicable"]
"""`not known` is said by a report that completes the others: it will not become known."""

OPEN = ("unknown", "not_yet_known")
IN_THE_REGISTER = "Changed in the school's register"
WITH_THIS_REPORT = "Said with this report"
NOTHING_MORE = "The report is complete without it"


class Field(Value):
    """One question and its answer. `options` are those of the form that apply; `was` and `why` only in a follow-up."""

    key: str
    question: str
    article: str | None
    source: Literal["P", "C", "S", "M"]
    verified: bool
    state: State
    answer: str | None
    options: tuple[str, ...] = ()
    was: str | None = None
    why: tuple[str, ...] = ()


class Section(Value):
    """Questions that belong together."""

    title: str
    verified: bool
    fields: tuple[Field, ...]


class Submission(Value):
    """One report, as it stood when the incident was at version `covers_version` and the log at `covers_position`."""

    ref: str
    school: str
    controller: str
    zone: str
    regulator: str
    form: str
    law: str
    title: str
    note: str
    number: int
    phase: Literal["initial", "follow_up", "completed", "withdrawn"]
    complete: bool
    covers_version: int
    covers_position: int
    prepared_at: Instant
    submitted_at: Instant | None
    aware_at: Instant | None
    deadline: Instant | None
    late: bool
    follows: str | None
    sections: tuple[Section, ...]
    not_yet_known: tuple[str, ...]
    missing: tuple[str, ...]
    reasons_incomplete: str | None
    further_information_expected_at: Instant | None

    @property
    def timezone(self) -> ZoneInfo:
        """The zone in which its people read a clock."""
        return ZoneInfo(self.zone)


Sent = tuple[int, Submission, str]
"""A report that was sent: the version of its event, the report, and its SHA-256."""


def submission(incident: Incident, school: School, form: Form, header: Header, sent: Sequence[Sent] = ()) -> Submission:
    """The report that these events support, after those that were sent; the same input always gives the same report."""
    case = Case(incident, school, header)
    full = [(section, [_field(each, case) for each in section.field]) for section in form.section]
    told = answers_told(report for _, report, _ in sent)
    since = max((version for version, _, _ in sent), default=0)
    sections = []
    for section, fields in full:
        mapped = zip(section.field, fields, strict=True)
        kept = [_as_told(field, each, told, case, since) for field, each in mapped] if sent else fields
        if answered := tuple(each for each in kept if each is not None):
            sections.append(Section(title=section.title, verified=section.verified, fields=answered))
    breach = incident.breach
    return Submission(
        ref=incident.ref,
        school=incident.school,
        controller=school.name,
        zone=school.zone,
        regulator=form.regulator,
        form=form.name,
        law=form.law,
        title=form.title,
        note=form.note,
        number=header.number,
        phase=header.phase,
        complete=header.details.complete,
        covers_version=incident.version,
        covers_position=incident.history[-1].position,
        prepared_at=incident.recorded_at,
        submitted_at=header.submitted_at,
        aware_at=breach.aware_at if breach else None,
        deadline=breach.deadline if breach else None,
        late=case.late,
        follows=sent[-1][2] if sent else None,
        sections=tuple(sections),
        not_yet_known=tuple(each.question for _, fields in full for each in fields if each.state == "not yet known"),
        missing=missing_content(incident),
        reasons_incomplete=header.details.reasons_incomplete,
        further_information_expected_at=header.details.further_information_expected_at,
    )


def answers_told(sent: Iterable[Submission]) -> Mapping[str, Field]:
    """What the regulator was told last on each question, whichever report said it."""
    return {field.key: field for report in sent for section in report.sections for field in section.fields}


def typed_answers(submission: Submission, form: Form) -> Iterable[Field]:
    """The answers in which people typed something."""
    typed = {field.key for section in form.section for field in section.field if ANSWERS[field.answer].typed}
    return (each for section in submission.sections for each in section.fields if each.key in typed and each.answer)


def _field(field: FormField, case: Case) -> Field:
    applies = CONDITIONS[field.applies](case)
    answer, options, known = _said(field, ANSWERS[field.answer].read(case), case.school.timezone)
    complete = case.report.details.complete
    state: State = (
        "not applicable" if not applies else "known" if known else "not known" if complete else "not yet known"
    )
    return Field(
        key=field.key,
        question=field.question,
        article=field.article,
        source=field.source,
        verified=field.verified,
        state=state,
        answer=answer if applies else None,
        options=options if applies else (),
    )


def _as_told(field: FormField, now: Field, told: Mapping[str, Field], case: Case, since: int) -> Field | None:
    """The answer as a follow-up gives it: as it stands where it identifies the report, else only if it changed."""
    before = told.get(field.key)
    if field.always:
        return None if now.state == "not applicable" else now
    if case.report.phase == "withdrawn" or (before and _same(before, now)):
        return None
    why = _why(field, now, case.incident, since)
    return now.model_copy(update={"was": _in_short(before), "why": why})


def _same(before: Field, now: Field) -> bool:
    """An option such as “Don't know” is the same answer, whether or not more was then expected."""
    if before.state == "not known" and now.state == "not yet known" and not now.answer:
        return True
    return before.answer == now.answer if now.answer else (before.state, before.answer) == (now.state, now.answer)


def _in_short(before: Field | None) -> str:
    if before is None:
        return "Not asked"
    return before.answer or f"{before.state[0].upper()}{before.state[1:]}"


def _why(field: FormField, now: Field, incident: Incident, since: int) -> tuple[str, ...]:
    facts = ANSWERS[field.answer].facts
    events = [event for event in incident.history if event.version > since and type(event.fact) in facts]
    if events:
        return tuple(dict.fromkeys(_event(event) for event in events))
    if now.state == "not known":
        return (NOTHING_MORE,)
    return (WITH_THIS_REPORT if field.answer.startswith("report.") else IN_THE_REGISTER,)


def _event(event: Recorded) -> str:
    reason = getattr(event.fact, "reason", None)
    return f"{title(event.fact)}: {reason}" if reason else title(event.fact)


def _said(field: FormField, answer: Typed, zone: ZoneInfo) -> tuple[str | None, tuple[str, ...], bool]:
    """The answer in words, the form's options that it ticks, and whether it is known."""
    match answer:
        case None | "" | ():
            return None, (), False
        case Count():
            return (None, (), False) if answer.number is None else (count(answer), (), True)
        case Span():
            return (span(answer, zone), (), True) if answer.known else (None, (), False)
        case datetime():
            return moment(answer, zone), (), True
        case tuple():
            return _ticked(field, [str(key) for key in answer])
        case _:
            return _chosen(field, str(answer))


def _ticked(field: FormField, keys: Sequence[str]) -> tuple[str | None, tuple[str, ...], bool]:
    known = [key for key in keys if key not in OPEN]
    chosen = [_option(field, key) for key in known]
    others = [label(key) for key in known if key not in field.options]
    options = tuple(dict.fromkeys(chosen))
    if others and field.other:
        options = (*(option for option in options if option != field.other), field.other)
    named = [option for option in options if option != field.other]
    words = "; ".join([*named, f"{field.other}: {', '.join(others)}"] if others and field.other else named)
    return words or None, options, bool(known)


def _option(field: FormField, key: str) -> str:
    return field.options.get(key) or field.other or label(key)


def _chosen(field: FormField, key: str) -> tuple[str | None, tuple[str, ...], bool]:
    if not field.options:
        return (None, (), False) if key in OPEN else (key, (), True)
    option = field.options.get(key)
    return option, (option,) if option else (), key not in OPEN and option is not None
