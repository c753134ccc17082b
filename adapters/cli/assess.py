"""The risk prompt at the command line, for a file of facts or for what an incident's events say."""

from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError

from adapters.cli.context import (
    DATA,
    DatabaseOption,
    DataOption,
    JsonOption,
    UsageMistake,
    opened,
    out,
    print_json,
    read_text,
)
from adapters.schools import PLAINLY, described
from domain.errors import Refused
from domain.incident import Incident
from domain.risk import GROUNDS_AGAINST
from domain.risk import assess as prompt_for
from domain.risk_facts import Prompt, RiskFacts
from domain.risk_of_incident import facts_of
from domain.severity import severity_of

DEEPEST = 6
"""Levels of lists and fields; facts have three."""
MISTAKES_SAID, LONGEST = 8, 250
"""Mistakes, and characters of one: a sentence with more of them is not read."""
EMPTY = f": {PLAINLY['too_short']}"
QUANTITIES = {
    "number": "takes a whole number of people, at least 1, or unknown",
    "hours_to_restore": "takes a number of hours such as 30, or unknown",
}


class NothingDescribed(Refused):
    """Nothing is described yet; describe the data, the people or the effects first."""


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command()(assess)


def assess(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The facts, as YAML or JSON.")] = None,
    incident: Annotated[str | None, typer.Option(metavar="REF", help="An incident, instead of a file.")] = None,
    facts_only: Annotated[bool, typer.Option("--facts", help="Print the incident's facts as a file.")] = False,
    as_json: JsonOption = False,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Prompt for the risk of a breach: its level, whom to tell, and why; docs/risk.md explains the facts."""
    if (file is None) == (incident is None):
        raise UsageMistake("Give either a file of facts or --incident REF.")
    if facts_only and (incident is None or as_json):
        raise UsageMistake("Use --facts with --incident REF and without --json.")
    if incident is not None:
        with opened(data, database_url) as tocsin:
            found = tocsin.incident(incident.upper())
        facts = _recorded_facts(found)
        if facts_only:
            typer.echo(facts_file(found, facts), nl=False)
            return
    else:
        facts = read_facts(Path(str(file)))
    prompt = prompt_for(facts)
    if as_json:
        print_json(prompt.model_dump(mode="json"))
    else:
        _print(facts, prompt)


def read_facts(path: Path) -> RiskFacts:
    """The facts in a file; raises `UsageMistake` with the field that is wrong, and never with what stands in it."""
    document = _document(path)
    if not isinstance(document, dict) or not all(isinstance(name, str) for name in document):
        raise UsageMistake(f"{path} does not hold facts as “field: value”; docs/risk.md lists the fields.")
    try:
        return RiskFacts.model_validate(_as_meant(document))
    except ValidationError as mistake:
        raise UsageMistake(f"{path}: {_mistakes(mistake)}.") from None


def facts_file(incident: Incident, facts: RiskFacts) -> str:
    """The facts as a file to start from: each unknown field has what it takes beside it."""
    fields = RiskFacts.model_json_schema()["properties"]
    lines = [
        f"# What is recorded of {incident.ref}, version {incident.version}. Fill in what is unknown, and assess it."
    ]
    text = yaml.safe_dump(facts.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    for line in text.splitlines():
        name, _, value = line.partition(": ")
        lines.append(f"{line}  # {_takes(name, fields[name])}" if value == "unknown" and name in fields else line)
    return "\n".join(lines) + "\n"


def _takes(name: str, schema: dict[str, Any]) -> str:
    if name in QUANTITIES:
        return QUANTITIES[name]
    kind = schema["$ref"].rsplit("/", 1)[1]
    return " | ".join(RiskFacts.model_json_schema()["$defs"][kind]["enum"])


def _recorded_facts(incident: Incident) -> RiskFacts:
    facts = facts_of(incident)
    if facts is None:
        raise NothingDescribed
    return facts


def _document(path: Path) -> Any:
    """What the file says as YAML. JSON is YAML but for its tabs, which only stand between words."""
    text = read_text(path)
    try:
        return FactsLoader(text.expandtabs() if text.lstrip().startswith("{") else text).get_single_data()
    except (yaml.YAMLError, ValueError, RecursionError) as failure:
        mark = getattr(failure, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        why = f": {failure.problem}" if isinstance(failure, NotFacts) else ""
        raise UsageMistake(f"{path} is not readable as YAML or JSON{where}{why}.") from None


class NotFacts(yaml.MarkedYAMLError):
    """Good YAML that a file of facts has no use for, and that can be made to mislead or to go on without end."""


class FactsLoader(yaml.SafeLoader):
    """Safe YAML without references, without a field twice, and not nested without end."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One node; refused where it refers to another or lies too deep."""
        if self.check_event(yaml.AliasEvent):
            raise NotFacts(problem="a reference (*) to another part is not read", problem_mark=self.get_mark())
        if self.depth == DEEPEST:
            raise NotFacts(problem="it is nested too deeply", problem_mark=self.get_mark())
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def compose_mapping_node(self, anchor: Any) -> Any:
        """The fields of one node; refused where one is given twice, because nobody knows which is meant."""
        node = super().compose_mapping_node(anchor)
        names = set()
        for name, _ in node.value:
            if name.value in names:
                raise NotFacts(problem="a field is given twice", problem_mark=name.start_mark)
            names.add(name.value)
        return node


def _as_meant(document: dict[str, Any]) -> dict[str, Any]:
    """YAML reads a bare yes as true, and a kind of data may be given by its name alone."""
    meant = {name: _word(value) for name, value in document.items()}
    if isinstance(data := meant.get("data"), list):
        meant["data"] = [item if isinstance(item, dict) else {"kind": item} for item in data]
    return meant


def _word(value: Any) -> Any:
    """The word for a truth value, also where no answer is asked for, so that it is not taken for a number."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _mistakes(mistake: ValidationError) -> str:
    said = list(dict.fromkeys(map(_plainly, described(mistake).split("; "))))
    # A list without a good item counts as empty, which nobody wrote.
    lists = {part.partition(".")[0] for part in said if "." in part}
    said = [part for part in said if part.removesuffix(EMPTY) not in lists]
    more = len(said) - MISTAKES_SAID
    return "; ".join(said[:MISTAKES_SAID]) + (f"; and {more} more" if more > 0 else "")


def _plainly(part: str) -> str:
    """One mistake in a few words; a number that may be unknown is told once, by its own name."""
    field, _, what = " ".join(part.split()).partition(": ")
    name, inner, _ = field.partition(".")
    if inner and name in QUANTITIES:
        return f"{name}: {QUANTITIES[name]}"
    if len(what) > LONGEST:
        what = "is not in the list in docs/risk.md"
    return f"{field[:LONGEST]}: {what}" if what else field[:LONGEST]


def _print(facts: RiskFacts, prompt: Prompt) -> None:
    out.print(f"Severity          [bold]{prompt.level}[/bold] ({prompt.score:.2f} by ENISA’s method)")
    out.print(f"Notify the ICO?   [bold]{_yes(prompt.notify_regulator)}[/bold]")
    out.print(f"Tell the people?  [bold]{_yes(prompt.communicate)}[/bold]")
    severity = severity_of(facts)
    against = [reason for rule in GROUNDS_AGAINST if (reason := rule(facts, severity))]
    sides = [("Against", against), ("For", [reason for reason in prompt.reasons if reason not in against])]
    for side, reasons in sides[::-1] if prompt.notify_regulator else sides:
        if reasons:
            out.print(f"\n{side}")
        for reason in reasons:
            _print_wrapped(reason.because, "- ")
            _print_wrapped(f"{reason.citation} ({reason.rule})", "  ", style="dim")
    out.print()
    if prompt.unknown:
        _print_wrapped(f"Not known, and each raises the prompt until it is: {', '.join(prompt.unknown)}.", "")
    out.print("This is a prompt: the DPO advises and the controller decides.")


def _print_wrapped(text: str, first: str, style: str | None = None) -> None:
    """Lines as wide as the terminal, set in under the first."""
    set_in = " " * len(first)
    for line in wrap(text, out.width, initial_indent=first, subsequent_indent=set_in, break_on_hyphens=False):
        out.print(line, style=style, markup=False, soft_wrap=True)


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
