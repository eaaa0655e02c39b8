"""An expected "no" is a class with facts, not a sentence. Words are chosen at the edge, in the viewer's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why something was not done, and where in the input. Subclasses add the facts."""

    path: Path = ()

    def under(self, *prefix: str) -> Refusal:
        """The same refusal, seen from one level further out in the input."""
        return replace(self, path=(*prefix, *self.path))


class Refused(Exception):
    """Nothing was done. Carries everything that stood in the way, at once."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(*refusals)
        self.refusals = refusals


@dataclass
class Refusals:
    """Collects what is wrong, so that all of it is told at once."""

    found: list[Refusal] = field(default_factory=list[Refusal])

    def add(self, refusal: Refusal) -> None:
        if refusal not in self.found:
            self.found.append(refusal)

    def extend(self, refusals: Sequence[Refusal]) -> None:
        for refusal in refusals:
            self.add(refusal)

    def __bool__(self) -> bool:
        return bool(self.found)

    @contextmanager
    def told_too(self) -> Iterator[None]:
        """Where something inside cannot go on, and raises Refused, what was found until then is told with it."""
        try:
            yield
        except Refused as refused:
            self.extend(refused.refusals)
            raise Refused(*self.found) from None

    def raise_any(self) -> None:
        """Raises Refused where anything was found."""
        if self.found:
            raise Refused(*self.found)


@dataclass(frozen=True, kw_only=True)
class InvalidInput(Refusal):
    """A value out of its range or form. `reason` names the sentence; `facts` fill its blanks."""

    reason: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class NotFound(Refusal):
    """Does not exist, is not the viewer's, or is not published. `what` names the kind of thing."""

    what: str


@dataclass(frozen=True, kw_only=True)
class IdempotencyConflict(Refusal):
    """The key was used with another input."""


@dataclass(frozen=True, kw_only=True)
class Unavailable(Refusal):
    """Not set up in this shop. `what` names it."""

    what: str


def invalid(path: Path, reason: str, **facts: object) -> InvalidInput:
    return InvalidInput(path=path, reason=reason, facts=tuple((k, str(v)) for k, v in facts.items()))
