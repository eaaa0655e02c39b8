"""Loads what a shop knows of a member's past, and stores what a replay has added, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from checkout.history.match_returns import PurchasedLine
from checkout.history.program_of_history import IMPORT_HISTORY
from checkout.history.replay import Past, PastOrder, PastReturn
from checkout.history.rows import Document
from checkout.returns.apportion import KeptLine, kept_figures
from checkout.returns.finish import Charged
from checkout.returns.records import kept_lines, lines_t, orders_t, return_lines_t, returns_t
from checkout.standing import ORDER_FIELDS, Standing, StandingOrder, release_cancelled
from checkout.tables import ReturnKind, ReturnStatus
from kernel.database import Transaction, among
from kernel.money import Money
from members.book import open_book, write_books
from members.ledger.entries import entries_t
from members.register import members_t
from members.tables import TierChangeReason
from members.tiers.periods import periods_t


def load_past(tx: Transaction, member_id: str) -> Past:
    """A known member's orders as they stand, under the account's lock."""
    book = open_book(tx, member_id)
    assert book is not None
    past = Past(Standing(book))
    columns = [orders_t.c[name] for name in ORDER_FIELDS]
    extra = (orders_t.c.number, orders_t.c.placed_at, orders_t.c.shipping, orders_t.c.gift_card)
    rows = tx.execute(
        select(*columns, *extra).where(orders_t.c.member_id == member_id).order_by(orders_t.c.member_seq)
    ).all()
    for row in rows:
        order = StandingOrder(*row[: len(columns)])
        number, placed_at, shipping, gift_card = row[len(columns) :]
        found = tx.execute(select(lines_t.c.id, lines_t.c.sku).where(lines_t.c.order_id == order.id))
        skus = dict(found.all())
        lines = [PurchasedLine(skus[line.id], line) for line in kept_lines(tx, order.id, order.currency)]
        charged = Charged(Money(shipping, order.currency), Money(gift_card, order.currency))
        past.orders.append(PastOrder(order, number, placed_at, charged, lines))
    past.standing.orders = [order.standing for order in past.orders]
    return past


def last_moved(conn: Connection, member_id: str) -> datetime | None:
    """The latest instant at which something happened to a member: nothing can be put in before it."""
    # Returns are found through the orders, by whose member there is an index.
    finished = (
        select(func.max(returns_t.c.completed_at))
        .join(orders_t, orders_t.c.id == returns_t.c.order_id)
        .where(orders_t.c.member_id == member_id)
    )
    orders = select(func.max(orders_t.c.placed_at), func.max(orders_t.c.settled_at)).where(
        orders_t.c.member_id == member_id
    )
    # Joining does nothing to an account: what a member bought elsewhere before comes in.
    tiers = select(func.max(periods_t.c.from_at)).where(
        periods_t.c.member_id == member_id, periods_t.c.reason != TierChangeReason.JOINED
    )
    entries = select(func.max(entries_t.c.occurred_at)).where(entries_t.c.member_id == member_id)
    instants = [instant for each in (orders, finished, tiers, entries) for instant in conn.execute(each).one()]
    return max((instant for instant in instants if instant is not None), default=None)


def joined_accounts(conn: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """Of members whose account has been joined to another one: whose, by numbers. There are no chains of them."""
    into = members_t.alias()
    rows = conn.execute(
        select(members_t.c.number, into.c.number)
        .join(into, into.c.id == members_t.c.merged_into)
        .where(among(members_t.c.number, numbers))
    )
    return dict(rows.all())


def numbers_here(conn: Connection, numbers: Sequence[str]) -> dict[str, str | None]:
    """Which numbers orders and returns have already, and whose documents these are; None: the shop's own."""
    o, r = orders_t.c, returns_t.c
    orders = select(o.number, case((o.imported, o.member_id))).where(among(o.number, numbers))
    imported = r.opened_by == IMPORT_HISTORY
    returns = select(r.number, case((imported, r.member_id))).where(among(r.number, numbers))
    return {number: member_id for each in (orders, returns) for number, member_id in conn.execute(each)}


def first_new(conn: Connection, documents: Sequence[Document]) -> datetime | None:
    """The earliest instant of documents that are not here yet; None where all are."""
    here = numbers_here(conn, [name for document in documents for name in document.names()])
    ids = sorted({member_id for member_id in here.values() if member_id is not None})
    owners = dict(conn.execute(select(members_t.c.id, members_t.c.number).where(among(members_t.c.id, ids))).all())
    known = {(name, owners.get(member_id or "")) for name, member_id in here.items()}
    new = (each.at for each in documents if not any((name, each.account) in known for name in each.names()))
    return min(new, default=None)


def write_pasts(tx: Transaction, pasts: Sequence[Past]) -> None:
    """Stores accounts, orders and returns of many members at once. Runs inside the caller's transaction."""
    new = [order for past in pasts for order in past.orders if order.is_new]
    if new:
        tx.execute(orders_t.insert(), [_order_row(order) for order in new])
        tx.execute(lines_t.insert(), [row for order in new for row in _line_rows(order)])
    for past in pasts:
        _update_known(tx, past)
    returns = [(past, item) for past in pasts for item in past.returns]
    if returns:
        tx.execute(
            returns_t.insert(),
            [_return_row(past.standing.book.account.member_id, item) for past, item in returns],
        )
        tx.execute(
            return_lines_t.insert(),
            [
                {"return_id": item.id, "position": i, "order_line_id": line_id, "quantity": quantity}
                for _, item in returns
                for i, (line_id, quantity) in enumerate(item.units.items())
            ],
        )
    write_books(tx, [past.standing.book for past in pasts])
    release_cancelled(tx, [past.standing for past in pasts])


def _order_row(order: PastOrder) -> dict[str, Any]:
    return {**order.row, **{name: getattr(order.standing, name) for name in ORDER_FIELDS}}


def _line_rows(order: PastOrder) -> list[dict[str, Any]]:
    """Lines as they stand after all returns."""
    return [
        row | {"returned_quantity": line.kept.returned, "points_to_earn": _earned(line.kept)}
        for row, line in zip(order.line_rows, order.lines, strict=True)
    ]


def _earned(line: KeptLine) -> int:
    return kept_figures(line, line.kept).earned


def _update_known(tx: Transaction, past: Past) -> None:
    """Orders from before this run: what their settlement and new returns have changed."""
    for order in past.orders:
        if order.is_new:
            continue
        values = {name: getattr(order.standing, name) for name in ORDER_FIELDS if name != "id"}
        tx.execute(orders_t.update().where(orders_t.c.id == order.standing.id).values(**values))
        taken = {line_id for item in past.returns if item.order_id == order.standing.id for line_id in item.units}
        for line in order.kept_lines:
            if line.id in taken:
                tx.execute(
                    lines_t.update()
                    .where(lines_t.c.id == line.id)
                    .values(returned_quantity=line.returned, points_to_earn=_earned(line))
                )


def _return_row(member_id: str, item: PastReturn) -> dict[str, Any]:
    """A return that was opened and received at one instant; its money moved elsewhere."""
    outcome = item.outcome
    return {
        "id": item.id,
        "number": item.number,
        "order_id": item.order_id,
        "member_id": member_id,
        "kind": ReturnKind.REFUND.value,
        "status": ReturnStatus.COMPLETED.value,
        "reason": IMPORT_HISTORY,
        "requested_at": item.at,
        "completed_at": item.at,
        "opened_by": IMPORT_HISTORY,
        "restock": False,
        "full": outcome.full,
        "refund": outcome.refund.minor,
        "gift_card_refund": outcome.gift_card_refund.minor,
        "points_returned": outcome.points_returned,
        "pending_points_reversed": outcome.pending_points_reversed,
        "available_points_reversed": outcome.available_points_reversed,
        "withheld": outcome.withheld.minor,
        "expires_at_after": outcome.expires_at_after,
    }
