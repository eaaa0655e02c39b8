"""The rows of the catalogue in our own form, a few hundred products at a time; see `docs/sheets.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, select

from catalog.cells import joined, written_instant, written_number, yes_or_no
from catalog.columns import categories_t, products_t, translations_t
from catalog.exports.picture_names import picture_name
from catalog.imports.known import KnownProduct, KnownVariant, read_products
from catalog.option_cells import attribute_cell, option_cell
from catalog.price_cells import offer_cells, special_cells
from catalog.product_list import EVERYTHING, ProductFilter, slugs_and_ids
from catalog.sheet_columns import headings
from kernel.money import Money
from program.config import Program

CHUNK = 500

Cells = dict[str, str]


@dataclass(slots=True)
class Branch:
    """A category as a line from the root down."""

    names: list[str]
    slugs: list[str]
    wording: list[dict[str, str]]


@dataclass(slots=True)
class ExportedPicture:
    """A picture of the export: the name of its file, and the key under which it is kept."""

    name: str
    key: str


@dataclass(slots=True)
class CatalogExport:
    """What is exported. `rows` reads as it goes; `pictures` is filled while they are read."""

    columns: list[str]
    total: int
    rows: Iterator[Cells]
    pictures: list[ExportedPicture] = field(default_factory=list[ExportedPicture])


def export_catalog(
    conn: Connection,
    *,
    at: datetime,
    program: Program,
    filter: ProductFilter = EVERYTHING,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> CatalogExport:
    """All products that fit, by slug, published or not; special prices and offers as far as they are not over.

    Of the whole catalogue, categories without products come last, on lines of their own.
    """
    wanted = [id_ for _, id_ in slugs_and_ids(conn, at=at, program=program, filter=filter)]
    branches = _branches(conn)
    locales = _locales(conn)
    pictures: list[ExportedPicture] = []

    def rows() -> Iterator[Cells]:
        named: set[str] = set()
        for start in range(0, len(wanted), CHUNK):
            ids = wanted[start : start + CHUNK]
            products = read_products(conn, ids, at)
            for id_ in ids:
                # Gone since the list was made.
                if id_ not in products:
                    continue
                product = products[id_]
                branch = branches.get(product.category_id or "")
                named.update(branch.slugs if branch is not None else ())
                pictures.extend(_pictures(product))
                yield from _rows(product, branch, locales, program)
            progress(min(start + CHUNK, len(wanted)), len(wanted))
        if filter == EVERYTHING:
            yield from _empty_categories(branches, named, locales)

    return CatalogExport(headings(locales), len(wanted), rows(), pictures)


def _locales(conn: Connection) -> list[str]:
    found = set(conn.execute(select(translations_t.c.locale).distinct()).scalars())
    p = products_t.c
    for attributes in conn.execute(select(p.attributes).where(p.attributes.is_not(None))).scalars():
        found |= {each["locale"] for attribute in attributes or () for each in attribute["translations"]}
    return sorted(found)


def _branches(conn: Connection) -> Mapping[str, Branch]:
    c, t = categories_t.c, translations_t.c
    wording: dict[str, dict[str, str]] = {}
    worded = select(t.subject_id, t.locale, t.name).join(categories_t, c.id == t.subject_id)
    for row in conn.execute(worded):
        wording.setdefault(row.subject_id, {})[row.locale] = row.name
    rows = {row.id: row for row in conn.execute(select(c.id, c.slug, c.name, c.parent_id))}
    found: dict[str, Branch] = {}
    for id_ in rows:
        line: list[Any] = []
        at: str | None = id_
        while at is not None:
            line.insert(0, rows[at])
            at = rows[at].parent_id
        found[id_] = Branch(
            [row.name for row in line], [row.slug for row in line], [wording.get(row.id, {}) for row in line]
        )
    return found


def _empty_categories(branches: Mapping[str, Branch], named: set[str], locales: Sequence[str]) -> Iterator[Cells]:
    """The ends of branches that no product has named."""
    above = {slug for branch in branches.values() for slug in branch.slugs[:-1]}
    for branch in sorted(branches.values(), key=lambda branch: branch.slugs):
        if branch.slugs[-1] not in named | above:
            yield _category(branch, locales)


def _rows(product: KnownProduct, branch: Branch | None, locales: Sequence[str], program: Program) -> Iterator[Cells]:
    """A row for each variant, and more where it has more than one special price or offer."""
    first = _product(product, branch, locales, program)
    for variant in product.variants.values():
        specials = [special_cells(special, program) for special in variant.specials]
        offers = sorted((offer_cells(offer, program) for offer in variant.offers), key=_by_points)
        said = _variant(variant, program)
        for special, offer in zip_longest(specials, offers) if specials or offers else [(None, None)]:
            yield {**first, **said, "slug": product.slug, "sku": variant.sku, **(special or {}), **(offer or {})}
            first, said = {}, {}


def _by_points(cells: Cells) -> tuple[int, list[str]]:
    return int(cells["offer_points"]), list(cells.values())


def _product(product: KnownProduct, branch: Branch | None, locales: Sequence[str], program: Program) -> Cells:
    named = list(_pictures(product))
    cells = {
        "name": product.name,
        "description": product.description,
        "published": yes_or_no(product.published),
        "published_from": written_instant(product.published_from, program.zone),
        "published_until": written_instant(product.published_until, program.zone),
        "third_party": yes_or_no(product.third_party),
        "points_rate": written_number(product.points_rate),
        "required_tier": product.required_tier_code or "",
        "options": option_cell(product.options),
        "attributes": attribute_cell(product.attributes),
        "pictures": joined((picture.name for picture in named), "|"),
        "picture_texts": joined((picture.alt for picture in product.pictures), "|"),
    }
    for locale in locales:
        name, description = product.wording.get(locale, ("", ""))
        cells[f"name:{locale}"], cells[f"description:{locale}"] = name, description
        cells[f"attributes:{locale}"] = attribute_cell(product.attributes, locale)
    return cells | (_category(branch, locales) if branch is not None else {})


def _pictures(product: KnownProduct) -> Iterator[ExportedPicture]:
    for number, picture in enumerate(product.pictures, start=1):
        yield ExportedPicture(picture_name(product.slug, number, picture.image_key), picture.image_key)


def _category(branch: Branch, locales: Sequence[str]) -> Cells:
    cells = {"category": joined(branch.names, ">"), "category_slugs": joined(branch.slugs, ">")}
    for locale in locales:
        names = [wording.get(locale, "") for wording in branch.wording]
        cells[f"category:{locale}"] = joined(names, ">") if any(names) else ""
    return cells


def _variant(variant: KnownVariant, program: Program) -> Cells:
    return {
        "variant": variant.name,
        "option_values": joined(variant.option_values or (), "|"),
        "price": str(Money(variant.regular_price, program.currency)),
        "active": yes_or_no(variant.active),
        "stock": str(variant.on_hand),
        "low_stock_at": written_number(variant.low_stock_at),
    }
