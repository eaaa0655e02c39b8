"""Standings in memory, for rules that need no database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checkout.standing import Standing, StandingOrder
from kernel.clock import utc
from members.account import Account
from members.book import Book
from program.config import Program, Programs, ProgramVersion

MEMBER = "mem_1"


def beijing(text: str) -> datetime:
    """An instant by the clock on the wall in the reference program's zone."""
    return utc(datetime.fromisoformat(f"{text}+08:00"))


def account(**changes: Any) -> Account:
    """A member who has just joined, with changes."""
    values: dict[str, Any] = {
        "member_id": MEMBER,
        "balance": 0,
        "expires_at": None,
        "tier_code": "ORDINARY",
        "tier_review_at": None,
        "qualifying_spend": 0,
        "window": 0,
        "entries": 0,
        "orders": 0,
        "next_due_at": None,
        "closed_at": None,
    }
    return Account(**values | changes)


def order(seq: int, status: str = "SHIPPED", **changes: Any) -> StandingOrder:
    """An order of 100.00 that will earn 200 points, with changes."""
    values: dict[str, Any] = {
        "id": f"ord_{seq}",
        "member_seq": seq,
        "status": status,
        "program_version": 1,
        "currency": "CNY",
        "paid_at": beijing("2026-01-01T09:00"),
        "pay_before": None,
        "settles_at": None,
        "settled_at": None,
        "settled_window": None,
        "cancelled_at": None,
        "open_returns": 0,
        "points": 0,
        "points_expired_at": None,
        "spend_kept": 10_000,
        "points_to_earn": 200,
    }
    return StandingOrder(**values | changes)


def standing(*orders: StandingOrder, **of_account: Any) -> Standing:
    return Standing(Book(account(**of_account), latest_program=1), list(orders))


def versions(*programs: tuple[str, Program]) -> Programs:
    """Programs in force from a local time on."""
    return Programs(
        tuple(ProgramVersion(f"prg_{i}", i, beijing(start), program) for i, (start, program) in enumerate(programs, 1))
    )


def booked(standing: Standing) -> list[tuple[str, int, datetime]]:
    return [(entry.kind, entry.points, entry.occurred_at) for entry in standing.book.entries]
