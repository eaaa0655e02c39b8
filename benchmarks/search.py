"""Searches 100,000 products on SQLite and on PostgreSQL, beside the plain list: `make bench-search`.

The bound: a first page of twenty costs no more than three times the first page of the plain list, as the shop API
answers both, whatever is searched for. Where a filter rejects nearly all, the plain list is the one with that filter.
What the list alone takes of it is shown beside. Nothing is left behind.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import event
from starlette.applications import Starlette

from api.app import create_app
from api.settings import Settings
from benchmarks.postgres import postgres
from benchmarks.search_goods import HOW, PRODUCTS, WHAT, seed
from benchmarks.statements import ask
from catalog.product_list import RELEVANCE, ProductFilter, product_page
from kernel.database import Database
from kernel.paging import Window
from migrations import run as migrations
from program.document import read_document
from program.versions import publish_reference, reference_document

MOST_RATIO = 3.0
ROUNDS = 15

LIST = """query($filter: ProductFilter) { products(first: 20, filter: $filter) { edges { node { id slug name
  image { url(width: 400) } variants { id sku name price { amount } regularPrice { amount } priceClass inStock
  exchangeOffers { id cash { amount } points } } } } pageInfo { endCursor hasNextPage } } }"""

NEARLY_NOTHING: Mapping[str, Any] = {"minPrice": "999", "maxPrice": "999"}

PLAIN: Mapping[str, Mapping[str, Any]] = {
    "the plain list": {},
    "the plain list, filtered to nearly nothing": NEARLY_NOTHING,
}

SEARCHES: Mapping[str, Mapping[str, Any]] = {
    "羽绒 (one product in twenty)": {"search": "羽绒"},
    "羽绒服": {"search": "羽绒服"},
    "男士羽绒服": {"search": "男士羽绒服"},
    "shirt (also finds T-Shirts)": {"search": "shirt"},
    "wool scarf": {"search": "wool scarf"},
    "a beginning: swea": {"search": "swea"},
    "a SKU": {"search": "K51234-1"},
    "the beginning of a SKU": {"search": "K5123"},
    "one product: 男士 00420": {"search": "男士 00420"},
    "shirt in a category": {"search": "shirt", "categorySlug": "category-2"},
    "shirt, in stock, 100 to 200": {"search": "shirt", "inStock": True, "minPrice": "100", "maxPrice": "200"},
    "nothing: zzzz": {"search": "zzzz"},
    "a word that all have: seasons": {"search": "seasons"},
    "two that all have: seasons 做工": {"search": "seasons 做工"},
    "one character: 服": {"search": "服"},
    "two common words, no product has both": {"search": "silk 加厚"},
    "two words, each of a quarter: 男士 女士": {"search": "男士 女士"},
    "a quarter and a tenth: 男士 silk": {"search": "男士 silk"},
    "a quarter and a beginning: 男士 s": {"search": "男士 s"},
    "one letter: s": {"search": "s"},
    "100,000 words begin so: K": {"search": "K"},
    "100,000 words and a quarter: 女士 K": {"search": "女士 K"},
    "a digit: 0": {"search": "0"},
    "all have it, filtered to nearly nothing": {"search": "seasons", **NEARLY_NOTHING},
    "a quarter, filtered to nearly nothing": {"search": "男士", **NEARLY_NOTHING},
    "fifty words": {"search": " ".join(word for _, word in (*HOW, *WHAT))},
    "2,000 characters": {"search": "羽绒服四季皆宜" * 286},
    "punctuation and wildcards": {"search": "%_%' -- \\ *!?" * 10},
    "twelve words that all have": {"search": "all seasons finely made returned within seven days 做工 精细 七天 退换"},
    "pictures: 👕👕👕": {"search": "👕" * 60},
}


def main() -> int:
    started = time.monotonic()
    good = True
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as folder, postgres() as pg:
        urls = {"SQLite": f"sqlite:///{folder}/search.db", "PostgreSQL": pg.url}
        for url in urls.values():
            migrations.upgrade(url)
        _say(f"making {PRODUCTS:,} products in both databases")
        seed(Path(folder) / "search.db", pg.url)
        for name, url in urls.items():
            _say(f"searching on {name}")
            with _app(url, Path(folder)) as app:
                good &= print_table(name, measure(app))
    print(f"\n{time.monotonic() - started:.0f} seconds.")
    return 0 if good else 1


@contextmanager
def _app(url: str, folder: Path) -> Iterator[Starlette]:
    db = Database(url)
    with db.write() as tx:
        publish_reference(tx, datetime.now(UTC) - timedelta(days=365))
    db.close()
    settings = Settings(
        env="production", database_url=url, secret_key=SecretStr("benchmark " * 4), media_root=str(folder / "media")
    )
    app = create_app(settings, work=False)
    yield app
    app.state.services.db.close()


# ---------------------------------------------------------------- measuring


def measure(app: Starlette) -> list[tuple[str, int, float, float, int]]:
    """For the plain list and each search: products found, milliseconds of the answer and of its list, statements."""
    db = app.state.services.db
    asked = [(what, dict(filter_)) for what, filter_ in {**PLAIN, **SEARCHES}.items()]
    answers: dict[str, list[float]] = {what: [] for what, _ in asked}
    lists: dict[str, list[float]] = {what: [] for what, _ in asked}
    found: dict[str, int] = {}
    statements: dict[str, int] = {}
    for what, filter_ in asked:
        body = {"query": LIST, "variables": {"filter": filter_}}
        ask(app, body, None)
        with _counting(db) as sent:
            found[what] = len(ask(app, body, None)["products"]["edges"])
        statements[what] = len(sent)
    # In turns, and of each the best: what else the machine does only ever adds.
    for _ in range(ROUNDS):
        for what, filter_ in asked:
            body = {"query": LIST, "variables": {"filter": filter_}}
            answers[what].append(_milliseconds(lambda body=body: ask(app, body, None)))
            lists[what].append(_milliseconds(lambda filter_=filter_: _page(db, filter_)))
    return [(what, found[what], min(answers[what]), min(lists[what]), statements[what]) for what, _ in asked]


@contextmanager
def _counting(db: Database) -> Iterator[list[str]]:
    """The statements that are read meanwhile, by whichever engine."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    # On PostgreSQL the reader is the writer in another mode: one pool, and one set of listeners.
    engines = {id(engine.pool): engine for engine in db.engines}.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


PROGRAM = read_document(reference_document())


def _page(db: Database, asked: Mapping[str, Any]) -> None:
    filter_ = ProductFilter(
        search=asked.get("search"),
        category_slug=asked.get("categorySlug"),
        in_stock=asked.get("inStock"),
        min_price=int(asked["minPrice"]) * 100 if "minPrice" in asked else None,
        max_price=int(asked["maxPrice"]) * 100 if "maxPrice" in asked else None,
    )
    with db.read() as conn:
        product_page(
            conn,
            Window(),
            locale="zh-CN",
            at=datetime.now(UTC),
            program=PROGRAM,
            filter=filter_,
            sort=RELEVANCE if filter_.search else "NEWEST",
        )


def _milliseconds(deed: Callable[[], object]) -> float:
    started = time.perf_counter()
    deed()
    return (time.perf_counter() - started) * 1000


def print_table(name: str, rows: list[tuple[str, int, float, float, int]]) -> bool:
    plain = {what: answer for what, _, answer, _, _ in rows if what in PLAIN}
    print(f"\n{name:48}  found  answer ms  list alone ms  statements  ratio  bound")
    good = True
    for what, found, answer, alone, statements in rows:
        # Chinese characters are two columns wide.
        width = 48 - sum(character > "\u2e80" for character in what)
        line = f"{what:{width}}  {found:5}  {answer:9.1f}  {alone:13.1f}  {statements:10}"
        if what in PLAIN:
            print(line)
            continue
        ratio = answer / plain[_beside(what)]
        good &= ratio <= MOST_RATIO
        print(f"{line}  {ratio:5.2f}  ≤ {MOST_RATIO:.0f} {'ok' if ratio <= MOST_RATIO else 'missed'}")
    slowest = max((row for row in rows if row[0] not in PLAIN), key=lambda row: row[2] / plain[_beside(row[0])])
    print(f"The slowest is “{slowest[0]}”.")
    return good


def _beside(what: str) -> str:
    """The plain list that a search is measured by."""
    filtered = NEARLY_NOTHING.items() <= SEARCHES[what].items()
    return next(plain for plain, filter_ in PLAIN.items() if bool(filter_) == filtered)


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
