"""What everything in the demo's making shares: the shop as it was on that day, chance, and who and what there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from random import Random

from api.demo.diary import Diary
from checkout.shop import Shop
from kernel.database import Transaction
from program.config import Program
from staff import audit
from staff.tables import Role


@dataclass
class Stage:
    """`shop` has the diary's clock. Staff by role: id and e-mail. Variants by SKU."""

    shop: Shop
    diary: Diary
    secret: bytes
    chance: Random
    staff: dict[Role, tuple[str, str]] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)
    offers: list[str] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    @property
    def program(self) -> Program:
        with self.shop.db.read() as conn:
            return self.shop.shelf.programs(conn).at(self.diary.now).program

    def key(self) -> str:
        """A new idempotency key."""
        return f"demo-{next(self._numbers)}"

    def email(self, role: Role) -> str:
        return self.staff[role][1]

    def note(self, tx: Transaction, role: Role, action: str, subject_id: str, after: dict[str, str | int]) -> None:
        """An audit entry, where the verb leaves that to its caller."""
        audit.record(tx, at=self.diary.now, actor=self.email(role), action=action, subject_id=subject_id, after=after)
