"""The risk prompt as it stands beside a form: what the rules suggest, why, and what is not known."""

from adapters.web.forms.panels import Panel, Row
from adapters.web.forms.wording import form_words, option
from domain.risk import assess
from domain.risk_facts import RiskFacts
from projections.words import capitalised, yes_or_no

TITLE = "What the rules suggest"
A_PROMPT = "This is a prompt: the Data Protection Officer advises, and the school decides."


def prompt_panels(facts: RiskFacts | None) -> tuple[Panel, ...]:
    """What the rules say of these facts, and what would be worth finding out."""
    if facts is None:
        note = "There are no facts yet: describe the data, the people or the effects first."
        return (Panel(title=TITLE, note=note),)
    prompt = assess(facts)
    rows = (
        Row("Severity", f"{capitalised(prompt.level)} ({prompt.score:.2f} by ENISA’s method)"),
        Row("Notify the regulator", yes_or_no(prompt.notify_regulator)),
        Row("Tell the people affected", yes_or_no(prompt.communicate)),
    )
    reasons = tuple(f"{reason.because} ({reason.citation})" for reason in prompt.reasons)
    suggested = Panel(title=TITLE, rows=rows, points=reasons, points_called="Why the rules say so", note=A_PROMPT)
    if not prompt.unknown:
        return (suggested,)
    unknown = tuple(map(_fact, prompt.unknown))
    note = "Each of these raises the prompt until it is known."
    return (suggested, Panel(title="Not known", points=unknown, points_called="What is not known", note=note))


def _fact(name: str) -> str:
    """A fact as the form of the assessment asks for it."""
    field, _, key = name.partition(": ")
    if key:
        return f"What “{option('DataKind', key).text}” tells here."
    return form_words("assess_risk").field[f"facts-{field}"].label
