"""What each alarm says to each role: the DPO advises, the leaders act and decide, the chair sees that they do."""

from dataclasses import dataclass

from domain.escalation import Alarm
from domain.incident import Incident
from domain.roles import Role

LEADERS = (Role.LEAD, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one message; everything else in it is a time or a reference.

    With its reference a subject is shorter than 70 characters or longer than 77: in between, Python's e-mail package
    leaves its first line empty.
    """

    subject: str
    happened: str
    ask: str
    why: str


def wording_for(alarm: Alarm, incident: Incident, regulator: str) -> Wording:
    """The words for this alarm as the incident stands."""
    if alarm.family == "reported":
        return _reported(alarm.to)
    if alarm.family == "significant":
        return _significant(alarm.to)
    if alarm.family == "undelivered":
        return _undelivered()
    if alarm.family.startswith("measure."):
        return _measure(alarm)
    if alarm.family.startswith("complaint."):
        return _complaint(alarm)
    if alarm.family.startswith("standstill."):
        return _standstill(alarm.to, alarm.family.removeprefix("standstill."), incident)
    if alarm.name.startswith("clock.missed."):
        return _missed(alarm.to, incident, regulator)
    if alarm.because == "decision_missing":
        return _undecided(alarm.to, regulator)
    return _reminder(alarm.to, incident, regulator)


def _reported(to: Role) -> Wording:
    if to is Role.DPO:
        return Wording(
            "An incident was reported: your advice is needed",
            "An incident that may be a personal data breach was reported at the school.",
            "Read the report and tell the Data Protection Lead what you advise.",
            "The Data Protection Officer is involved in time in everything about personal data, and advises (UK GDPR"
            " Art. 38(1) and 39(1)).",
        )
    return Wording(
        "An incident was reported: please look at it now",
        "An incident that may be a personal data breach was reported at the school.",
        "Establish whether personal data were compromised, and stop whatever is still going on.",
        "The 72 hours of UK GDPR Art. 33(1) begin when the school becomes aware of a breach, and evenings, weekends"
        " and holidays count.",
    )


def _significant(to: Role) -> Wording:
    return Wording(
        "Judged significant: please acknowledge",
        "An incident at the school was judged significant.",
        f"Open it and acknowledge that you have seen it.{_no_decision(to)}",
        "The school's breach procedure brings in the chair of governors when a breach is significant (Appendix 2,"
        " step 3).",
    )


def _no_decision(to: Role) -> str:
    return " You are not asked to decide anything now." if to is Role.CHAIR else ""


def _undelivered() -> Wording:
    return Wording(
        "An alarm did not get through: pass it on",
        "A message about this incident cannot be delivered to the person named for escalation in the school's policy.",
        "Tell that person in another way, and have the address in the school's register corrected.",
        "Whoever is to be reached must be reached; the 72 hours of UK GDPR Art. 33(1) do not wait for it.",
    )


def _standstill(to: Role, step: str, incident: Incident) -> Wording:
    running = ", and the regulator is not yet notified (UK GDPR Art. 33(1))" if incident.clock_runs else ""
    ask = (
        f'Take the step "{step}" further, or record what holds it up, and acknowledge this message.'
        if to in (*LEADERS, Role.DPO)
        else f'Ask the Data Protection Lead what holds up the step "{step}", and acknowledge this message.'
    )
    return Wording(
        f'No progress in the step "{step}"',
        f'Nothing has been recorded in the step "{step}" for longer than the school allows{running}.',
        ask,
        "The school set this limit itself, so that no incident is forgotten (UK GDPR Art. 33(5) and 24(1)).",
    )


def _measure(alarm: Alarm) -> Wording:
    """The measure is named by the event that adopted it: what it is may say whom it is about."""
    event = alarm.family.removeprefix("measure.")
    why = "What was learnt from a breach counts once it is done (Appendix 2; UK GDPR Art. 24(1) and 33(5))."
    if alarm.because:
        return Wording(
            "A measure is overdue: please acknowledge",
            f"The measure adopted in event {event} of this incident is still open, long after its date.",
            "Ask the Data Protection Lead what holds it up, and acknowledge this message.",
            why,
        )
    return Wording(
        "A measure after a breach falls due",
        f"The measure adopted in event {event} of this incident is open.",
        "See that it is done, and record it; or adopt it again with a date that can be kept.",
        why,
    )


def _complaint(alarm: Alarm) -> Wording:
    number = alarm.family.removeprefix("complaint.")
    why = "A complaint about personal data is acknowledged within 30 days of its receipt (DPA 2018 s. 164A(3))."
    if alarm.because:
        return Wording(
            "A complaint was not acknowledged in time",
            f"The 30 days to acknowledge complaint {number} about this incident have passed.",
            "See that it is acknowledged now, and acknowledge this message.",
            why,
        )
    return Wording(
        "A complaint waits to be acknowledged",
        f"Complaint {number} about this incident is not acknowledged yet.",
        "Acknowledge it to whoever complained, and record that you did.",
        why,
    )


def _reminder(to: Role, incident: Incident, regulator: str) -> Wording:
    if incident.decided_to_notify:
        return Wording(
            f"Send the report to the {regulator}",
            f"It was decided to notify the {regulator}, and no report has been recorded.",
            f"{_see_that(to)}the report is sent, with what is known so far; the rest may follow.",
            "UK GDPR Art. 33(1): not later than 72 hours after having become aware. Art. 33(4): information may follow"
            " in phases.",
        )
    return Wording(
        f"Decide on notifying the {regulator}",
        f"The 72 hours are running, and it is not decided whether the {regulator} is notified.",
        _decide(to, regulator),
        "UK GDPR Art. 33(1): not later than 72 hours after having become aware, unless a risk to people is unlikely.",
    )


def _undecided(to: Role, regulator: str) -> Wording:
    return Wording(
        f"No decision yet on notifying the {regulator}",
        f"The 72 hours are nearly over, and it is not decided whether the {regulator} is notified.",
        f"{_decide(to, regulator)} Then acknowledge this message.",
        "UK GDPR Art. 33(1): not later than 72 hours after having become aware, unless a risk to people is unlikely."
        " Art. 33(5): the decision and its reasons are recorded.",
    )


def _missed(to: Role, incident: Incident, regulator: str) -> Wording:
    if incident.decided_to_notify:
        happened = f"The 72 hours have passed, and no report to the {regulator} has been recorded."
        ask = f"{_see_that(to)}the report is sent now, with the reasons for the delay."
    else:
        happened = f"The 72 hours have passed, and it is not decided whether the {regulator} is notified."
        ask = f"{_decide(to, regulator)} A report that is sent now gives the reasons for the delay."
    acknowledge = "" if to in (*LEADERS, Role.DPO) else " Then acknowledge this message."
    return Wording(
        f"No answer on notifying the {regulator}",
        happened,
        f"{ask}{acknowledge}",
        "UK GDPR Art. 33(1): a notification made later than 72 hours is accompanied by reasons for the delay.",
    )


def _see_that(to: Role) -> str:
    return {Role.DPO: "Prepare it with the Data Protection Lead and see that "}.get(to, "See that ")


def _decide(to: Role, regulator: str) -> str:
    if to is Role.DPO:
        return (
            f"If you have not advised yet, advise now on notifying the {regulator} and on telling the people"
            " concerned. The school decides; remind it that it has to."
        )
    if to in LEADERS:
        return f"Decide whether the {regulator} is notified, and record the reasons."
    if to is Role.CHAIR:
        return f"See that the school decides whether the {regulator} is notified; as chair you may decide yourself."
    return f"See that the school decides whether the {regulator} is notified."
