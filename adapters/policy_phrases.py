"""The phrases by which a published policy says what a setting is, sentence by sentence; policy_words.py reads them."""

from dataclasses import dataclass

from adapters.policy_words import words
from domain.procedure import Setting


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence with these words, every one of the `also` words and none of the `unless` words says the value."""

    value: Setting
    words: str
    unless: str = ""
    also: tuple[str, ...] = ()

    def place_in(self, sentence: str) -> int | None:
        """Where the sentence says it; None when it does not."""
        found = words(self.words).search(sentence)
        if found is None or (self.unless and words(self.unless).search(sentence)):
            return None
        return found.start() if all(words(each).search(sentence) for each in self.also) else None


TO_ICO = ("ICO", "TELL")
TO_PEOPLE = ("PEOPLE", "TELL")


def _decider(value: str, who: str) -> Phrase:
    together = "( (and | or) (the )?(HEAD | LEAD | DPO | CHAIR | GOVERNORS))?"
    return Phrase(
        value,
        f"({who})[)]?{together}(, .. ,)? DECIDES | decision .. (made | taken | rests) (by | with) (the )?({who})",
        unless=f"not (the | our )?({who}) | advice of (the | our )?({who}) DECIDES",
        also=("TELL",),
    )


def _dpo_is(value: str, who: str) -> Phrase:
    the = "(the | our | also | school['’]s )*"
    return Phrase(value, f"DPO is {the}({who}) | ({who}) (is | acts as | serves as) {the}DPO(?!['’])")


ANYWHERE: dict[str, tuple[Phrase, ...]] = {
    "law_named": (
        Phrase("uk_gdpr", "UK GDPR | UK-GDPR | UK General Data Protection Regulation"),
        Phrase(
            "eu_gdpr",
            "EU GDPR | 2016/679 | (EU | European | European Union) General Data Protection Regulation",
            unless="UK GDPR | UK-GDPR | UK General | retained | as it forms part | UK law",
        ),
        Phrase(
            "dpa_1998",
            "(Data Protection Act | DPA) [(]?1998",
            unless="repeal~ | replac~ | supersed~ | former~ | no longer",
        ),
    ),
    "transfers_measured_from": (
        Phrase("eea", "EEA | European Economic Area", unless="UK | United Kingdom"),
        Phrase("uk", "(outside | beyond | leave | leaves) (of )?(the )?(UK | United Kingdom)"),
    ),
    "dpo_is": (
        _dpo_is("headteacher", "HEAD"),
        _dpo_is("data_protection_lead", "LEAD"),
        _dpo_is("chair", "CHAIR"),
        _dpo_is(
            "outside_service", "(?!not)[^.;,]{0,50}(limited | ltd | llp | external | service | company | provider)"
        ),
    ),
    "complaint_route": (
        Phrase(
            "school_complaints_procedure",
            "COMPLAINTS_PROCEDURE",
            also=("complain | complaint | complaints (?!procedure|policy)",),
            unless="data protection complaint~",
        ),
        Phrase("data_protection_route", "data protection complaint~"),
    ),
}
"""What is said wherever it stands in a policy."""

OF_BREACHES: dict[str, tuple[Phrase, ...]] = {
    "decision_taken_by": (
        _decider("dpo", "DPO"),
        _decider("headteacher", "HEAD"),
        _decider("data_protection_lead", "LEAD"),
        _decider("chair", "CHAIR"),
        _decider("governing_body", "(the | full) GOVERNORS"),
        _decider("controller", "(the | our) (school | trust | controller)"),
    ),
    "regulator_told_when": (
        Phrase("unless_risk_unlikely", "unless .. unlikely | unlikely to result in (a | any )?risk", also=TO_ICO),
        Phrase(
            "significant",
            "SERIOUS .. BREACH | BREACH .. SERIOUS | SERIOUS (detriment~ | adverse | negative | harm)",
            unless="unlikely | regardless | or not | however (small | minor) | fine | fines | penalt~",
            also=TO_ICO,
        ),
        Phrase(
            "when_appropriate",
            "FITTING(,)? ., ICO | ICO ., FITTING | ICO .> TELL FITTING | at (our | its | their) discretion",
            unless="a risk | any risk | high risk | risk to | legally | by law",
            also=TO_ICO,
        ),
        Phrase(
            "high_risk",
            "(if | where | when | only) .. high risk .. ICO | ICO .. (if | where | when | only) .. high risk",
            unless="unlikely | TELL .- PEOPLE | PEOPLE .- TELL",
            also=TO_ICO,
        ),
        Phrase(
            "risk_likely",
            "(likely | likelihood) .. risk | risk .. likely | there (is | may be) (a | any) risk",
            unless="high risk | not likely",
            also=TO_ICO,
        ),
        Phrase(
            "after_harm",
            "(if | where | when | once) .. (harm | damage | detriment) (has | was) .. (caused | suffered | done)",
            also=TO_ICO,
        ),
    ),
    "individuals_told_when": (
        Phrase("high_risk", "high risk .. TELL | TELL .. high risk", also=TO_PEOPLE),
        Phrase("significant", "SERIOUS .- BREACH .- PEOPLE .- TELL"),
        Phrase(
            "when_appropriate",
            "FITTING .- PEOPLE .- TELL | TELL (the )?PEOPLE ., FITTING | PEOPLE .- TELL ., FITTING",
            unless="risk",
        ),
    ),
    "individuals_told": (
        Phrase(
            "after_regulator_answers",
            "AFTER .. ICO .. (answer~ | respon~ | repl~ | advi~ | agree~ | confirm~ | decid~ | approv~ | guidance)",
            unless="WITHOUT_WAITING",
            also=TO_PEOPLE,
        ),
        Phrase(
            "after_investigation",
            "PEOPLE .- AFTER .. INVESTIGATED | AFTER .. INVESTIGATED .- PEOPLE",
            unless="WITHOUT_WAITING",
            also=TO_PEOPLE,
        ),
        Phrase("without_undue_delay", "PEOPLE .. SOON", unless="AFTER .. ICO | INVESTIGATED", also=TO_PEOPLE),
    ),
    "incomplete_report": (
        Phrase(
            "held_back",
            "ICO ., AFTER .. INVESTIGATED | AFTER .. INVESTIGATED .. ICO"
            " | (once | until | when) (all | full) (of )?(the )?(facts | details | information)",
            unless="WITHOUT_WAITING | not yet",
            also=TO_ICO,
        ),
        Phrase(
            "sent_in_phases",
            "in phases | phased | as much as (they | we | it | he | she | is | the)"
            " | (remaining | further | additional | missing) (information | details) .. (SOON | later | follow~)",
            also=("TELL | submit~ | provide~ | send | sent | follow~",),
        ),
    ),
    "late_report": (Phrase("sent_with_reasons", "reason~ .. (delay~ | late) | (delay~ | late | later) .. reason~"),),
    "log_holds": (
        Phrase(
            "every_breach",
            "(all | every | each | any) .. BREACH .. LOG | LOG ., (all | every | each | any) .. BREACH",
            unless="not (all | every | each) | (not | never) (be )?LOGGED | (all | every | each | any) GRAVE_BREACH",
        ),
        Phrase(
            "reported_breaches",
            "LOG .. (GRAVE_BREACH | reported breaches)"
            " | GRAVE_BREACH .. LOGGED"
            " | (minor | small | low-risk | trivial) .. (not | never) .. LOGGED",
            unless="(all | every | each) (data | personal data )?BREACH | whether or not | regardless | irrespective",
        ),
    ),
    "near_misses_logged": (
        Phrase(value=False, words="NEAR_MISS .. (not | never) .. LOGGED"),
        Phrase(value=True, words="NEAR_MISS .. LOG | LOG .. NEAR_MISS", unless="(not | never) (be )?LOGGED"),
    ),
}
"""What is said only where breaches are spoken of, in the sentence or near it."""

GROUNDS = {
    "data_unintelligible": "encrypt~ | unintelligible",
    "high_risk_no_longer_likely": "no longer .. (likely | risk) | risk .. no longer",
    "disproportionate_effort": "disproportionate",
    "reputation": "reputation~",
    "cost": "cost | costs | expens~",
    "distress": "distress | upset | alarm | worry | anxiety",
}
"""Grounds on which people are not told, where a sentence says that they are not."""

NOT_TOLD = (
    "(not | no need | never) .. TELL .- PEOPLE | PEOPLE .- (not | never) .. TELL | PEOPLE .- TELL .- (unless | except)"
)

CONTENTS = {
    "nature": "nature of .. breach | what (has )?happened | (describ~ | description of) the (personal )?(data )?breach",
    "people": "(number~ | categor~) .. (individuals | people | persons | data subjects | pupils)",
    "records": "(number~ | categor~) .. records | categor~ of (the )?(personal )?data",
    "contact": "contact (details | point | information | person) | (how | whom | who) to contact | point of contact",
    "consequences": "consequences | (likely | possible | potential) (effect~ | impact | harm)"
    " | what (it | this) (may | might | could) mean",
    "measures": "measures | (steps | action | actions) .. (take | taken | taking) | remedial"
    " | what (we | the school) (are | is | will | have | has)",
}
"""What a report or a message contains."""
