"""Opens a return or swap: by the member in time, or by staff later (R7). It holds settlement back (R4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from checkout.due import advance
from checkout.orders import lock_order
from checkout.returns.eligibility import ReturnLine, check_form, check_state, check_units
from checkout.returns.records import return_lines_t, returnable_order, returns_t
from checkout.shop import Shop
from checkout.standing import Standing, StandingOrder, write_standing
from checkout.tables import ReturnStatus
from checkout.timeline import in_time
from kernel.database import Transaction
from kernel.idempotency import claim, read_key
from kernel.ids import new_id, readable_code
from kernel.refusals import Refusals
from kernel.texts import MAX_TEXT, read_text
from program.config import Programs
from staff import audit


@dataclass(frozen=True, slots=True)
class RequestReturn:
    """`member_id` where the member asks; `staff_id` and `actor` (an e-mail address) where staff do."""

    order_id: str
    kind: str
    lines: tuple[ReturnLine, ...]
    reason: str
    idempotency_key: str
    member_id: str | None = None
    staff_id: str | None = None
    actor: str | None = None


@in_time
def request_return(shop: Shop, command: RequestReturn) -> str:
    """Owns its transaction. Returns the return's id; the same key with the same input, the same return's.

    Raises:
        Refused: no such order, not shipped, too late for the member, more units than are kept, a reason that is
            too long, or a key that was used otherwise.
    """
    refusals = Refusals()
    command = replace(
        command,
        reason=read_text(refusals, ("reason",), command.reason, most=MAX_TEXT),
        idempotency_key=read_key(refusals, command.idempotency_key) or "",
    )
    refusals.extend(check_form(command.lines))
    now = shop.clock.now()
    with refusals.told_too(), shop.db.write() as tx:
        standing, programs, order = lock_order(tx, shop, command.order_id, now, member_id=command.member_id)
        return_id = new_id("ret")
        who, mutation = (command.member_id, "requestReturn") if command.member_id else (command.staff_id, "openReturn")
        assert who is not None
        # The key goes along when two accounts of a person become one: it is then another member's.
        asked = replace(command, member_id=None)
        done = claim(tx, refusals, who, mutation, command.idempotency_key, asked, return_id, now)
        if done is not None:
            return done
        found = returnable_order(tx, command.order_id)
        by_member = command.member_id is not None
        refusals.extend(check_state(order.status, found.returnable_until, by_member=by_member, now=now))
        taken, wrong = check_units(command.lines, found.lines, found.asked_for)
        refusals.extend(wrong)
        refusals.raise_any()
        open_return(tx, standing, programs, order, command, return_id, taken, now)
        if command.actor is not None:
            audit.record(
                tx,
                at=now,
                actor=command.actor,
                action="openReturn",
                subject_id=return_id,
                after={"orderId": order.id, "kind": command.kind, "reason": command.reason, "units": taken},
            )
    return return_id


def open_return(
    tx: Transaction,
    standing: Standing,
    programs: Programs,
    order: StandingOrder,
    command: RequestReturn,
    return_id: str,
    taken: Mapping[str, int],
    now: datetime,
) -> None:
    """Writes a checked return. Runs inside the caller's transaction."""
    zone = programs.at(now).program.zone
    tx.execute(
        returns_t.insert().values(
            id=return_id,
            number=f"R{now.astimezone(zone):%Y%m%d}-{readable_code(8)}",
            order_id=order.id,
            member_id=standing.book.account.member_id,
            kind=command.kind,
            status=ReturnStatus.REQUESTED.value,
            reason=command.reason,
            requested_at=now,
            opened_by=command.actor,
        )
    )
    tx.execute(
        return_lines_t.insert(),
        [
            {"return_id": return_id, "position": i, "order_line_id": line_id, "quantity": quantity}
            for i, (line_id, quantity) in enumerate(taken.items())
        ],
    )
    order.open_returns += 1
    advance(standing, programs, now, since=now)
    write_standing(tx, standing)
