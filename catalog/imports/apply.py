"""Writes what has been planned, some hundred products at a time in a few statements each, with histories and index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from catalog.columns import categories_t, offers_t, pictures_t, products_t, specials_t, translations_t, variants_t
from catalog.finding.index import index_products, read_tree
from catalog.finding.words import fold
from catalog.imports.categories import PlannedCategory
from catalog.imports.picture_files import Pictures
from catalog.imports.steps import PictureStep, ProductStep, VariantStep
from catalog.movements import Cause, Movement, note_movements
from catalog.prices import REGULAR, PriceChange, change_of, note_prices
from catalog.records import OfferRecord
from catalog.tables import PriceEvent, StockKind
from kernel.database import Transaction, TryAgain, among
from kernel.ids import new_id

CHUNK = 500

INDEXED = 2_500
"""Products that are indexed together: they share words, and each word is written once for all of them."""

_PRODUCT = [
    *("name", "name_key", "description", "published", "third_party", "points_rate", "required_tier_code"),
    *("category_id", "published_from", "published_until", "options", "attributes"),
]
_VARIANT = ["name", "regular_price", "active", "on_hand", "option_values", "low_stock_at"]
_OFFER = [field.name for field in fields(OfferRecord) if field.name != "key"]


def apply(
    tx: Transaction,
    categories: Sequence[PlannedCategory],
    steps: Sequence[ProductStep],
    pictures: Pictures | None,
    *,
    actor: str | None,
    now: datetime,
    progress: Callable[[int, int], None],
) -> None:
    """Runs inside the caller's transaction, which holds what is there.

    The index of the search comes last: who saves a product meanwhile waits for it, and not for the whole import.

    Raises:
        TryAgain: another has taken a slug or a SKU at the same moment.
    """
    try:
        _add_categories(tx, categories)
        tree = read_tree(tx)
        progress(0, len(steps))
        for start in range(0, len(steps), CHUNK):
            chunk = [step for step in steps[start : start + CHUNK] if step.writes_anything]
            if chunk:
                _write(tx, chunk, pictures, actor, now)
            progress(min(start + CHUNK, len(steps)), len(steps))
        # Most sheets are of prices and stock, under which nothing is found.
        worded = [step.id for step in steps if step.writes_anything and step.changes_words]
        for start in range(0, len(worded), INDEXED):
            index_products(tx, worded[start : start + INDEXED], tree)
    except IntegrityError as error:
        raise TryAgain from error


def _add_categories(tx: Transaction, categories: Sequence[PlannedCategory]) -> None:
    _insert(
        tx, categories_t, [{"id": c.id, "slug": c.slug, "name": c.name, "parent_id": c.parent_id} for c in categories]
    )
    wording = [_wording(c.id, locale, (name, "")) for c in categories for locale, name in c.wording.items()]
    _insert(tx, translations_t, wording)


def _write(
    tx: Transaction, steps: Sequence[ProductStep], pictures: Pictures | None, actor: str | None, now: datetime
) -> None:
    new = [step for step in steps if step.known is None]
    rows = [{"id": step.id, "slug": step.row["slug"], "created_at": now, "search_text": "", **_only(step.row, _PRODUCT)}
            for step in new]  # fmt: skip
    _insert(tx, products_t, rows)
    changed = [step for step in steps if step.known is not None and step.changed]
    _update(tx, products_t, _PRODUCT, [{"of_id": step.id, **_only(step.row, _PRODUCT)} for step in changed])
    _write_wording(tx, steps)
    variants = [variant for step in steps for variant in step.variants]
    _write_variants(tx, variants, actor, now)
    _write_specials(tx, variants, actor, now)
    _write_offers(tx, variants)
    if pictures is not None:
        _write_pictures(tx, steps, pictures)


def _write_wording(tx: Transaction, steps: Sequence[ProductStep]) -> None:
    t = translations_t.c
    gone = [{"of_id": step.id, "of_locale": locale} for step in steps if step.known for locale in step.wording]
    if gone:
        tx.execute(
            translations_t.delete().where(t.subject_id == bindparam("of_id"), t.locale == bindparam("of_locale")), gone
        )
    come = [
        _wording(step.id, locale, texts)
        for step in steps
        for locale, texts in step.wording.items()
        if texts is not None
    ]
    _insert(tx, translations_t, come)


def _wording(subject_id: str, locale: str, texts: tuple[str, str]) -> dict[str, str]:
    name, description = texts
    return {
        "subject_id": subject_id,
        "locale": locale,
        "name": name,
        "name_key": fold(name),
        "description": description,
    }


def _write_variants(tx: Transaction, steps: Sequence[VariantStep], actor: str | None, now: datetime) -> None:
    new = [step for step in steps if step.known is None]
    changed = [step for step in steps if step.known is not None and step.changed]
    _insert(tx, variants_t, [step.row for step in new])
    _update(tx, variants_t, _VARIANT, [{"of_id": step.row["id"], **_only(step.row, _VARIANT)} for step in changed])
    movements: list[Movement] = []
    prices: list[PriceChange] = []
    for step in (*new, *changed):
        id_, wanted = step.row["id"], step.row["regular_price"]
        on_hand, price = (step.known.on_hand, step.known.regular_price) if step.known is not None else (0, None)
        after, reserved = step.row["on_hand"], step.row["reserved"]
        cause = Cause(now, actor=actor)
        movements.append(Movement(step.row["id"], StockKind.IMPORTED, after - on_hand, 0, after, reserved, cause))
        if wanted != price:
            prices.append(PriceChange(id_, now, actor, PriceEvent.REGULAR, REGULAR, wanted, price_before=price))
    note_movements(tx, movements)
    note_prices(tx, prices)


def _write_specials(tx: Transaction, steps: Sequence[VariantStep], actor: str | None, now: datetime) -> None:
    c = specials_t.c
    ended = [special for step in steps for special in step.prices.ended]
    withdrawn = [special for step in steps for special in step.prices.withdrawn]
    planned = [special for step in steps for special in step.prices.specials]
    if ended:
        over = specials_t.update().where(among(c.id, [special.id for special in ended]))
        tx.execute(over.values(ends_at=now))
    if withdrawn:
        tx.execute(specials_t.delete().where(among(c.id, [special.id for special in withdrawn])))
    names = ("id", "variant_id", "price", "price_class", "starts_at", "ends_at")
    _insert(tx, specials_t, [{name: getattr(special, name) for name in names} for special in planned])
    for event, specials in (
        (PriceEvent.ENDED, ended),
        (PriceEvent.WITHDRAWN, withdrawn),
        (PriceEvent.PLANNED, planned),
    ):
        note_prices(tx, [change_of(special, event, now, actor) for special in specials])


def _write_offers(tx: Transaction, steps: Sequence[VariantStep]) -> None:
    new = [offer for step in steps for offer in step.prices.offers]
    _insert(tx, offers_t, [{name: getattr(offer, name) for name in _OFFER} for offer in new])
    said = [name for name in _OFFER if name not in ("id", "variant_id", "redeemed", "created_at")]
    changed = [after for step in steps for _, after in step.prices.changed_offers]
    _update(tx, offers_t, said, [{"of_id": o.id, **{name: getattr(o, name) for name in said}} for o in changed])


def _write_pictures(tx: Transaction, steps: Sequence[ProductStep], pictures: Pictures) -> None:
    c = pictures_t.c
    wanted = [step.id for step in steps if any(picture.known is None for picture in step.pictures)]
    last: dict[str, int] = {}
    if wanted:
        places = select(c.product_id, func.max(c.position)).where(among(c.product_id, wanted)).group_by(c.product_id)
        last = {row[0]: row[1] for row in tx.execute(places)}
    rows: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for step in steps:
        for picture in step.pictures:
            if picture.known is None:
                last[step.id] = last.get(step.id, -1) + 1
                pictures.keep(tx, picture.stored)
                rows.append(_picture(step.id, last[step.id], picture))
            elif picture.changed:
                texts.append({"of_id": picture.known.id, "alt": picture.text})
    _insert(tx, pictures_t, rows)
    _update(tx, pictures_t, ["alt"], texts)


def _picture(product_id: str, position: int, step: PictureStep) -> dict[str, Any]:
    return {
        "id": new_id("pim"),
        "product_id": product_id,
        "position": position,
        "image_key": step.stored.key,
        "width": step.stored.width,
        "height": step.stored.height,
        "placeholder": step.stored.placeholder,
        "alt": step.text,
    }


def _only(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _insert(tx: Transaction, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401 - a Core table
    if rows:
        tx.execute(table.insert(), list(rows))


def _update(tx: Transaction, table: Any, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401
    if rows:
        # The parameters are called otherwise than the columns, or SQLAlchemy would set them all.
        renamed = [{("set_" + key if key != "of_id" else key): value for key, value in row.items()} for row in rows]
        values = {name: bindparam(f"set_{name}", type_=table.c[name].type) for name in names}
        tx.execute(table.update().where(table.c.id == bindparam("of_id")).values(values), renamed)
