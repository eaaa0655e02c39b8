"""A deed and its entry in the audit log, in one transaction: both happen, or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.database import Transaction
from program.config import Program
from schema.admin.context import Info
from staff import audit

Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """The transaction that a deed is done in, at which instant, and the program in force then."""

    tx: Transaction
    now: datetime
    program: Program


def audited(
    info: Info,
    action: str,
    do: Callable[[Deed], str],
    subject: Callable[[Deed], str | None],
    snapshot: Callable[[Deed, str], Snapshot | None],
    **facts: object,
) -> Callable[[], str]:
    """A deed that gives its subject's id, with what the subject was before and is after; `facts` say more of it.

    `subject` finds the id beforehand, None for what is new or unknown. What has changed nothing is not noted.
    """
    services, actor = info.context.services, info.context.actor

    def use_case() -> str:
        now = services.clock.now()
        with services.db.write() as tx:
            deed = Deed(tx, now, services.shelf.programs(tx).at(now).program)
            known = subject(deed)
            before = None if known is None else snapshot(deed, known)
            done = do(deed)
            after = snapshot(deed, done)
            if before != after:
                audit.record(
                    tx,
                    at=now,
                    actor=actor,
                    action=action,
                    subject_id=done,
                    before=before,
                    after={**(after or {}), **facts},
                )
        return done

    return use_case
