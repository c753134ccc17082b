"""A report to the regulator as bytes: what is hashed, kept and carried inside the PDF."""

from hashlib import sha256

from adapters.documents.canonical import canonical
from projections.ico_submission import Submission


def submission_bytes(submission: Submission) -> bytes:
    """The report as canonical JSON with a newline at its end."""
    return canonical(submission) + b"\n"


def submission_sha256(submission: Submission) -> str:
    """The hash by which the report can be recognised (`domain.events.notify.ReportDocument`)."""
    return sha256(submission_bytes(submission)).hexdigest()
