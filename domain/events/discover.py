"""Discover: from the first suspicion to awareness, or to the finding that there was no breach (Appendix 2, step 1)."""

from typing import Literal

from domain.events.base import Fact
from domain.personal import Text
from domain.quantities import Instant, Span, Value
from domain.vocabulary import Means, Reporter


class ReportDetails(Value):
    """What the person who speaks up can say; everything but the first line may be unknown."""

    what_happened: Text
    nature: Literal["suspected_breach", "near_miss"] = "suspected_breach"
    how_discovered: Text | None = None
    reported_by: Text | None = None
    reporter: Reporter = Reporter.STAFF
    means: Means = Means.ONLINE_FORM
    occurred: Span = Span()
    services: tuple[Text, ...] = ()


class IncidentReported(Fact, ReportDetails):
    """Somebody spoke up. `discovered_at` is when the breach or near miss was first noticed at the school."""

    kind: Literal["incident.reported"] = "incident.reported"
    discovered_at: Instant


class ProcessorNoticeDetails(Value):
    """A processor's notice under UK GDPR Art. 33(2); its own awareness is kept apart from the school's."""

    processor: Text
    message: Text
    processor_aware_at: Instant | None = None


class ProcessorNotifiedController(Fact, ProcessorNoticeDetails):
    """A processor told the school. `told_at` is when the notice reached the school."""

    kind: Literal["incident.processor_notified_controller"] = "incident.processor_notified_controller"
    told_at: Instant


class ControllerBecameAware(Fact):
    """The school was reasonably certain that personal data were compromised: the clock of Art. 33(1) starts."""

    kind: Literal["breach.controller_became_aware"] = "breach.controller_became_aware"
    aware_at: Instant
    first_signal_at: Instant
    basis: Text | None = None
    reason_later_than_first_signal: Text | None = None


class AwarenessCorrected(Fact):
    """The moment of awareness was put right, for a reason; the earlier one stays in the log."""

    kind: Literal["breach.awareness_corrected"] = "breach.awareness_corrected"
    aware_at: Instant
    reason: Text


class OccurrenceCorrected(Fact):
    """When it happened was put right or became known; what was said first stays in the log."""

    kind: Literal["incident.occurrence_corrected"] = "incident.occurrence_corrected"
    occurred: Span
    reason: Text


class StoryDetails(Value):
    """What happened and how it was noticed, in words that name nobody: a report to the regulator has no names."""

    what_happened: Text
    how_discovered: Text | None = None


class IncidentDescribed(Fact, StoryDetails):
    """What happened was written down anew, for log and report; what was reported first stays in the log."""

    kind: Literal["incident.described"] = "incident.described"


class LeadInformed(Fact):
    """The Data Protection Lead was told (Appendix 2, step 1)."""

    kind: Literal["incident.lead_informed"] = "incident.lead_informed"
    informed_at: Instant
    means: Means


class DpoInformed(Fact):
    """The Data Protection Officer was told (Appendix 2, step 1; UK GDPR Art. 38(1))."""

    kind: Literal["incident.dpo_informed"] = "incident.dpo_informed"
    informed_at: Instant
    means: Means


class FoundNotToBeABreach(Fact):
    """Looked into, and no personal data breach in the sense of UK GDPR Art. 4(12)."""

    kind: Literal["incident.found_not_to_be_a_breach"] = "incident.found_not_to_be_a_breach"
    reason: Text


class NearMissRecorded(Fact):
    """It could have been a breach and was caught in time; logged so that it can be learnt from."""

    kind: Literal["incident.near_miss_recorded"] = "incident.near_miss_recorded"
    what_prevented_it: Text


class NoteAdded(Fact):
    """Something worth keeping that changes nothing else."""

    kind: Literal["incident.note_added"] = "incident.note_added"
    note: Text


DiscoverFact = (
    IncidentReported
    | ProcessorNotifiedController
    | ControllerBecameAware
    | AwarenessCorrected
    | OccurrenceCorrected
    | IncidentDescribed
    | LeadInformed
    | DpoInformed
    | FoundNotToBeABreach
    | NearMissRecorded
    | NoteAdded
)
