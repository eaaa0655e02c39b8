"""What came of an import: what was added, changed or there already, and what is wrong with which line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Problem(NamedTuple):
    """`line` and `column` are those in the file; `reason` names the sentence, `facts` fill its blanks.

    Not `broken`: the row repeats what another one says; it is told and left out, and stops nothing.
    """

    line: int
    column: str | None
    reason: str
    facts: tuple[tuple[str, str], ...] = ()
    broken: bool = True


@dataclass(slots=True)
class Tally:
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class ImportReport:
    """`done` is False where problems kept everything from being done."""

    done: bool = True
    products: Tally = field(default_factory=Tally)
    variants: Tally = field(default_factory=Tally)
    pictures: Tally = field(default_factory=Tally)
    problems: list[Problem] = field(default_factory=list[Problem])

    @property
    def broken(self) -> bool:
        """Whether a row is wrong, rather than only repeated."""
        return any(problem.broken for problem in self.problems)
