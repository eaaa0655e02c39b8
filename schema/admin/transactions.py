"""A deed and its entry in the audit log, in one transaction: both happen, or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from checkout.timeline import gives_back
from kernel.database import Transaction
from kernel.refusals import Refused
from program.config import Program
from schema.admin.context import AdminContext
from staff import audit

Snapshot = Mapping[str, Any]
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Deed:
    """The transaction that a deed is done in, at which instant, and the program in force then."""

    tx: Transaction
    now: datetime
    program: Program


def audited(
    context: AdminContext,
    action: str,
    do: Callable[[Deed], str],
    subject: Callable[[Deed], str | None],
    snapshot: Callable[[Deed, str], Snapshot | None],
    **facts: object,
) -> Callable[[], str]:
    """A deed that gives its subject's id, with what the subject was before and is after; `facts` say more of it.

    `subject` finds the id beforehand, None for what is new or unknown. What has changed nothing is not noted.
    """

    def attempt() -> str:
        now = context.services.clock.now()
        with context.services.db.write() as tx:
            deed = _begun(context, tx, now)
            known = subject(deed)
            before = None if known is None else snapshot(deed, known)
            done = do(deed)
            after = snapshot(deed, done)
            if before != after:
                audit.record(
                    tx,
                    at=now,
                    actor=context.actor,
                    action=action,
                    subject_id=done,
                    before=before,
                    after={**(after or {}), **facts},
                )
        return done

    return lambda: _in_time(context, attempt)


def audited_together(
    context: AdminContext,
    action: str,
    do: Callable[[Deed], Sequence[str]],
    subjects: Callable[[Deed], Sequence[str]],
    snapshots: Callable[[Deed, Sequence[str]], Mapping[str, Snapshot]],
) -> Callable[[], Sequence[str]]:
    """A deed done to many subjects that there are, with an entry for each that it changed: as many statements as
    for one. `do` gives their ids, each as often as something was done to it; `subjects` finds them beforehand."""

    def attempt() -> Sequence[str]:
        now = context.services.clock.now()
        with context.services.db.write() as tx:
            deed = _begun(context, tx, now)
            before = snapshots(deed, subjects(deed))
            done = do(deed)
            after = snapshots(deed, list(before))
            changes = [audit.Change(id_, before[id_], after[id_]) for id_ in before if before[id_] != after[id_]]
            audit.record_changes(tx, changes, at=now, actor=context.actor, action=action)
        return done

    return lambda: _in_time(context, attempt)


def _in_time(context: AdminContext, attempt: Callable[[], Done]) -> Done:
    """Tries once more where what was lacking had been reserved for orders that are over."""
    try:
        return attempt()
    except Refused as refused:
        if not gives_back(context.services.shop, refused.refusals):
            raise
    return attempt()


def _begun(context: AdminContext, tx: Transaction, now: datetime) -> Deed:
    return Deed(tx, now, context.services.shelf.programs(tx).at(now).program)
