"""`node`: whatever has an id and may be seen by the role that asks; null for the rest."""

from __future__ import annotations

from collections.abc import Callable

import strawberry

from catalog import queries as catalogue
from checkout import queries as checkout
from checkout.payments.refunds import refunds_by_id
from kernel.outbox import outbox_by_id
from members.ledger.queries import entries_by_id
from members.profile import members_by_id
from program.queries import versions_by_id
from schema.admin.audit import AuditEntry
from schema.admin.catalogue import offers_shown
from schema.admin.context import AdminContext, Info
from schema.admin.guard import allowed
from schema.admin.outbox import OutboxMessage
from schema.admin.permissions import NODES
from schema.admin.program import ProgramVersion
from schema.admin.sessions import Staff
from schema.admin.types_catalogue import Category, Product, SpecialPrice, Variant
from schema.admin.types_order_parts import OrderLine, Payment
from schema.admin.types_orders import Member, Order, Return
from schema.admin.types_points import PointsEntry
from schema.admin.types_refunds import Refund
from schema.context import Reading
from schema.ids import checked_id
from schema.locale import Locale
from schema.types import Node
from staff.accounts import staff_by_id
from staff.audit import audit_by_id

Find = Callable[[Reading, str, Locale], Node | None]


def _category(reading: Reading, id_: str, locale: Locale) -> Node | None:
    categories = catalogue.categories(reading.conn, locale)
    return next((Category.of(category) for category in categories if category.id == id_), None)


def _product(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = catalogue.products_by_id(reading.conn, [id_], locale).get(id_)
    return Product.of(found, reading.program.currency) if found else None


def _variant(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = catalogue.variants_by_id(reading.conn, [id_], reading.now).get(id_)
    return Variant.of(found, reading.program.currency) if found else None


def _special(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = catalogue.specials_by_id(reading.conn, [id_]).get(id_)
    return SpecialPrice.of(found, reading.program.currency) if found else None


def _offer(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = catalogue.offers_by_id(reading.conn, [id_]).get(id_)
    return offers_shown(reading, [found], locale)[0] if found else None


def _member(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = members_by_id(reading.conn, [id_]).get(id_)
    return Member.of(found) if found else None


def _entry(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = entries_by_id(reading.conn, [id_]).get(id_)
    return PointsEntry.of(found, locale) if found else None


def _order(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = checkout.orders_by_id(reading.conn, [id_]).get(id_)
    return Order.of(found) if found else None


def _order_line(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = checkout.order_lines_by_id(reading.conn, [id_]).get(id_)
    if found is None:
        return None
    return OrderLine.of(found, checkout.orders_by_id(reading.conn, [found.order_id])[found.order_id], locale)


def _payment(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = checkout.payments_by_id(reading.conn, [id_]).get(id_)
    return Payment.of(found) if found else None


def _return(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = checkout.returns_by_id(reading.conn, [id_]).get(id_)
    if found is None:
        return None
    return Return.of(found, checkout.orders_by_id(reading.conn, [found.order_id])[found.order_id])


def _refund(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = refunds_by_id(reading.conn, [id_]).get(id_)
    return Refund.of(found) if found else None


def _message(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = outbox_by_id(reading.conn, [id_]).get(id_)
    return OutboxMessage.of(found, locale) if found else None


def _program_version(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = versions_by_id(reading.conn, [id_]).get(id_)
    return ProgramVersion.of(found) if found else None


def _staff(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = staff_by_id(reading.conn, [id_]).get(id_)
    return Staff.of(found) if found else None


def _audit_entry(reading: Reading, id_: str, locale: Locale) -> Node | None:
    found = audit_by_id(reading.conn, [id_]).get(id_)
    return AuditEntry.of(found) if found else None


FINDERS: dict[str, Find] = {
    "cat": _category,
    "prd": _product,
    "var": _variant,
    "spp": _special,
    "off": _offer,
    "mem": _member,
    "ent": _entry,
    "ord": _order,
    "oln": _order_line,
    "pay": _payment,
    "ret": _return,
    "rfd": _refund,
    "out": _message,
    "prg": _program_version,
    "stf": _staff,
    "aud": _audit_entry,
}

# What time changes by itself is brought up to date before it is shown.
MOVED_BY_TIME = frozenset({"mem", "ent", "ord", "oln", "pay", "ret", "rfd"})


@strawberry.type
class NodeQuery:
    @strawberry.field
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        context = info.context
        kind = checked_id(id).partition("_")[0]
        find = FINDERS.get(kind)
        if find is None or not _visible(context, kind, id):
            return None
        read = context.read_today if kind in MOVED_BY_TIME else context.read
        return await read(lambda reading: find(reading, id, context.locale))


def _visible(context: AdminContext, kind: str, id_: str) -> bool:
    return id_ == context.viewer.id or allowed(context, NODES[kind])
