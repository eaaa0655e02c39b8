"""What a search has found, and how well each product fits: the weakest of the terms decides. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.finding.numbers import Numbers, above, below, highest_first, lowest_first
from catalog.finding.terms import ALL_LEVELS, SKU
from kernel.paging import Window

Levels = Mapping[int, Numbers]
"""Which products have a term, at each level."""


@dataclass(frozen=True, slots=True)
class Found:
    """Products by rank, the best rank first; no product has two."""

    ranks: Mapping[int, Numbers]

    @property
    def numbers(self) -> Numbers:
        """All of them, whatever their rank."""
        found = 0
        for numbers in self.ranks.values():
            found |= numbers
        return found

    def within(self, window: Window) -> Iterator[tuple[int, int]]:
        """Numbers with their ranks, from where the window begins: best first and newest first, or the other way round.

        The window's keys are `(rank, number)`.
        """
        ranks = list(self.ranks.items())
        for rank, numbers in reversed(ranks) if window.backwards else ranks:
            part = _between(numbers, rank, window)
            for number in lowest_first(part) if window.backwards else highest_first(part):
                yield number, rank


def rank(terms: Sequence[Levels], sku: Numbers, narrowing: Numbers | None = None) -> Found:
    """`sku`: whose whole SKU was typed. `narrowing`: no others, though it says nothing about the rank."""
    ranks = {SKU: sku}
    taken = sku
    at_least = [0] * len(terms)
    for level in ALL_LEVELS:
        at_least = [found | term.get(level, 0) for found, term in zip(at_least, terms, strict=True)]
        ranks[level] = _all_of(at_least) & ~taken
        taken |= ranks[level]
    if narrowing is not None:
        ranks = {rank: numbers & narrowing for rank, numbers in ranks.items()}
    return Found(ranks)


def _all_of(sets: Sequence[Numbers]) -> Numbers:
    if not sets:
        return 0
    found = sets[0]
    for each in sets[1:]:
        found &= each
    return found


def _between(numbers: Numbers, rank: int, window: Window) -> Numbers:
    """What of a rank lies in the window."""
    if window.after is not None:
        best, number = window.after
        if rank >= best:
            numbers = below(numbers, number) if rank == best else 0
    if window.before is not None:
        least, number = window.before
        if rank <= least:
            numbers = above(numbers, number) if rank == least else 0
    return numbers
