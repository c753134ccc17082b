"""What a written breach procedure has to say of telling the ICO and the people concerned (UK GDPR Art. 33, 34)."""

from collections.abc import Iterator
from typing import get_args

from domain.deadlines import NOTIFICATION_WINDOW
from domain.procedure import MessagePart, Procedure, Remark, ReportPart, advice, departure, listed, plain

LAW_HOURS = NOTIFICATION_WINDOW.total_seconds() / 3600

PARTS = {
    "nature": "the nature of the breach",
    "people": "the categories and approximate number of people",
    "records": "the categories and approximate number of records",
    "contact": "the name and contact details of the DPO",
    "consequences": "the likely consequences",
    "measures": "the measures taken or proposed",
}
LAWFUL_GROUNDS = ("data_unintelligible", "high_risk_no_longer_likely", "disproportionate_effort")


def clock_starts_at_awareness(procedure: Procedure) -> Iterator[Remark]:
    """The period runs from the moment at which the school, as controller, became aware: reasonably certain that
    personal data were compromised. Neither the breach itself nor a later hand-over or conclusion starts it.

    UK GDPR Art. 33(1).
    """
    says = {
        "occurrence": "The clock starts when the breach happens, not when the school becomes aware of it.",
        "dpo_told": "The clock starts when the DPO is told, not when the school becomes aware of the breach.",
        "end_of_investigation": "The clock starts when the breach has been investigated or judged, not at awareness.",
    }.get(procedure.clock_starts_at or "")
    do = f"Write that the {LAW_HOURS:g} hours run from the moment at which the school becomes aware of the breach."
    yield from departure("clock_starts_at", says, do)


def window_is_no_longer_than_the_laws(procedure: Procedure) -> Iterator[Remark]:
    """The ICO is told without undue delay and, where feasible, not later than 72 hours after the school became aware.

    UK GDPR Art. 33(1).
    """
    hours = procedure.window_hours
    if hours is not None and hours > LAW_HOURS:
        says = f"The school has {hours:g} hours to tell the ICO."
        do = f"Write “without undue delay and, where feasible, within {LAW_HOURS:g} hours”."
        yield from departure("window_hours", says, do)


def every_hour_counts(procedure: Procedure) -> Iterator[Remark]:
    """The hours are consecutive: evenings, weekends, bank holidays and school holidays count. The rule by which some
    periods roll on to a working day does not extend this one.

    UK GDPR Art. 33(1); DPA 2018 s. 205(2).
    """
    counting = procedure.window_counted_in
    do = "Write that evenings, weekends, bank holidays and school holidays count."
    if counting not in (None, "consecutive_hours"):
        says = f"The period for telling the ICO is counted in {plain(counting)}, so it can end after the law’s."
        yield from departure("window_counted_in", says, do)
    if procedure.window_leaves_out:
        days = listed(plain(each) for each in procedure.window_leaves_out)
        yield from departure("window_leaves_out", f"The period for telling the ICO leaves out {days}.", do)


def regulator_is_told_unless_risk_is_unlikely(procedure: Procedure) -> Iterator[Remark]:
    """Every breach is reported to the ICO unless it is unlikely to result in a risk to people’s rights and freedoms;
    the school has to be able to show that it is unlikely.

    UK GDPR Art. 33(1), 5(2).
    """
    says = {
        "high_risk": "Only breaches with a high risk are reported to the ICO.",
        "significant": "Only significant or serious breaches are reported to the ICO.",
        "when_appropriate": "Breaches are reported to the ICO when the school finds it appropriate.",
        "after_harm": "Breaches are reported to the ICO only once harm has been done.",
    }.get(procedure.regulator_told_when or "")
    do = "Write “unless the breach is unlikely to result in a risk to the rights and freedoms of individuals”."
    yield from departure("regulator_told_when", says, do)
    if procedure.regulator_told_when == "risk_likely":
        says = "Breaches are reported to the ICO if a risk is likely; where nobody can say, the law asks for a report."
        yield from advice("regulator_told_when", says, do)


def report_has_all_its_parts(procedure: Procedure) -> Iterator[Remark]:
    """The report to the ICO describes the nature of the breach with, where possible, the categories and approximate
    numbers of people and of records; a contact; the likely consequences; and the measures taken or proposed.

    UK GDPR Art. 33(3)(a) to (d).
    """
    yield from _parts("report_contains", "The report to the ICO", get_args(ReportPart), procedure.report_contains)


def report_may_come_in_phases(procedure: Procedure) -> Iterator[Remark]:
    """What is not yet known may follow in phases, without undue further delay; the first report does not wait for it.

    UK GDPR Art. 33(4).
    """
    held = procedure.incomplete_report == "held_back"
    says = "The report to the ICO waits until everything is known or the investigation is complete." if held else None
    do = "Write that what is known is reported in time, and that the rest follows in phases as it becomes known."
    yield from departure("incomplete_report", says, do)


def late_report_gives_its_reasons(procedure: Procedure) -> Iterator[Remark]:
    """A report that misses the period is still owed, and is accompanied by the reasons for the delay.

    UK GDPR Art. 33(1), second sentence.
    """
    says = {
        "not_sent": "A report that would be late is not sent.",
        "sent_without_reasons": "A late report is sent without the reasons for the delay.",
    }.get(procedure.late_report or "")
    yield from departure("late_report", says, "Write that a late report is sent, with the reasons for the delay.")


def individuals_are_told_of_a_high_risk(procedure: Procedure) -> Iterator[Remark]:
    """When a breach is likely to result in a high risk to people’s rights and freedoms, they are told of it.

    UK GDPR Art. 34(1).
    """
    says = {
        "significant": "People are told of significant or serious breaches only.",
        "when_appropriate": "People are told of a breach when the school finds it appropriate.",
        "after_harm": "People are told of a breach only once harm has been done.",
        "never": "People are not told of breaches.",
    }.get(procedure.individuals_told_when or "")
    do = "Write that people are told when the breach is likely to result in a high risk to their rights and freedoms."
    yield from departure("individuals_told_when", says, do)


def individuals_are_told_without_undue_delay(procedure: Procedure) -> Iterator[Remark]:
    """People at high risk are told without undue delay; that waits neither for the ICO nor for a full investigation.

    UK GDPR Art. 34(1).
    """
    says = {
        "after_regulator_answers": "People at high risk are told only after the ICO has answered.",
        "after_investigation": "People at high risk are told only after the investigation.",
    }.get(procedure.individuals_told or "")
    yield from departure("individuals_told", says, "Write that people at high risk are told without undue delay.")


def message_has_all_its_parts(procedure: Procedure) -> Iterator[Remark]:
    """The message to people describes in clear and plain language the nature of the breach, and gives a contact, the
    likely consequences, and the measures taken or proposed.

    UK GDPR Art. 34(2) with 33(3)(b) to (d).
    """
    yield from _parts("message_contains", "The message to people", get_args(MessagePart), procedure.message_contains)


def exemptions_are_the_laws(procedure: Procedure) -> Iterator[Remark]:
    """People at high risk need not be told on three grounds only: the data are unintelligible to others, later measures
    have removed the high risk, or it would be a disproportionate effort and a public notice reaches them as well.

    UK GDPR Art. 34(3)(a) to (c).
    """
    words = {
        "disproportionate_effort_without_public_notice": "disproportionate effort, without a public notice instead",
        "reputation": "the reputation of the school",
        "cost": "the cost",
        "distress": "the distress that the message may cause",
        "other": "a ground that the law does not know",
    }
    if wider := [words[each] for each in procedure.exemptions or () if each not in LAWFUL_GROUNDS]:
        says = f"People at high risk are not told on grounds that the law does not give: {listed(wider)}."
        do = "Keep to the three grounds of Art. 34(3), and record which one is relied on."
        yield from departure("exemptions", says, do)


def _parts(setting: str, paper: str, asked: tuple[str, ...], given: tuple[str, ...] | None) -> Iterator[Remark]:
    if given is not None and (missing := "; ".join(PARTS[part] for part in asked if part not in given)):
        return departure(setting, f"{paper} leaves out: {missing}.", f"Add to it: {missing}.")
    return departure(setting, None, "")
