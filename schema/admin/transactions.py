"""A deed and its entry in the audit log, in one transaction: both happen, or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kernel.database import Transaction
from kernel.refusals import Refusals, Refused
from program.config import Program
from schema.admin.context import AdminContext
from staff import audit

Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """The transaction that a deed is done in, at which instant, and the program in force then."""

    tx: Transaction
    now: datetime
    program: Program


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, and what is noted of it; meanings: `audited`."""

    action: str
    do: Callable[[Deed], str]
    subject: Callable[[Deed], str | None]
    snapshot: Callable[[Deed, str], Snapshot | None]
    facts: Mapping[str, object] = field(default_factory=dict[str, object])


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
    step = Step(action, do, subject, snapshot, facts)

    def use_case() -> str:
        now = context.services.clock.now()
        with context.services.db.write() as tx:
            return _take(context, _begun(context, tx, now), step)

    return use_case


def audited_together(context: AdminContext, steps: Sequence[Step], name: str) -> Callable[[], list[str]]:
    """Several deeds in one transaction: all of them, or none. What is refused is told of each, by `name` and number."""

    def use_case() -> list[str]:
        now, refusals, done = context.services.clock.now(), Refusals(), list[str]()
        with context.services.db.write() as tx:
            deed = _begun(context, tx, now)
            for i, step in enumerate(steps):
                try:
                    done.append(_take(context, deed, step))
                except Refused as refused:
                    refusals.extend([refusal.under(name, str(i)) for refusal in refused.refusals])
            refusals.raise_any()
        return done

    return use_case


def _begun(context: AdminContext, tx: Transaction, now: datetime) -> Deed:
    return Deed(tx, now, context.services.shelf.programs(tx).at(now).program)


def _take(context: AdminContext, deed: Deed, step: Step) -> str:
    known = step.subject(deed)
    before = None if known is None else step.snapshot(deed, known)
    done = step.do(deed)
    after = step.snapshot(deed, done)
    if before != after:
        audit.record(
            deed.tx,
            at=deed.now,
            actor=context.actor,
            action=step.action,
            subject_id=done,
            before=before,
            after={**(after or {}), **step.facts},
        )
    return done
