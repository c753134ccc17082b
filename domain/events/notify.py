"""Notify: the DPO advises, the controller decides, the regulator is notified and people are told (Art. 33, 34)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.events.base import Fact
from domain.personal import Paper, Text
from domain.quantities import UNKNOWN, Count, Instant, Value
from domain.vocabulary import Body, Exemption, Means, MessagePoint, PeopleKind, RiskLevel

Phase = Literal["initial", "follow_up", "completed", "withdrawn"]
"""Where a report stands in the sequence that Art. 33(4) allows; `completed` follows others and leaves nothing open."""


class AdviceDetails(Value):
    """The DPO's advice (Art. 39(1)): given apart from the decision, by another person."""

    notify_regulator: bool
    communicate: bool
    risk: RiskLevel
    reasons: Text


class DpoAdvised(Fact, AdviceDetails):
    """The Data Protection Officer advised. Later advice replaces earlier advice; both stay in the log."""

    kind: Literal["notification.dpo_advised"] = "notification.dpo_advised"


class NotificationDecided(Fact):
    """The controller decided whether the regulator is notified, and why (Art. 33(1), 33(5))."""

    kind: Literal["notification.decided"] = "notification.decided"
    notify_regulator: bool
    reasons: Text


class ReportDocument(Value):
    """What was sent, byte for byte: the events it covers, the form it answers, its hash, and the document itself."""

    covers_version: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    form: Annotated[str, StringConstraints(pattern=r"^[a-z]+ [0-9]{4}-[0-9]{2}$")] | None = None
    content: Paper | None = None


class ReportDetails(Value):
    """What the person who submits a report says of it."""

    means: Means = Means.ONLINE_FORM
    complete: bool = False
    reasons_for_delay: Text | None = None
    reasons_incomplete: Text | None = None
    further_information_expected_at: Instant | None = None
    no_names_confirmed: bool = False
    document: ReportDocument | None = None


class RegulatorReportSubmitted(Fact, ReportDetails):
    """A report went to the regulator: the first within the clock, further ones in phases (Art. 33(4))."""

    kind: Literal["notification.report_submitted"] = "notification.report_submitted"
    number: Annotated[int, Field(ge=1)]
    phase: Phase
    submitted_at: Instant
    reason_for_withdrawal: Text | None = None


class RegulatorReferenceReceived(Fact):
    """The regulator gave the case a reference."""

    kind: Literal["notification.reference_received"] = "notification.reference_received"
    reference: Text
    received_at: Instant


class RegulatorAnswered(Fact):
    """The regulator answered, asked or decided something."""

    kind: Literal["notification.regulator_answered"] = "notification.regulator_answered"
    answer: Text
    received_at: Instant
    requires_communication: bool = False


class CommunicationDetails(Value):
    """Whether the people concerned are told, or the limb of Art. 34(3) that is relied on."""

    communicate: bool
    reasons: Text
    exemption: Exemption | None = None
    to: tuple[PeopleKind, ...] = ()


class CommunicationDecided(Fact, CommunicationDetails):
    """The controller decided whether the people concerned are told (Art. 34): those in `to`, or all of them."""

    kind: Literal["communication.decided"] = "communication.decided"


class MessageDetails(Value):
    """What one kind of people are told, in words that they understand (Art. 34(2); Appendix 2, Notification)."""

    people: PeopleKind
    nature: Text
    consequences: Text
    measures: Text
    advice: tuple[Text, ...] = ()
    support: Text | None = None
    no_names_confirmed: bool = False


class MessageWritten(Fact, MessageDetails):
    """The letter to one kind of people was written. A later one replaces it."""

    kind: Literal["communication.message_written"] = "communication.message_written"


class CommunicationTold(Value):
    """Whom the school told, by what means and how many: counts only, never names. `points` is what was said."""

    people: PeopleKind
    number: Count = UNKNOWN
    means: Means = Means.EMAIL
    what_was_said: Text | None = None
    points: tuple[MessagePoint, ...] = ()


class DataSubjectsTold(Fact, CommunicationTold):
    """The people concerned were told (Art. 34(1))."""

    kind: Literal["communication.data_subjects_told"] = "communication.data_subjects_told"
    told_at: Instant


class OtherBodyDetails(Value):
    """Another organisation that was told."""

    body: Body
    detail: Text | None = None


class OtherBodyTold(Fact, OtherBodyDetails):
    """Another organisation was told, in containment or later."""

    kind: Literal["notification.other_body_told"] = "notification.other_body_told"
    told_at: Instant


NotifyFact = (
    DpoAdvised
    | NotificationDecided
    | RegulatorReportSubmitted
    | RegulatorReferenceReceived
    | RegulatorAnswered
    | CommunicationDecided
    | MessageWritten
    | DataSubjectsTold
    | OtherBodyTold
)
