"""A report to the regulator as bytes: what is hashed, kept and carried inside the PDF."""

from adapters.documents.canonical import canonical
from projections.ico_submission import Submission


def submission_bytes(submission: Submission) -> bytes:
    """The report as canonical JSON with a newline at its end."""
    return canonical(submission) + b"\n"
