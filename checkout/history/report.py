"""What an import of history has come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from checkout.history.rows import LeftOut


@dataclass(frozen=True, slots=True)
class NoPurchase:
    """Units of a return for which no purchase was found."""

    document: str
    member: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class KeptAs:
    """A document that is called otherwise here, since its number is not its own."""

    document: str
    member: str
    name: str


@dataclass(slots=True)
class HistoryReport:
    """Counts of this run; tiers and points are those of the whole shop afterwards, points by kind of entry."""

    rows: int = 0
    members: int = 0
    orders: int = 0
    returns: int = 0
    return_documents: int = 0
    known_documents: int = 0
    late_documents: list[str] = field(default_factory=list[str])
    closed_documents: list[str] = field(default_factory=list[str])
    renamed: list[KeptAs] = field(default_factory=list[KeptAs])
    left_out: Counter[LeftOut] = field(default_factory=Counter[LeftOut])
    no_purchase: list[NoPurchase] = field(default_factory=list[NoPurchase])
    members_by_tier: dict[str, int] = field(default_factory=dict[str, int])
    points: dict[str, int] = field(default_factory=dict[str, int])
