"""A workflow whose module imports every rule: the sandbox imports it again, and with it all of them."""

from temporalio import workflow

import domain.commands
import domain.decisions
import domain.escalation
import domain.names
import domain.procedure_rules
import domain.risk_of_incident
import domain.school
import domain.school_record
import domain.submission


@workflow.defn(name="ReadsTheRules")
class ReadsTheRules:
    """Names the rules, so that they are needed."""

    @workflow.run
    async def run(self) -> list[str]:
        """The modules that bring in the others."""
        rules = [domain.commands, domain.decisions, domain.escalation, domain.school, domain.submission]
        rules += [domain.names, domain.procedure_rules, domain.risk_of_incident, domain.school_record]
        return [module.__name__ for module in rules]
