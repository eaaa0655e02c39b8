"""What came of an import: what was added, changed or there already, and what is wrong with which line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
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


class Effect(StrEnum):
    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"


class Subject(StrEnum):
    """What a change is about. `key` of a change: a slug, or a SKU for all that belongs to a variant."""

    CATEGORY = "CATEGORY"
    PRODUCT = "PRODUCT"
    VARIANT = "VARIANT"
    SPECIAL_PRICE = "SPECIAL_PRICE"
    EXCHANGE_OFFER = "EXCHANGE_OFFER"
    PICTURE = "PICTURE"


class FieldChange(NamedTuple):
    """A field by its column in our own form; what it says before and after, as a sheet says it. Blank: nothing."""

    field: str
    before: str
    after: str


class Change(NamedTuple):
    """What becomes of one thing that a line names. Of what is unchanged, no fields are told.

    `id` is what the audit log finds it by: special prices are their variant's, pictures their product's.
    """

    line: int
    subject: Subject
    key: str
    effect: Effect
    fields: tuple[FieldChange, ...] = ()
    id: str = ""


@dataclass(slots=True)
class Tally:
    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, effect: Effect) -> None:
        if effect is Effect.NEW:
            self.added += 1
        elif effect is Effect.CHANGED:
            self.changed += 1
        else:
            self.unchanged += 1


@dataclass(slots=True)
class ImportReport:
    """`done` is False where problems kept everything from being done, and for a dry run.

    Of a dry run, tallies and `changes` say what would be done with the rows that are not broken.
    """

    done: bool = True
    dry_run: bool = False
    format: str = ""
    encoding: str = ""
    rows: int = 0
    categories: Tally = field(default_factory=Tally)
    products: Tally = field(default_factory=Tally)
    variants: Tally = field(default_factory=Tally)
    specials: Tally = field(default_factory=Tally)
    offers: Tally = field(default_factory=Tally)
    pictures: Tally = field(default_factory=Tally)
    problems: list[Problem] = field(default_factory=list[Problem])
    changes: list[Change] = field(default_factory=list[Change])

    @property
    def broken(self) -> bool:
        """Whether a row is wrong, rather than only repeated."""
        return any(problem.broken for problem in self.problems)

    @property
    def broken_rows(self) -> int:
        """How many rows are wrong."""
        return len({problem.line for problem in self.problems if problem.broken})

    def tally(self, subject: Subject) -> Tally:
        return {
            Subject.CATEGORY: self.categories,
            Subject.PRODUCT: self.products,
            Subject.VARIANT: self.variants,
            Subject.SPECIAL_PRICE: self.specials,
            Subject.EXCHANGE_OFFER: self.offers,
            Subject.PICTURE: self.pictures,
        }[subject]

    def tell(self, change: Change) -> None:
        self.changes.append(change)
        self.tally(change.subject).count(change.effect)
