"""The rules to which a school's written breach procedure is held, in the order of a breach.

The name of a rule is the key of its findings for ever. Its docstring is the law in our own words, then the citation.
"""

from collections.abc import Iterator

from domain.deadlines import COMPLAINT_WINDOW
from domain.procedure import Procedure, Remark, Rule, advice, departure, gap, plain
from domain.procedure_notices import (
    LAW_HOURS,
    clock_starts_at_awareness,
    every_hour_counts,
    exemptions_are_the_laws,
    individuals_are_told_of_a_high_risk,
    individuals_are_told_without_undue_delay,
    late_report_gives_its_reasons,
    message_has_all_its_parts,
    regulator_is_told_unless_risk_is_unlikely,
    report_has_all_its_parts,
    report_may_come_in_phases,
    window_is_no_longer_than_the_laws,
)

WORKING_WEEK = 7 / 5
"""Calendar days in a working day, on average."""


def names_the_uk_gdpr(procedure: Procedure) -> Iterator[Remark]:
    """A school in the United Kingdom is bound by the UK GDPR and the Data Protection Act 2018, not by the EU’s text.

    DPA 2018 s. 3(10), s. 211 and Sch. 19; European Union (Withdrawal) Act 2018 s. 3.
    """
    says = {
        "eu_gdpr": "It names the GDPR of the European Union as the law that it follows.",
        "dpa_1998": "It names the Data Protection Act 1998, which has been repealed.",
    }.get(procedure.law_named or "")
    yield from departure("law_named", says, "Name the UK GDPR and the Data Protection Act 2018.")


def measures_transfers_from_the_uk(procedure: Procedure) -> Iterator[Remark]:
    """Under the UK GDPR a transfer is restricted when data leave the United Kingdom; the EEA is not its border.

    UK GDPR Chapter V.
    """
    eea = procedure.transfers_measured_from == "eea"
    says = "It takes the European Economic Area (EEA) as the border for transfers." if eea else None
    yield from departure("transfers_measured_from", says, "Write “outside the United Kingdom” instead.")


def staff_report_out_of_hours(procedure: Procedure) -> Iterator[Remark]:
    """No provision names working hours: the period runs at night, at weekends and in holidays from the moment at which
    the school is aware, and what a member of staff knows may count, so a school needs a way to report at any hour.

    UK GDPR Art. 24(1), 33(1); ICO accountability guidance on responding to breaches (expectation).
    """
    says = {
        "next_working_day": "Staff who find a breach outside working hours wait for the next working day.",
        "not_covered": "Staff are given no way to report a breach outside working hours.",
    }.get(procedure.out_of_hours or "")
    do = "Write that staff report at once, and name whom they reach in the evening, at weekends and in holidays."
    yield from gap("out_of_hours", says, do)


def processors_tell_without_undue_delay(procedure: Procedure) -> Iterator[Remark]:
    """A processor tells the school of every breach without undue delay after becoming aware of it, whatever the risk.
    No hours are named, but a time longer than the one that the school itself has is not without undue delay.

    UK GDPR Art. 33(2), 28(3)(f).
    """
    do = "Write, here and in the contracts, that processors tell the school of every breach without undue delay."
    match procedure.processor_tells:
        case "not_required":
            yield from departure("processor_tells", "Processors need not tell the school of a breach.", do)
        case "no_time_limit":
            says = "Processors are to tell the school of a breach, and nothing says how soon."
            yield from gap("processor_tells", says, do)
    hours = procedure.processor_hours
    if hours is not None and hours > LAW_HOURS:
        yield from departure("processor_hours", f"Processors have {hours:g} hours to tell the school of a breach.", do)


def controller_decides(procedure: Procedure) -> Iterator[Remark]:
    """The DPO informs, advises and monitors; the controller decides whether anybody is notified and answers for it.
    A DPO who takes the decision has a task that conflicts with watching over it.

    UK GDPR Art. 38(6), 39(1), 4(7), 5(2).
    """
    says = "The DPO decides whether anybody is notified." if procedure.decision_taken_by == "dpo" else None
    do = "Write that the DPO advises, and that the headteacher or whom the governing body names decides for the school."
    yield from departure("decision_taken_by", says, do)


def adviser_is_not_the_decider(procedure: Procedure) -> Iterator[Remark]:
    """A DPO has no other task that leads to a conflict of interests, such as to decide what he or she advises on.

    UK GDPR Art. 38(6).
    """
    dpo, decider = procedure.dpo_is, procedure.decision_taken_by
    if dpo is not None and (dpo == decider or dpo in ("headteacher", "chair", "governing_body")):
        says = f"The {plain(dpo)} is the DPO, and so would advise on the school’s own decisions."
        if dpo == decider:
            says = f"The {plain(dpo)} is the DPO and also decides whether anybody is notified."
        yield from departure("dpo_is", says, "Name a DPO who takes none of the school’s decisions about personal data.")


def complaints_are_acknowledged_in_time(procedure: Procedure) -> Iterator[Remark]:
    """A complaint about the use of personal data is made easy, acknowledged within 30 days, looked into without undue
    delay, and answered with its outcome; in force since 19 June 2026.

    DPA 2018 s. 164A.
    """
    days, counted, route = procedure.complaint_days, procedure.complaint_days_are, procedure.complaint_route
    do = f"Write how people complain, and that this is acknowledged in {COMPLAINT_WINDOW.days} days, holidays included."
    if days is not None and days * (WORKING_WEEK if counted == "working_days" else 1) > COMPLAINT_WINDOW.days:
        says = f"Complaints are acknowledged within {days:g} {plain(counted or 'days')}."
        yield from departure("complaint_days", says, do)
    elif days is not None and counted == "school_days":
        says = f"Complaints are acknowledged within {days:g} school days, which a school holiday stretches."
        yield from departure("complaint_days_are", says, do)
    elif route == "none":
        yield from departure("complaint_route", "Nobody can complain to the school about the use of their data.", do)
    elif route == "school_complaints_procedure" and days is None:
        says = "Complaints go through the school’s complaints procedure, and nothing says when they are acknowledged."
        yield from departure("complaint_route", says, do)


def every_breach_is_logged(procedure: Procedure) -> Iterator[Remark]:
    """Every breach is documented, reported or not: its facts, its effects and what was done about it.

    UK GDPR Art. 33(5).
    """
    says = {
        "reported_breaches": "Only reported or serious breaches are logged.",
        "nothing": "Breaches are not logged.",
    }.get(procedure.log_holds or "")
    yield from departure("log_holds", says, "Write that every breach is logged, reported or not, with the reasons.")


def near_misses_are_logged(procedure: Procedure) -> Iterator[Remark]:
    """No provision asks for it; the ICO expects a school to log near misses too, so that it can learn from them.

    ICO accountability guidance on logging breaches (expectation).
    """
    says = "Near misses are not logged." if procedure.near_misses_logged is False else None
    yield from advice("near_misses_logged", says, "Write that near misses are logged beside the breaches.")


def chair_is_told_in_a_set_time(procedure: Procedure) -> Iterator[Remark]:
    """No provision names a time for telling the chair. But the controller has to decide within the period and to show
    how it meets its duties, so a procedure that leaves the time open has a gap; and Tocsin needs a time to escalate by.

    UK GDPR Art. 5(2), 24(1), 24(2); ICO accountability guidance (expectation).
    """
    do = "Write within how many hours of awareness the chair of governors is told, well inside the time of Art. 33(1)."
    yield from gap("chair_told", _time_left_open("The chair of governors", procedure.chair_told), do)


def governors_are_told_before_their_next_meeting(procedure: Procedure) -> Iterator[Remark]:
    """No provision names a time for telling the governors. Their meeting may be weeks after the decisions are due, so a
    procedure in which nobody of the governing body hears earlier has a gap.

    UK GDPR Art. 5(2), 24(1), 24(2); ICO accountability guidance (expectation).
    """
    if procedure.chair_told not in ("in_a_set_time", "without_delay"):
        do = "Keep the report to the meeting, and write in what time the chair is told on behalf of the governing body."
        yield from gap("governors_told", _time_left_open("The governing body", procedure.governors_told), do)


def _time_left_open(who: str, told: str | None) -> str | None:
    return {
        "no_time_limit": f"{who} is informed, and nothing says how soon.",
        "next_meeting": f"{who} hears of a breach at the next meeting.",
        "never": f"{who} is not told of breaches.",
    }.get(told or "")


RULES: tuple[Rule, ...] = (
    names_the_uk_gdpr,
    measures_transfers_from_the_uk,
    staff_report_out_of_hours,
    processors_tell_without_undue_delay,
    clock_starts_at_awareness,
    window_is_no_longer_than_the_laws,
    every_hour_counts,
    regulator_is_told_unless_risk_is_unlikely,
    controller_decides,
    adviser_is_not_the_decider,
    report_has_all_its_parts,
    report_may_come_in_phases,
    late_report_gives_its_reasons,
    individuals_are_told_of_a_high_risk,
    individuals_are_told_without_undue_delay,
    message_has_all_its_parts,
    exemptions_are_the_laws,
    complaints_are_acknowledged_in_time,
    every_breach_is_logged,
    near_misses_are_logged,
    chair_is_told_in_a_set_time,
    governors_are_told_before_their_next_meeting,
)
"""Every rule, in the order in which its findings are given."""
