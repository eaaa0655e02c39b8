"""Where in the file stands what a rule refuses."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.imports.report import Problem
from kernel.refusals import InvalidInput, NotFound, Refusals


def problems_from(refusals: Refusals, line: int, columns: Mapping[str, str], *, broken: bool = True) -> list[Problem]:
    """Paths begin with a column of our own form; `columns` says what the file calls it, where it is not the same."""
    found: list[Problem] = []
    for refusal in refusals.found:
        column = columns.get(refusal.path[0], refusal.path[0]) if refusal.path else None
        reason, facts = "not_found", ()
        if isinstance(refusal, InvalidInput):
            reason, facts = refusal.reason, refusal.facts
        elif isinstance(refusal, NotFound) and refusal.what == "tier":
            # A report names what is wrong by a sentence alone.
            reason = "tier_unknown"
        found.append(Problem(line, column, reason, facts, broken))
    return list(dict.fromkeys(found))
