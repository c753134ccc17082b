"""Why a command is refused. A refusal is the caller's to put right; its docstring is the message it gives."""

import inspect


class Refused(Exception):
    """Tocsin cannot do that."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or "").replace("\n", " "))

    @property
    def code(self) -> str:
        """The refusal's name for machines."""
        return type(self).__name__


class NoSuchIncident(Refused):
    """There is no incident with that reference."""


class SomeoneElseActed(Refused):
    """Someone else acted on this incident in the meantime; look at it again, then repeat what you meant to do."""


class CommandIdTaken(Refused):
    """That command id already stands for another command; nothing was recorded: repeat it with an id of its own."""


class DueInThePast(Refused):
    """A measure cannot be due before today; give a date that can still be kept."""


class AlreadyReported(Refused):
    """There is already an incident with that reference."""


class NotYourRole(Refused):
    """Your role may not do that."""


class IncidentIsClosed(Refused):
    """The incident is closed; reopen it first, with a reason."""


class NotClosed(Refused):
    """The incident is not closed, so it cannot be reopened."""


class InTheFuture(Refused):
    """That time is in the future; only what has already happened can be recorded."""


class NotConfirmed(Refused):
    """The breach is not confirmed yet; confirm it first, or record why there was none."""


class AlreadyConfirmed(Refused):
    """The breach is already confirmed; to change the moment of awareness, correct it with a reason."""


class AwareBeforeItHappened(Refused):
    """The school cannot have become aware before the breach began; correct one of the two."""


class DiscoveredBeforeItHappened(Refused):
    """A breach cannot have been discovered before it began; correct one of the two times."""


class LaterAwarenessNeedsAReason(Refused):
    """Awareness is given later than the first signal; say why the school was not aware at that signal."""


class ReportStandsWithTheRegulator(Refused):
    """A report stands with the regulator; withdraw it there and record that before saying there was no breach."""


class ItemNameTaken(Refused):
    """That name already stands for another action or measure of this incident; choose another."""


class NoSuchMeasure(Refused):
    """No open measure of this incident has that name; look at the incident for its measures."""


class InvestigationIncomplete(Refused):
    """The investigation has points that nobody has looked at yet."""


class AdviserCannotDecide(Refused):
    """The person who gave the DPO's advice cannot also decide for the controller; another must (UK GDPR Art. 38(6))."""


class RiskNotAssessedAsUnlikely(Refused):
    """Not notifying needs the risk to individuals to be assessed as unlikely first (UK GDPR Art. 33(1))."""


class NotificationNotDecided(Refused):
    """The controller has not decided to notify the regulator; take that decision first."""


class NotifiedBeforeAware(Refused):
    """A report cannot have been submitted before the school became aware; correct one of the two times."""


class OutOfOrder(Refused):
    """A later report cannot have been submitted before the one that it follows; correct its time."""


class BeforeItHappened(Refused):
    """That cannot have been done before the breach began; correct that time, or when it happened."""


class NothingToComplete(Refused):
    """A complete report expects no further information; leave one of the two out."""


class DecideWithTheReport(Refused):
    """A report stands with the regulator; withdraw it there and record that before deciding not to notify."""


class DeciderCannotAdvise(Refused):
    """The person who took the controller's decision cannot also give the DPO's advice; another must (Art. 38(6))."""


class NotEncrypted(Refused):
    """The data were recorded as not encrypted, so they are not unintelligible; choose another ground (Art. 34(3))."""


class RiskNotAssessed(Refused):
    """Not telling people needs an assessment of the risk to them first (UK GDPR Art. 34(1))."""


class ReasonForDelayMissing(Refused):
    """The report is later than 72 hours after awareness; give the reasons for the delay (UK GDPR Art. 33(1))."""


class FurtherInformationNotExpected(Refused):
    """Say when further information is expected, or that the report is complete (UK GDPR Art. 33(4))."""


class ExpectedBeforeTheReport(Refused):
    """Further information cannot be expected before the report itself; give a later time."""


class ReportNotComplete(Refused):
    """The report cannot be complete yet."""


class ReportAlreadyComplete(Refused):
    """The report that stands is already complete; nothing can follow it unless something new is recorded first."""


class NoReportStands(Refused):
    """No report stands with the regulator, so there is none to withdraw."""


class ExemptionMissing(Refused):
    """The risk is high: tell the people concerned, or name the exemption relied on (UK GDPR Art. 34(3))."""


class ExemptionNotNeeded(Refused):
    """An exemption is relied on only when the people concerned are not told; leave it out."""


class StillOutstanding(Refused):
    """The incident cannot be closed while something is still asked for."""


class ReasonsIncompleteMissing(Refused):
    """Say why the report is not complete yet; the regulator is told why, and when more will follow (Art. 33(4))."""


class NamesInTheReport(Refused):
    """The report names somebody; take the names out, because the regulator asks for reports without any."""


class NamesInTheLetter(Refused):
    """The letter names somebody; write it without, because it goes to many homes."""


class NobodyTold(Refused):
    """A message to nobody tells nobody; give the number of people who were told, or say that it is unknown."""


class NoSuchComplaint(Refused):
    """No complaint of that number is recorded for this incident."""


class BeforeTheComplaint(Refused):
    """A complaint cannot be acknowledged or answered before it was received; correct that time."""


class AnsweredAlready(Refused):
    """That complaint was already answered; record a new complaint if the complainant comes back."""


class NothingToAcknowledge(Refused):
    """No escalation to your role is waiting for an acknowledgement."""
