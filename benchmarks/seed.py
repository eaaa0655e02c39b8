"""Fills an empty, migrated database: goods, offers, members with their accounts. By COPY, in seconds.

What is read later follows from numbers: the id of the n-th member is `an_id("mem", n)`, so that pgbench, which
only counts, can name it as well.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import JSON, Table

from catalog.finding.words import fold
from catalog.tables import (
    CategoryRow,
    ExchangeOfferRow,
    ProductImageRow,
    ProductRow,
    SpecialPriceRow,
    TranslationRow,
    VariantRow,
)
from checkout.tables import OrderLineRow, OrderRow
from kernel.columns import Record
from kernel.database import table_of
from kernel.tables import SessionRow
from members.tables import AccountRow, AddressRow, LedgerEntryRow, MemberRow, TierPeriodRow

CATEGORIES = 100
PRODUCTS = 10_000
VARIANTS = 2 * PRODUCTS
OFFERS = 2_000
MEMBERS = 100_000

# The first members read, in all three tiers and with a past; the next ones buy, and are all alike.
READERS = 2_000
BUYERS = 4_000
ENTRIES = 40
OPEN_ORDERS = 2

TIERS = ("ORDINARY", "VIP", "SVIP")

Row = Mapping[str, Any]


def an_id(kind: str, number: int) -> str:
    return f"{kind}_{number:032}"


def reader(number: int) -> int:
    """The number of the member who is the n-th reader."""
    return number % READERS


def buyer(number: int) -> int:
    """The number of the member who is the n-th buyer."""
    return READERS + number % BUYERS


def seed(url: str) -> None:
    """Writes everything, and lets PostgreSQL learn what it has. The same on each run."""
    now = datetime.now(UTC)
    chance = random.Random(1)  # noqa: S311 - data, not secrets
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction():
            _catalogue(connection, now, chance)
            _members(connection, now)
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _catalogue(connection: psycopg.Connection, now: datetime, chance: random.Random) -> None:
    start = now - timedelta(days=100)
    prices = [chance.randrange(9_90, 999_00, 10) for _ in range(VARIANTS)]
    names = [f"长袖衬衫 {n:05}" for n in range(PRODUCTS)]
    _copy(
        connection,
        CategoryRow,
        (
            {
                "id": an_id("cat", n),
                "slug": f"category-{n}",
                "name": f"分类 {n}",
                "parent_id": an_id("cat", n % 10) if n >= 10 else None,
            }
            for n in range(CATEGORIES)
        ),
    )
    _copy(
        connection,
        ProductRow,
        (
            {
                "id": an_id("prd", n),
                "slug": f"product-{n}",
                "name": name,
                "name_key": fold(name),
                "description": "纯棉，免烫，四季皆宜。" * 5,
                "search_text": "",
                "category_id": an_id("cat", 10 + n % (CATEGORIES - 10)),
                "created_at": start + timedelta(seconds=n * 60),
            }
            for n, name in enumerate(names)
        ),
    )
    _copy(
        connection,
        TranslationRow,
        (
            {
                "subject_id": an_id("prd", n),
                "locale": "en",
                "name": f"Long-sleeved shirt {n:05}",
                "name_key": f"long-sleeved shirt {n:05}",
                "description": "Pure cotton, for all seasons. " * 5,
            }
            for n in range(PRODUCTS)
        ),
    )
    _copy(
        connection,
        ProductImageRow,
        (
            {
                "id": an_id("pim", 2 * n + position),
                "product_id": an_id("prd", n),
                "position": position,
                "image_key": f"{2 * n + position:064x}.webp",
                "width": 800,
                "height": 800,
                "alt": names[n],
            }
            for n in range(PRODUCTS)
            for position in range(2)
        ),
    )
    _copy(
        connection,
        VariantRow,
        (
            {
                "id": an_id("var", n),
                "product_id": an_id("prd", n // 2),
                "position": n % 2,
                "sku": f"S{n // 2}-{n % 2}",
                "name": ("M / 白色", "L / 白色")[n % 2],
                "regular_price": prices[n],
                "on_hand": 1_000_000 if n % 50 else 0,
            }
            for n in range(VARIANTS)
        ),
    )
    _copy(
        connection,
        SpecialPriceRow,
        (
            {
                "id": an_id("spp", n),
                "variant_id": an_id("var", n),
                "price": prices[n] * 8 // 10,
                "price_class": "SALE" if n % 2 else "GROUP_BUY",
                "starts_at": start,
                "ends_at": now + timedelta(days=100),
            }
            for n in range(0, VARIANTS, 5)
        ),
    )
    _copy(
        connection,
        ExchangeOfferRow,
        (
            {
                "id": an_id("off", n),
                "variant_id": an_id("var", n * (VARIANTS // OFFERS)),
                "cash": prices[n * (VARIANTS // OFFERS)] // 2,
                "points": 100 + n,
                "starts_at": start,
                "ends_at": now + timedelta(days=100),
                "quota": 1_000,
                "created_at": start + timedelta(seconds=n),
            }
            for n in range(OFFERS)
        ),
    )


def _members(connection: psycopg.Connection, now: datetime) -> None:
    joined = now - timedelta(days=200)
    later = now + timedelta(days=100)
    signed_in = range(READERS + BUYERS)
    _copy(
        connection,
        MemberRow,
        (
            {
                "id": an_id("mem", n),
                "number": f"{10**9 + n}",
                "phone": f"+86138{n:08}",
                "nickname": f"会员 {n}",
                "joined_at": joined + timedelta(seconds=n * 60),
            }
            for n in range(MEMBERS)
        ),
    )
    _copy(connection, AccountRow, (_account(n, later) for n in range(MEMBERS)))
    _copy(
        connection,
        TierPeriodRow,
        (
            {
                "id": an_id("tpd", n),
                "member_id": an_id("mem", n),
                "tier_code": _tier(n),
                "from_at": joined,
                "reason": "JOINED",
            }
            for n in range(MEMBERS)
        ),
    )
    _copy(
        connection,
        SessionRow,
        (
            {
                "id": an_id("ses", n),
                "subject_id": an_id("mem", n),
                "refresh_hash": f"{n:064x}",
                "refresh_expires_at": later,
                "created_at": now,
            }
            for n in signed_in
        ),
    )
    _copy(
        connection,
        AddressRow,
        (
            {
                "id": an_id("adr", n),
                "member_id": an_id("mem", n),
                "recipient": f"会员 {n}",
                "phone": f"+86138{n:08}",
                "region": "上海市 浦东新区",
                "line": "世纪大道 1 号",
                "postal_code": "200120",
                "is_default": True,
            }
            for n in signed_in
        ),
    )
    _copy(
        connection,
        LedgerEntryRow,
        (
            {
                "id": an_id("ent", n * ENTRIES + seq),
                "member_id": an_id("mem", n),
                "seq": seq,
                "kind": "GRANTED",
                "points": 100,
                "balance_after": 100 * seq,
                "occurred_at": joined + timedelta(days=seq),
                "expires_at_after": later,
                "source": f"seed:{seq}",
            }
            for n in range(READERS)
            for seq in range(1, ENTRIES + 1)
        ),
    )
    _copy(connection, OrderRow, (_order(n, seq, now) for n in range(READERS) for seq in range(1, OPEN_ORDERS + 1)))
    _copy(
        connection,
        OrderLineRow,
        (_order_line(n, seq, i) for n in range(READERS) for seq in range(1, OPEN_ORDERS + 1) for i in (0, 1)),
    )


def _tier(n: int) -> str:
    if n < READERS:
        return TIERS[n % len(TIERS)]
    return "VIP" if n < READERS + BUYERS else "ORDINARY"


def _account(n: int, later: datetime) -> Row:
    reads, tier = n < READERS, _tier(n)
    limited = tier != "ORDINARY"
    return {
        "member_id": an_id("mem", n),
        "balance": 100 * ENTRIES if reads else 0,
        "expires_at": later if reads else None,
        "tier_code": tier,
        "tier_review_at": later if limited else None,
        "qualifying_spend": 50_000,
        "entries": ENTRIES if reads else 0,
        "orders": OPEN_ORDERS if reads else 0,
        "next_due_at": later if limited or reads else None,
    }


def _order(n: int, seq: int, now: datetime) -> Row:
    placed = now - timedelta(days=seq)
    return {
        "id": an_id("ord", n * OPEN_ORDERS + seq),
        "number": f"S{n * OPEN_ORDERS + seq:010}",
        "member_id": an_id("mem", n),
        "member_seq": seq,
        "status": "PAID",
        "program_version": 1,
        "tier_code": _tier(n),
        "currency": "CNY",
        "placed_at": placed,
        "paid_at": placed,
        "address": {"recipient": "", "phone": "", "region": "", "line": "", "postal_code": None},
        "regular": 20_000,
        "tier_discount": 0,
        "other_discount": 0,
        "goods": 20_000,
        "shipping": 0,
        "gift_card": 0,
        "points": 0,
        "spend_kept": 20_000,
        "points_to_earn": 400,
    }


def _order_line(n: int, seq: int, position: int) -> Row:
    order = n * OPEN_ORDERS + seq
    variant = order * 2 % VARIANTS + position
    return {
        "id": an_id("oln", 2 * order + position),
        "order_id": an_id("ord", order),
        "position": position,
        "variant_id": an_id("var", variant),
        "sku": f"S{variant // 2}-{variant % 2}",
        "product_id": an_id("prd", variant // 2),
        "product_name": "长袖衬衫",
        "product_names": {"en": "Long-sleeved shirt"},
        "price_class": "REGULAR",
        "quantity": 1,
        "unit_regular": 10_000,
        "unit_cash": 10_000,
        "unit_points": 0,
        "gift_card": 0,
        "rate": "2",
        "gift_card_rate": "1",
        "multiplier": "1",
        "points_to_earn": 200,
        "explanation": [],
    }


def _copy(connection: psycopg.Connection, record: type[Record], rows: Iterable[Row]) -> None:
    """Adds rows; what a row leaves out has the column's default."""
    table = table_of(record)
    defaults = {column.name: _default(table, column.name) for column in table.columns}
    as_json = {column.name for column in table.columns if isinstance(column.type, JSON)}
    names = sql.SQL(", ").join(map(sql.Identifier, defaults))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            whole = {**defaults, **row}
            copy.write_row([json.dumps(v) if name in as_json and v is not None else v for name, v in whole.items()])


def _default(table: Table, column: str) -> object:
    default = table.c[column].default
    return default.arg if default is not None and default.is_scalar else None  # type: ignore[attr-defined]
