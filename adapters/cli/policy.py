"""Commands on a school's written breach procedure: where it departs from the law (docs/policy-settings.md)."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError
from rich.markup import escape
from rich.padding import Padding

from adapters.cli.context import JsonOption, UsageMistake, out, print_json, read_text
from adapters.policy_text import statements
from adapters.schools import described
from domain.procedure import Finding, Procedure, Severity, Statement, lint, lint_statements, not_said, spoken
from domain.procedure_rules import RULES

MOST_PIECES, DEEPEST = 1_000, 3
"""Of YAML in a file of settings; a full one has about a hundred pieces, and lists one level down."""
MOST_PLACES = 3
"""How many places of one finding are shown to people; the JSON document has them all."""

TITLES: dict[Severity, tuple[str, str, str]] = {
    "departure": ("DEPARTURES FROM THE LAW", "departure from the law", "departures from the law"),
    "gap": ("GAPS, WHERE THE SCHOOL HAS TO DECIDE", "gap", "gaps"),
    "advice": ("ADVICE", "piece of advice", "pieces of advice"),
}

policy = typer.Typer(no_args_is_help=True, help="Hold a school's written breach procedure against the law.")


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.add_typer(policy, name="policy")


@policy.command("lint")
def lint_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Settings as YAML, or the policy's own text.")],
    as_json: JsonOption = False,
) -> None:
    """Say where a breach procedure departs from the law, each time with the citation; exit 1 where it does."""
    name = _printable(str(file))
    text = read_text(file, name)
    if not text.strip():
        raise UsageMistake(f"{name} is empty; give the breach procedure as text or as settings.")
    said: tuple[Statement, ...] = ()
    procedure = _settings(name, text)
    read_as = "text" if procedure is None else "settings"
    if procedure is None:
        said = statements(text)
        procedure, findings = spoken(said), lint_statements(said, RULES)
    else:
        findings = lint(procedure, RULES)
    if as_json:
        print_json(
            {
                "file": name,
                "read_as": read_as,
                "settings": procedure.model_dump(mode="json", exclude_none=True),
                "statements": [each.model_dump(mode="json") for each in said],
                "findings": [each.model_dump(mode="json") for each in findings],
                "not_said": list(not_said(procedure)),
            }
        )
    else:
        _show(name, read_as, procedure, findings)
    if any(each.severity == "departure" for each in findings):
        raise typer.Exit(1)


def _settings(name: str, text: str) -> Procedure | None:
    """The settings in a file; None when the file is a text."""
    ending = Path(name).suffix.lower()
    if ending in (".txt", ".md"):
        return None
    try:
        keys = _keys(name, text)
        _check_keys(name, keys or ())
        given: dict[str, Any] | None = None if keys is None else yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as failure:
        if ending not in (".yaml", ".yml"):
            return None
        mark = getattr(failure, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise UsageMistake(f"{name} is not readable as YAML{where}; correct it.") from None
    if given is None:
        if ending in (".yaml", ".yml"):
            raise UsageMistake(f"{name} holds no settings, such as “clock_starts_at: awareness”.")
        return None
    try:
        return Procedure.model_validate(given)
    except ValidationError as mistake:
        what = described(mistake).replace("Input should be '", "takes '").replace("Input should", "should")
        raise UsageMistake(f"{name}: {what}.") from None


def _keys(name: str, text: str) -> list[str] | None:
    """The keys as they are written, of a text that is one plain YAML mapping; None when it is something else."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if count == 2 and not isinstance(event, yaml.MappingStartEvent):
            return None
        if getattr(event, "anchor", None):
            raise UsageMistake(f"{name} uses YAML anchors or aliases; write every value out.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if count > MOST_PIECES or depth > DEEPEST:
            raise UsageMistake(f"{name} is too long or too deep for a file of settings.")
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return [str(key.value) if isinstance(key, yaml.ScalarNode) else "a list" for key, _ in pairs]


def _check_keys(name: str, keys: Sequence[str]) -> None:
    """Refuses a key that is no setting, and one that stands twice: of two values one would be lost."""
    unknown = [key for key in dict.fromkeys(keys) if key not in Procedure.model_fields]
    if unknown:
        likely = get_close_matches(unknown[0], Procedure.model_fields, n=1)
        meant = f"; perhaps “{likely[0]}” is meant" if likely else ""
        named = ", ".join(f"“{_printable(key)[:40]}”" for key in unknown[:5])
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        raise UsageMistake(f"{name} has no setting of the name {named}{more}{meant}: see docs/policy-settings.md.")
    if twice := [key for key in dict.fromkeys(keys) if keys.count(key) > 1]:
        raise UsageMistake(f"{name} gives “{twice[0]}” twice; keep one of them.")


def _printable(text: str) -> str:
    """The text without characters that a terminal would obey or could not write."""
    return "".join(each if each.isprintable() else "?" for each in text)


def _show(name: str, read_as: str, procedure: Procedure, findings: Sequence[Finding]) -> None:
    """The findings for people to read, the gravest first."""
    by_severity = {severity: list(_grouped(findings, severity)) for severity in TITLES}
    counted = [
        f"{len(groups)} {TITLES[severity][1 if len(groups) == 1 else 2]}"
        for severity, groups in by_severity.items()
        if groups
    ]
    out.print(escape(f"{name}, read as {read_as}: {', '.join(counted) or 'nothing found against it'}."))
    number = 0
    for severity, groups in by_severity.items():
        if groups:
            out.print(f"\n[bold]{TITLES[severity][0]}[/bold]")
        for places in groups:
            number += 1
            _show_finding(number, places)
    if silent := not_said(procedure):
        out.print(f"\n[bold]{'NOT FOUND IN THE TEXT' if read_as == 'text' else 'NOT SAID'}[/bold]")
        for setting in silent:
            out.print(
                Padding(
                    f"- {Procedure.model_fields[setting].description} [dim]({setting})[/dim]",
                    (0, 0, 0, 2),
                    expand=False,
                )
            )
    if len(silent) == len(Procedure.model_fields):
        out.print("\nNothing of a breach procedure was found in it; is it the right file?")
    elif read_as == "text":
        out.print("\nThe text was searched for known phrases: what it says in other words is missed. No legal advice.")


def _show_finding(number: int, places: Sequence[Finding]) -> None:
    first = places[0]
    lines = [f"Line {each.where}: “{each.extract}”" for each in places if each.extract is not None]
    if len(lines) > MOST_PLACES:
        lines[MOST_PLACES:] = [f"… and {len(lines) - MOST_PLACES} more."]
    lines = lines or [f"Setting: {first.where}"]
    out.print(f"\n{number}. [bold]{escape(first.says)}[/bold]")
    for line in (*lines, f"The law: {first.law} ({first.citation})", f"Do: {first.do}"):
        out.print(Padding(escape(line), (0, 0, 0, 3), expand=False))


def _grouped(findings: Sequence[Finding], severity: Severity) -> Iterator[list[Finding]]:
    """The findings of one severity, those that differ only in their place together."""
    chosen = (each for each in findings if each.severity == severity)
    for _, places in groupby(chosen, key=lambda each: (each.rule, each.says)):
        yield list(places)
