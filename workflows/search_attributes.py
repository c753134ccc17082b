"""The search attributes by which Temporal's own pages find a breach: ids, kinds and times only."""

from temporalio.common import SearchAttributeKey

BREACH_STEP = SearchAttributeKey.for_keyword("BreachStep")
BREACH_DEADLINE = SearchAttributeKey.for_datetime("BreachDeadline")
SCHOOL = SearchAttributeKey.for_keyword("School")
