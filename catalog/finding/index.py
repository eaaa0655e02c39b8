"""Writes the index, in the transaction that changes a product: only what has come or gone is touched.

One transaction at a time: products share their postings, and all that save products would wait for one another's words
in any case, but in an order that they do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from catalog.columns import categories_t, postings_t, products_t, translations_t, variants_t
from catalog.finding.document import FORM, Document, levels_of, read, written
from catalog.finding.posting_changes import Changes, write_changes
from kernel.database import Database, Transaction, among
from kernel.locks import hold

CHUNK = 500

_INDEX = "search index"

_TEXT = (
    products_t.update()
    .where(products_t.c.id == bindparam("of_product"))
    .values(search_text=bindparam("text"), search_number=bindparam("number"))
)


@dataclass(frozen=True, slots=True)
class Tree:
    """The names of every category in all languages, and the category above it."""

    above: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    names: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    def line(self, category_id: str | None) -> list[str]:
        """A category and all that are above it."""
        found: list[str] = []
        while category_id is not None and category_id not in found:
            found.append(category_id)
            category_id = self.above.get(category_id)
        return found


def read_tree(conn: Connection) -> Tree:
    c = categories_t.c
    above: dict[str, str | None] = {}
    names: dict[str, list[str]] = {}
    rows = conn.execute(
        select(c.id, c.parent_id, c.name, translations_t.c.name).outerjoin(
            translations_t, translations_t.c.subject_id == c.id
        )
    )
    for id_, parent_id, name, translated in rows:
        above[id_] = parent_id
        words = names.setdefault(id_, [name])
        if translated is not None:
            words.append(translated)
    return Tree(above, names)


def index_products(tx: Transaction, product_ids: Sequence[str], tree: Tree | None = None) -> None:
    """Brings the index up to what the products say now. Whoever calls holds them, or has just made them.

    Runs inside the caller's transaction. `tree`: where many are indexed one after the other.
    """
    p, v, t = products_t.c, variants_t.c, translations_t.c
    products = tx.execute(
        select(
            p.id, p.slug, p.name, p.description, p.category_id, p.search_text, p.search_number, p.options, p.attributes
        ).where(among(p.id, product_ids)).order_by(p.created_at, p.id)
    ).all()  # fmt: skip
    if tree is None:
        tree = read_tree(tx) if any(row.category_id for row in products) else Tree()
    worded: dict[str, list[Any]] = {}
    for row in tx.execute(select(t.subject_id, t.name, t.description).where(among(t.subject_id, product_ids))):
        worded.setdefault(row.subject_id, []).append(row)
    sold: dict[str, list[Any]] = {}
    variants = select(v.product_id, v.sku, v.name, v.option_values).where(among(v.product_id, product_ids), v.active)
    for row in tx.execute(variants.order_by(v.product_id, v.position)):
        sold.setdefault(row.product_id, []).append(row)
    texts = {
        product.id: levels_of(_document(product, worded.get(product.id, ()), sold.get(product.id, ()), tree))
        for product in products
    }
    changed = [each for each in products if each.search_number is None or written(texts[each.id]) != each.search_text]
    if not changed:
        return
    hold(tx, _INDEX)
    numbers = _numbered(tx, changed)
    changes = Changes()
    for product in changed:
        changes.note(numbers[product.id], read(product.search_text), texts[product.id])
    write_changes(tx, changes)
    tx.execute(
        _TEXT,
        [{"of_product": id_, "text": written(texts[id_]), "number": number} for id_, number in numbers.items()],
    )


def _numbered(tx: Transaction, products: Sequence[Any]) -> dict[str, int]:
    """The numbers of products, by their ids; who has none gets the next. No other transaction gives any meanwhile."""
    found: dict[str, int] = {}
    last = None
    for product in products:
        number = product.search_number
        if number is None:
            if last is None:
                last = tx.execute(select(func.coalesce(func.max(products_t.c.search_number), 0))).scalar_one()
            number = last = last + 1
        found[product.id] = number
    return found


def _document(product: Any, worded: Sequence[Any], sold: Sequence[Any], tree: Tree) -> Document:  # noqa: ANN401 - rows
    line = tree.line(product.category_id)
    kinds = [name for id_ in line for name in tree.names.get(id_, ())]
    for variant in sold:
        kinds += [variant.name, *(variant.option_values or ())]
    for attribute in product.attributes or ():
        kinds += [attribute["value"], *(each["value"] for each in attribute.get("translations", ()))]
    return Document(
        names=[product.name, *(row.name for row in worded)],
        skus=[variant.sku for variant in sold],
        kinds=[*kinds, product.slug],
        texts=[product.description, *(row.description for row in worded)],
        category_ids=line,
    )


def index_category(tx: Transaction, category_id: str) -> None:
    """After a category has been renamed or moved: its products, and those of all that is below it."""
    tree = read_tree(tx)
    below = [id_ for id_ in tree.above if category_id in tree.line(id_)]
    # Held before they are read: who saves one of them meanwhile has done so by then.
    held = select(products_t.c.id).where(among(products_t.c.category_id, below)).order_by(products_t.c.id)
    ids = tx.execute(held.with_for_update(key_share=True)).scalars().all()
    for start in range(0, len(ids), CHUNK):
        index_products(tx, ids[start : start + CHUNK], tree)


def index_everything(
    db: Database, *, anew: bool = False, progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Indexes the products that have not been, a few hundred in each transaction; `anew`: all of them.

    Owns its transactions; says how many products it has indexed. Who changes the form of the words empties
    `search_posting` in the same migration: what stands there is known by the products' own texts.
    """
    p = products_t.c
    if anew:
        db.retrying(lambda: _empty(db))
    unknown = select(p.id).where(p.search_text.not_like(f"{FORM}| %")).order_by(p.created_at, p.id)
    with db.read() as conn:
        ids = conn.execute(unknown).scalars().all()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        db.retrying(lambda chunk=chunk: _index(db, chunk))
        progress(start + len(chunk), len(ids))
    return len(ids)


def _empty(db: Database) -> None:
    with db.write() as tx:
        # The products first, as whoever saves one does: nobody then waits for the other.
        tx.execute(select(products_t.c.id).order_by(products_t.c.id).with_for_update(key_share=True))
        hold(tx, _INDEX)
        tx.execute(postings_t.delete())
        tx.execute(products_t.update().values(search_text="", search_number=None))


def _index(db: Database, ids: Sequence[str]) -> None:
    p = products_t.c
    with db.write() as tx:
        tx.execute(select(p.id).where(among(p.id, ids)).order_by(p.id).with_for_update(key_share=True))
        index_products(tx, ids)
