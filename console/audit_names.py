"""What the subjects of the audit log are called, where in the console they are found, and how they are looked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from catalog import queries
from catalog.product_list import product_page
from catalog.queries import RELEVANCE, ProductFilter
from checkout.queries import order_by_number, order_lines_by_id, orders_by_id, return_by_number, returns_by_id
from console.order_view import line_name
from kernel.paging import Window
from members.directory import member_by_number
from members.gift_cards import gift_cards_by_id
from members.profile import members_by_id
from program.queries import versions_by_id
from schema.context import Reading
from schema.locale import Locale
from staff.accounts import everybody, fold, staff_by_id

ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}")

MOST_PRODUCTS = 50
"""So many products that a text fits are looked at."""

Named = Mapping[str, tuple[str, str | None]]
"""By id: what a thing is called, and its page where it has one."""


def names_of(reading: Reading, ids: Iterable[str], locale: Locale) -> Named:
    """The names of all things that have one; what is gone, or never had one, is not among them."""
    by_kind: dict[str, list[str]] = {}
    for id_ in ids:
        by_kind.setdefault(id_[:3], []).append(id_)
    named: dict[str, tuple[str, str | None]] = {}
    for kind, of_kind in by_kind.items():
        if kind in _NAMES:
            named |= _NAMES[kind](reading, of_kind, locale)
    return named


def subjects_of(reading: Reading, text: str, locale: Locale) -> list[str]:
    """What somebody looks for by the name it goes by: a number, an e-mail, a SKU, a slug, the name of a product or
    category. With goods come their SKUs and the exchange offers of those.
    """
    if ID.fullmatch(text):
        return [text]
    conn = reading.conn
    found = [account.id for account in everybody(conn) if account.email == fold(text)]
    for one in (
        member_by_number(conn, text),
        order_by_number(conn, text.upper()),
        return_by_number(conn, text.upper()),
    ):
        if one is not None:
            found.append(one.id)
    found += [each.id for each in queries.categories(conn, locale) if text in (each.slug, each.name)]
    return found + _goods_of(reading, text, locale)


def _goods_of(reading: Reading, text: str, locale: Locale) -> list[str]:
    conn = reading.conn
    variant = queries.variant_by_sku(conn, text, reading.now)
    if variant is not None:
        variants, products = [variant.id], list[str]()
    else:
        by_slug = queries.product_by_slug(conn, text, None)
        products = [by_slug.id] if by_slug is not None else _products_named(reading, text, locale)
        of_products = queries.variants_of_products(conn, products, reading.now, active_only=False)
        variants = [each.id for of_one in of_products.values() for each in of_one]
    offers = queries.offers_of_variants(conn, variants, None)
    return [*products, *variants, *(offer.id for of_one in offers.values() for offer in of_one)]


def _products_named(reading: Reading, text: str, locale: Locale) -> list[str]:
    found = product_page(
        reading.conn,
        Window(MOST_PRODUCTS),
        locale=locale,
        at=reading.now,
        program=reading.program,
        published_only=False,
        filter=ProductFilter(search=text),
        sort=RELEVANCE,
    )
    return [product.id for product in found.items]


def _members(reading: Reading, ids: Sequence[str], _locale: Locale) -> Named:
    return {id_: (each.number, f"/members/{each.number}") for id_, each in members_by_id(reading.conn, ids).items()}


def _orders(reading: Reading, ids: Sequence[str], _locale: Locale) -> Named:
    return {id_: (each.number, f"/orders/{each.number}") for id_, each in orders_by_id(reading.conn, ids).items()}


def _order_lines(reading: Reading, ids: Sequence[str], locale: Locale) -> Named:
    return {id_: (line_name(each, locale), None) for id_, each in order_lines_by_id(reading.conn, ids).items()}


def _returns(reading: Reading, ids: Sequence[str], _locale: Locale) -> Named:
    return {id_: (each.number, f"/returns/{each.number}") for id_, each in returns_by_id(reading.conn, ids).items()}


def _staff(reading: Reading, ids: Sequence[str], _locale: Locale) -> Named:
    return {id_: (each.email, f"/staff/{id_}") for id_, each in staff_by_id(reading.conn, ids).items()}


def _versions(reading: Reading, ids: Sequence[str], _locale: Locale) -> Named:
    found = versions_by_id(reading.conn, ids)
    return {id_: (str(each.version), f"/program/versions/{each.version}") for id_, each in found.items()}


def _categories(reading: Reading, ids: Sequence[str], locale: Locale) -> Named:
    wanted = set(ids)
    found = [each for each in queries.categories(reading.conn, locale) if each.id in wanted]
    return {each.id: (each.name, f"/categories/{each.id}") for each in found}


def _products(reading: Reading, ids: Sequence[str], locale: Locale) -> Named:
    found = queries.products_by_id(reading.conn, ids, locale)
    return {id_: (each.name, f"/products/{id_}") for id_, each in found.items()}


def _variants(reading: Reading, ids: Sequence[str], _locale: Locale) -> Named:
    found = queries.variants_by_id(reading.conn, ids, reading.now)
    return {id_: (each.sku, f"/stock/{id_}") for id_, each in found.items()}


def _offers(reading: Reading, ids: Sequence[str], _locale: Locale) -> Named:
    offers = queries.offers_by_id(reading.conn, ids)
    variants = queries.variants_by_id(reading.conn, [offer.variant_id for offer in offers.values()], reading.now)
    return {id_: (variants[offer.variant_id].sku, f"/offers/{id_}") for id_, offer in offers.items()}


def _gift_cards(reading: Reading, ids: Sequence[str], _locale: Locale) -> Named:
    """A card has no page of its own; its member's shows it."""
    cards = gift_cards_by_id(reading.conn, ids)
    members = members_by_id(reading.conn, [member_id for _, member_id in cards.values() if member_id])
    return {
        id_: (f"…{last_four}", f"/members/{members[member_id].number}" if member_id else None)
        for id_, (last_four, member_id) in cards.items()
    }


_NAMES: Mapping[str, Callable[[Reading, Sequence[str], Locale], Named]] = {
    "mem": _members,
    "ord": _orders,
    "oln": _order_lines,
    "ret": _returns,
    "stf": _staff,
    "prg": _versions,
    "cat": _categories,
    "prd": _products,
    "var": _variants,
    "off": _offers,
    "gft": _gift_cards,
}
