"""All rules, in the order in which they are checked."""

from __future__ import annotations

from belfort.contract.rules import (
    access,
    accounts,
    documented,
    errors,
    keys,
    limits,
    operations,
    people,
    reports,
    sending,
    surveys,
)

RULES = (
    *documented.RULES,
    *access.RULES,
    *errors.RULES,
    *surveys.RULES,
    *sending.RULES,
    *keys.RULES,
    *reports.RULES,
    *accounts.RULES,
    *people.RULES,
    *operations.RULES,
    *limits.RULES,
)
