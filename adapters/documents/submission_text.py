"""The report to the regulator as plain text in the form's own order, to be pasted answer by answer."""

import textwrap
from collections.abc import Iterator

from adapters.documents.submission_paper import answer_of, submission_paper
from projections.ico_submission import Field, Submission

LINE = 100
WITHHELD = "".join(map(chr, (*range(9), *range(11, 32), 127)))
"""Controls other than a line's end: nothing may steer the terminal on which it is shown."""
_PLAIN = str.maketrans("", "", WITHHELD)


def submission_text(submission: Submission) -> str:
    """The report, a question and its answer at a time."""
    return "\n".join(_lines(submission)).translate(_PLAIN) + "\n"


def _lines(submission: Submission) -> Iterator[str]:
    paper = submission_paper(submission)
    yield paper["heading"].upper()
    yield f"{submission.controller} · {submission.ref}"
    yield ""
    yield from textwrap.wrap(" ".join(submission.note.split()), LINE)
    if submission.missing:
        yield ""
        yield f"STILL MISSING FOR ART. 33(3): {'; '.join(submission.missing)}"
    for number, section in enumerate(submission.sections, start=1):
        yield ""
        heading = section.title if section.title[:1].isdigit() else f"{number}. {section.title}"
        yield heading.upper()
        for field in section.fields:
            yield ""
            yield from _question(field)
    yield ""
    for line in paper["colophon"][:-1]:
        yield from textwrap.wrap(line, LINE)


def _question(field: Field) -> Iterator[str]:
    article = f" [Art. {field.article}]" if field.article else ""
    yield f"{field.question}{article}{'' if field.verified else ' (wording unverified)'}"
    yield from (f"  {line}" for line in answer_of(field).splitlines())
    if field.was is not None:
        yield f"  (before: {' '.join(field.was.split())})"
        yield f"  (why: {'; '.join(field.why)})"
