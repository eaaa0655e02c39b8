"""The goods that the search is measured with: the same in SQLite and in PostgreSQL, made once."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.seed import an_id
from catalog.finding.document import Document, levels_of, written
from catalog.finding.posting_changes import Changes
from catalog.finding.postings import pack
from catalog.finding.words import fold

PRODUCTS = 100_000

_WHO = """
男士 Men's, 女士 Women's, 儿童 Kids', 中性 Unisex
"""
_HOW = """
轻薄 light, 加厚 thick, 纯棉 cotton, 羊毛 wool, 防水 waterproof, 修身 slim, 宽松 loose, 短款 short,
长款 long, 连帽 hooded, 条纹 striped, 格子 checked, 印花 printed, 复古 vintage, 速干 quick-dry,
保暖 warm, 透气 breathable, 弹力 stretch, 真丝 silk, 亚麻 linen
"""
_WHAT = """
羽绒服 down jacket, 衬衫 shirt, T恤 T-Shirts, 卫衣 hoodie, 牛仔裤 jeans, 连衣裙 dress,
毛衣 sweater, 外套 coat, 短裤 shorts, 袜子 socks, 围巾 scarf, 手套 gloves, 帽子 hat, 运动鞋 sneakers,
皮鞋 leather shoes, 凉鞋 sandals, 背包 backpack, 雨伞 umbrella, 睡衣 pyjamas, 泳衣 swimsuit
"""


def _pairs(text: str) -> list[tuple[str, str]]:
    """Chinese and English."""
    pairs = [pair.strip().partition(" ") for pair in text.replace("\n", " ").split(",")]
    return [(chinese, english) for chinese, _, english in pairs]


WHO, HOW, WHAT = (_pairs(text) for text in (_WHO, _HOW, _WHAT))
CATEGORIES = len(WHAT)
EVERYWHERE = ("四季皆宜，做工精细，七天无理由退换。", "For all seasons, finely made, returned within seven days.")


def seed(file: Path, url: str) -> None:
    """The same goods in both, made once."""
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as lite,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-600000", "foreign_keys=OFF"):
            lite.execute(f"PRAGMA {pragma}")
        lite.execute("BEGIN")
        with connection.transaction():
            for table, columns, rows in _tables():
                _write(lite, connection, table, columns, rows)
        lite.execute("COMMIT")
        lite.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM (ANALYZE)")


_TEXTS = ("id", "slug", "name", "name_key", "description", "search_text", "category_id")
_FLAGS = ("published", "third_party")
Good = tuple[str, str, str, str, str, int]
Table = tuple[str, tuple[str, ...], Iterable[tuple[Any, ...]]]


def _write(
    lite: sqlite3.Connection, connection: psycopg.Connection, table: str, columns: tuple[str, ...], rows: Iterable[Any]
) -> None:
    names = ", ".join(columns)
    marks = ", ".join("?" for _ in columns)
    chunk: list[Any] = []
    insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
            chunk.append(tuple(str(v) if isinstance(v, datetime) else v for v in row))
            if len(chunk) >= 20_000:
                lite.executemany(insert, chunk)
                chunk.clear()
    lite.executemany(insert, chunk)


def _tables() -> Iterator[Table]:
    now = datetime.now(UTC)
    start = now - timedelta(days=200)
    yield (
        "category",
        ("id", "slug", "name"),
        [(an_id("cat", n), f"category-{n}", WHAT[n][0]) for n in range(CATEGORIES)],
    )
    chance = random.Random(1)  # noqa: S311 - data, not secrets
    goods: list[Good] = []
    for n in range(PRODUCTS):
        who, how, also, what = chance.choice(WHO), chance.choice(HOW), chance.choice(HOW), n % CATEGORIES
        if {how[0], also[0]} == {"真丝", "加厚"}:
            also = how
        goods.append(
            (
                f"{who[0]}{how[0]}{WHAT[what][0]} {n % 1000:05}",
                f"{who[1]} {how[1]} {WHAT[what][1]} {n % 1000:05}",
                f"{how[0]}{also[0]}面料，{EVERYWHERE[0]}",
                f"{how[1]} and {also[1]}. {EVERYWHERE[1]}",
                f"product-{n}",
                what,
            )
        )
    yield (
        "product",
        (*_TEXTS, "search_number", "created_at", *_FLAGS),
        ((*_product(n, good), n, start + timedelta(seconds=n * 60), True, False) for n, good in enumerate(goods)),
    )
    yield (
        "translation",
        ("subject_id", "locale", "name", "name_key", "description"),
        ((an_id("prd", n), "en", name, fold(name), text) for n, (_, name, _, text, _, _) in enumerate(goods)),
    )
    yield (
        "variant",
        ("id", "product_id", "position", "sku", "name", "regular_price", "active", "on_hand", "reserved"),
        (
            (
                an_id("var", 2 * n + i),
                an_id("prd", n),
                i,
                f"K{n}-{i}",
                "ML"[i],
                9900 + n * 37 % 90000,
                True,
                n * 7 % 50,
                0,
            )
            for n in range(PRODUCTS)
            for i in range(2)
        ),
    )
    changes = Changes()
    for n, good in enumerate(goods):
        changes.note(n, {}, _words(n, good))
    # In the order of the index, so that it is written from one end to the other.
    yield (
        "search_posting",
        ("word", "level", "block", "products"),
        ((*posting, pack(products)) for posting, products in sorted(changes.come.items())),
    )


def _product(n: int, good: Good) -> tuple[str, ...]:
    name, _, text, _, slug, what = good
    return an_id("prd", n), slug, name, fold(name), text, written(_words(n, good)), an_id("cat", what)


def _words(n: int, good: Good) -> dict[str, int]:
    name, english, text, english_text, slug, what = good
    return levels_of(
        Document(
            names=(name, english),
            skus=(f"K{n}-0", f"K{n}-1"),
            kinds=(WHAT[what][0], "M", "L", slug),
            texts=(text, english_text),
            category_ids=(an_id("cat", what),),
        )
    )
