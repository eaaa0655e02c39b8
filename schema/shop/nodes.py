"""Things by their ids: whatever the viewer may see, and nothing for anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalog.queries import offers_by_id, product_by_slug, products_by_id, variants_by_id
from checkout.queries import order_lines_by_id, orders_by_id, payments_by_id, returns_by_id
from kernel.ids import kind_of
from members.addresses import addresses_by_id
from members.gift_cards import gift_cards_of
from members.ledger.queries import entries_by_id
from schema.selection import Selection
from schema.shop.belongings import Address, GiftCard, address_type, gift_card_type
from schema.shop.catalogue import Category, ExchangeOffer, Product, Variant
from schema.shop.catalogue_reads import category_tree, offer_types, product_types, variant_types
from schema.shop.member_reads import entry_types, member_of
from schema.shop.members import Member, PointsEntry
from schema.shop.order_reads import (
    order_lines_of,
    order_of_address,
    order_types,
    payment_type,
    return_types,
    sent_to,
)
from schema.shop.orders import Order, OrderLine, Payment, Return
from schema.shop.request import View
from schema.types import Node


def node_of(view: View, id_: str, wanted: Selection) -> Node | None:
    """The thing that an id names, if the viewer may see it."""
    find = _FINDERS.get(kind_of(id_) or "")
    return find(view, id_, wanted) if find else None


def product_by_its_slug(view: View, slug: str, wanted: Selection) -> Product | None:
    record = product_by_slug(view.conn, slug, view.locale)
    if record is None or not record.is_published(view.now):
        return None
    return product_types(view, [record], wanted)[0]


# ---------------------------------------------------------------- what everybody may see


def _category(view: View, id_: str, _wanted: Selection) -> Category | None:
    return category_tree(view).get(id_)


def _product(view: View, id_: str, wanted: Selection) -> Product | None:
    record = products_by_id(view.conn, [id_], view.locale).get(id_)
    if record is None or not record.is_published(view.now):
        return None
    return product_types(view, [record], wanted)[0]


def _variant(view: View, id_: str, wanted: Selection) -> Variant | None:
    record = variants_by_id(view.conn, [id_], view.now).get(id_)
    if record is None or not record.active or not _published(view, record.product_id):
        return None
    return variant_types(view, [record], wanted)[0]


def _offer(view: View, id_: str, wanted: Selection) -> ExchangeOffer | None:
    record = offers_by_id(view.conn, [id_]).get(id_)
    if record is None or not record.holds_at(view.now):
        return None
    variant = variants_by_id(view.conn, [record.variant_id], view.now)[record.variant_id]
    if not variant.active or not _published(view, variant.product_id):
        return None
    return offer_types(view, [record], wanted, known={variant.id: variant})[0]


def _published(view: View, product_id: str) -> bool:
    return products_by_id(view.conn, [product_id], view.locale)[product_id].is_published(view.now)


# ---------------------------------------------------------------- what is the viewer's own


def _member(view: View, id_: str, wanted: Selection) -> Member | None:
    return member_of(view, id_, wanted) if id_ == view.member_id else None


def _entry(view: View, id_: str, wanted: Selection) -> PointsEntry | None:
    record = entries_by_id(view.conn, [id_]).get(id_)
    return entry_types(view, [record], wanted)[0] if record and record.member_id == view.member_id else None


def _address(view: View, id_: str, _wanted: Selection) -> Address | None:
    """One of the viewer's address book, or the copy that an order of theirs keeps."""
    record = addresses_by_id(view.conn, [id_]).get(id_)
    if record is not None:
        return address_type(record) if record.member_id == view.member_id else None
    order_id = order_of_address(id_)
    order = orders_by_id(view.conn, [order_id]).get(order_id)
    return sent_to(order) if order and order.member_id == view.member_id else None


def _gift_card(view: View, id_: str, _wanted: Selection) -> GiftCard | None:
    cards = gift_cards_of(view.conn, view.member_id) if view.member_id else []
    return next((gift_card_type(card) for card in cards if card.id == id_), None)


def _order(view: View, id_: str, wanted: Selection) -> Order | None:
    record = orders_by_id(view.conn, [id_]).get(id_)
    return order_types(view, [record], wanted)[0] if record and record.member_id == view.member_id else None


def _order_line(view: View, id_: str, wanted: Selection) -> OrderLine | None:
    record = order_lines_by_id(view.conn, [id_]).get(id_)
    if record is None or not _owns_order(view, record.order_id):
        return None
    return order_lines_of(view, [id_], wanted)[id_]


def _payment(view: View, id_: str, _wanted: Selection) -> Payment | None:
    record = payments_by_id(view.conn, [id_]).get(id_)
    return payment_type(record) if record and _owns_order(view, record.order_id) else None


def _return(view: View, id_: str, wanted: Selection) -> Return | None:
    record = returns_by_id(view.conn, [id_]).get(id_)
    return return_types(view, [record], wanted)[0] if record and record.member_id == view.member_id else None


def _owns_order(view: View, order_id: str) -> bool:
    order = orders_by_id(view.conn, [order_id]).get(order_id)
    return order is not None and order.member_id == view.member_id


_FINDERS: Mapping[str, Callable[[View, str, Selection], Node | None]] = {
    "cat": _category,
    "prd": _product,
    "var": _variant,
    "off": _offer,
    "mem": _member,
    "ent": _entry,
    "adr": _address,
    "gft": _gift_card,
    "ord": _order,
    "oln": _order_line,
    "pay": _payment,
    "ret": _return,
}
