"""Vendure's product CSV: a row with a name begins a product, the rows without one are its further variants."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from catalog.imports.drafts import CategoryDraft, Drafts, PictureDraft, ProductDraft, VariantDraft
from catalog.imports.report import Problem
from catalog.imports.sheet import Row, Sheet

COLUMNS = ("name", "slug", "description", "assets", "facets", "optionValues", "sku", "price", "stockOnHand")

# Which column says what a problem is about, by the column of our own form.
COLUMN_OF = {
    "slug": "slug",
    "name": "name",
    "description": "description",
    "category": "facets",
    "pictures": "assets",
    "picture_texts": "name",
    "sku": "sku",
    "variant": "optionValues",
    "price": "price",
    "stock": "stockOnHand",
    "left_out": "name",
}


@dataclass(slots=True)
class _Read:
    """A variant with its product, for the one that repeats it."""

    product: ProductDraft
    variant: VariantDraft


def read_vendure(sheet: Sheet, _zone: ZoneInfo, problems: list[Problem]) -> Drafts:
    """The products of a file, in its order, with those of their variants that can be read."""
    drafts = Drafts(category_column=COLUMN_OF["category"])
    if not sheet.needs(COLUMNS, problems):
        return drafts
    lines_of_slugs: dict[str, int] = {}
    seen: dict[str, _Read] = {}
    current: ProductDraft | None = None
    left_out = False
    for row in sheet.rows:
        if row["name"] or row["slug"]:
            current = _product(row, lines_of_slugs, problems)
            left_out = current is None
            if current is not None:
                drafts.products.append(current)
        elif current is None:
            problems.append(Problem(row.line, "name", "product_left_out" if left_out else "no_product_above"))
        variant = _variant(row, problems)
        if current is None or variant is None:
            continue
        first = seen.setdefault(variant.sku, _Read(current, variant))
        if first.variant is variant:
            current.variants.append(variant)
        else:
            problems.append(_repeated(row, current, variant, first))
    # Of a product none of whose variants can be read, all that is wrong has been told.
    drafts.products = [product for product in drafts.products if product.variants]
    return drafts


def _product(row: Row, lines_of_slugs: dict[str, int], problems: list[Problem]) -> ProductDraft | None:
    """The product that a row begins; None where it lacks its name or slug, or repeats a slug."""
    wrong = [Problem(row.line, column, "empty") for column in ("name", "slug") if not row[column]]
    first = lines_of_slugs.setdefault(row["slug"], row.line)
    if row["slug"] and first != row.line:
        wrong.append(Problem(row.line, "slug", "repeated_from_line", (("line", str(first)),)))
    problems.extend(wrong)
    if wrong:
        return None
    facets = [facet.partition(":") for facet in _parts(row["facets"])]
    categories = [value.strip() for name, _, value in facets if name.strip() == "category" and value.strip()]
    pictures = dict.fromkeys((*_parts(row["assets"]), *_parts(row["variantAssets"])))
    return ProductDraft(
        line=row.line,
        slug=row["slug"],
        columns=COLUMN_OF,
        name=row["name"],
        description=row["description"],
        category=CategoryDraft(categories) if categories else None,
        pictures=[PictureDraft(name) for name in pictures],
    )


def _variant(row: Row, problems: list[Problem]) -> VariantDraft | None:
    wrong: list[Problem] = []
    if not row["sku"]:
        wrong.append(Problem(row.line, "sku", "empty"))
    price, stock = _price(row, wrong), _stock(row, wrong)
    problems.extend(wrong)
    if wrong:
        return None
    # Who imports goods means to sell them.
    name = " / ".join(_parts(row["optionValues"]))
    return VariantDraft(row.line, row["sku"], price, name, active=True, stock=stock)


def _price(row: Row, wrong: list[Problem]) -> Decimal:
    """The price as it is written; whether it is an amount of the shop's currency is found out later."""
    try:
        price = Decimal(row["price"])
    except InvalidOperation:
        wrong.append(Problem(row.line, "price", "not_a_number" if row["price"] else "empty"))
        return Decimal(0)
    return price


def _stock(row: Row, wrong: list[Problem]) -> int:
    text = row["stockOnHand"]
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        wrong.append(Problem(row.line, "stockOnHand", "not_a_whole_number"))
        return 0
    return int(text)


def _repeated(row: Row, product: ProductDraft, variant: VariantDraft, first: _Read) -> Problem:
    """A SKU that came before. Of one product, at one price and with one stock, it says nothing new about the SKU."""
    same = product is first.product and (variant.price, variant.stock) == (first.variant.price, first.variant.stock)
    return Problem(row.line, "sku", "repeated_from_line", (("line", str(first.variant.line)),), broken=not same)


def _parts(cell: str) -> list[str]:
    return [part for part in (part.strip() for part in cell.split("|")) if part]
