"""What a refusal says on a form: its sentence, without what only the command line knows, at the field it is about."""

import re
from collections.abc import Collection
from datetime import datetime

from adapters.web.forms.fields import Kind, fields_of
from domain.commands import AnyCommand
from domain.errors import CommandIdTaken, Refused, StillOutstanding

TOP = "the-form"
"""The id of the form itself: where a refusal that is about no single field leads to."""
NO_NAMES = "no_names_confirmed"
TAIL = re.compile(r"; if it is nobody['’]s name, submit it again with no_names_confirmed=true\.$")
TICK = "; if it is nobody’s name, tick the box below and send the form again."
_NAME_OF_COMMAND = re.compile(r" \([a-z]+(?:_[a-z]+)+\)")

REFUSED_AT = {
    "LaterAwarenessNeedsAReason": ("reason_later_than_first_signal",),
    "AwareBeforeItHappened": ("aware_at", "occurred"),
    "DiscoveredBeforeItHappened": ("occurred",),
    "NotifiedBeforeAware": ("submitted_at", "aware_at"),
    "OutOfOrder": ("submitted_at",),
    "ReasonForDelayMissing": ("reasons_for_delay",),
    "FurtherInformationNotExpected": ("further_information_expected_at",),
    "ExpectedBeforeTheReport": ("further_information_expected_at",),
    "ReasonsIncompleteMissing": ("reasons_incomplete",),
    "NothingToComplete": ("complete",),
    "ReportNotComplete": ("complete",),
    "ReportAlreadyComplete": ("complete",),
    "ItemNameTaken": ("item",),
    "NoSuchMeasure": ("item",),
    "DueInThePast": ("due_on",),
    "ExemptionMissing": ("exemption",),
    "ExemptionNotNeeded": ("exemption",),
    "NotEncrypted": ("exemption",),
    "RiskNotAssessed": ("communicate",),
    "RiskNotAssessedAsUnlikely": ("notify_regulator",),
    "DecideWithTheReport": ("notify_regulator",),
    "NobodyTold": ("number",),
    "NoSuchComplaint": ("number",),
    "AnsweredAlready": ("number",),
    "BeforeTheComplaint": ("acknowledged_at", "informed_at", "answered_at"),
}
"""The fields that a refusal is about, where it is about any; the first that the form has."""


def refused(refusal: Refused, command: AnyCommand, now: datetime) -> dict[str, str]:
    """The refusal at its field, or at the form."""
    fields = {field.id: field for field in fields_of(command.kind)}
    if isinstance(refusal, CommandIdTaken):
        return {TOP: "This form was sent before, and what you sent then is recorded; send it again to record this too."}
    sentence = _NAME_OF_COMMAND.sub("", str(refusal)) if isinstance(refusal, StillOutstanding) else str(refusal)
    sentence = TAIL.sub(TICK, sentence)
    candidates: Collection[str] = REFUSED_AT.get(refusal.code, ())
    if refusal.code == "InTheFuture":
        times = (field.id for field in fields.values() if field.kind is Kind.MOMENT)
        candidates = [at for at in times if (said := getattr(command, at)) is not None and said > now]
        candidates = candidates or [field.id for field in fields.values() if field.kind in (Kind.DAY, Kind.SPAN)]
    return {next((each for each in candidates if each in fields), TOP): sentence}


def may_be_no_name(refusal: Refused) -> bool:
    """Whether the refusal leaves it to a person to say that what was found is nobody's name."""
    return TAIL.search(str(refusal)) is not None
