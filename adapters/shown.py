"""An incident as one document: what `tocsin show --json` prints, and what the API answers."""

from datetime import datetime
from typing import Any

from domain.incident import Incident
from domain.obligation import Obligation
from domain.obligations import outstanding, progress
from projections.breach_log import log_entry
from projections.timeline import timeline


def shown(incident: Incident, at: datetime | None) -> dict[str, Any]:
    """The incident, now or as the log stood at an instant: its clock, what is asked for, its log row, every event."""
    breach = incident.breach
    return {
        "ref": incident.ref,
        "school": incident.school,
        "as_at": at.isoformat() if at else None,
        "version": incident.version,
        "closed": incident.closed,
        "aware_at": breach.aware_at.isoformat() if breach else None,
        "deadline": breach.deadline.isoformat() if breach else None,
        "clock_runs": incident.clock_runs,
        "steps": {str(step): str(state) for step, state in progress(incident).items()},
        "outstanding": [asked(each) for each in outstanding(incident)],
        "entry": log_entry(incident).model_dump(mode="json"),
        "timeline": [entry.model_dump(mode="json") for entry in timeline(incident)],
    }


def asked(obligation: Obligation) -> dict[str, Any]:
    """One thing still asked for."""
    return {
        "command": obligation.command,
        "what": obligation.what,
        "why": obligation.why,
        "who": list(obligation.who),
        "due_at": obligation.due_at.isoformat() if obligation.due_at else None,
    }
