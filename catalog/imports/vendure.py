"""Vendure's product CSV: a row with a name begins a product, the rows without one are its further variants."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from catalog.imports.report import Problem
from catalog.imports.sheet import Row, read_sheet

COLUMNS = ("name", "slug", "description", "assets", "facets", "optionValues", "sku", "price", "stockOnHand")

# Which column says what a refusal of `save_product` is about.
COLUMN_OF = {
    "name": "name",
    "slug": "slug",
    "description": "description",
    "categorySlug": "facets",
    "parentSlug": "facets",
    "file": "assets",
    "alt": "name",
}
VARIANT_COLUMN_OF = {"sku": "sku", "name": "optionValues", "regularPrice": "price", "onHand": "stockOnHand"}


@dataclass(slots=True)
class ImportedVariant:
    line: int
    sku: str
    name: str
    price: Decimal
    stock: int


@dataclass(slots=True)
class ImportedProduct:
    """`categories` from the root down; `pictures` are names of files."""

    line: int
    slug: str
    name: str
    description: str
    categories: tuple[str, ...]
    pictures: tuple[str, ...]
    variants: list[ImportedVariant] = field(default_factory=list[ImportedVariant])


def read_vendure(data: bytes, problems: list[Problem]) -> list[ImportedProduct]:
    """The products of a file, in its order, with those of their variants that can be read."""
    products: list[ImportedProduct] = []
    lines_of_slugs: dict[str, int] = {}
    seen: dict[str, tuple[ImportedProduct, ImportedVariant]] = {}
    current: ImportedProduct | None = None
    left_out = False
    for row in read_sheet(data, COLUMNS, problems):
        if row["name"] or row["slug"]:
            current = _product(row, lines_of_slugs, problems)
            left_out = current is None
            if current is not None:
                products.append(current)
        elif current is None:
            problems.append(Problem(row.line, "name", "product_left_out" if left_out else "no_product_above"))
        variant = _variant(row, problems)
        if current is None or variant is None:
            continue
        first = seen.setdefault(variant.sku, (current, variant))
        if first[1] is variant:
            current.variants.append(variant)
        else:
            problems.append(_repeated(row, current, variant, *first))
    return products


def _product(row: Row, lines_of_slugs: dict[str, int], problems: list[Problem]) -> ImportedProduct | None:
    """The product that a row begins; None where it lacks its name or slug, or repeats a slug."""
    wrong = [Problem(row.line, column, "empty") for column in ("name", "slug") if not row[column]]
    first = lines_of_slugs.setdefault(row["slug"], row.line)
    if row["slug"] and first != row.line:
        wrong.append(Problem(row.line, "slug", "repeated_from_line", (("line", str(first)),)))
    problems.extend(wrong)
    if wrong:
        return None
    facets = [facet.partition(":") for facet in _parts(row["facets"])]
    return ImportedProduct(
        line=row.line,
        slug=row["slug"],
        name=row["name"],
        description=row["description"],
        categories=tuple(value.strip() for name, _, value in facets if name.strip() == "category" and value.strip()),
        pictures=tuple(dict.fromkeys((*_parts(row["assets"]), *_parts(row["variantAssets"])))),
    )


def _variant(row: Row, problems: list[Problem]) -> ImportedVariant | None:
    wrong: list[Problem] = []
    if not row["sku"]:
        wrong.append(Problem(row.line, "sku", "empty"))
    price, stock = _price(row, wrong), _stock(row, wrong)
    problems.extend(wrong)
    if wrong:
        return None
    return ImportedVariant(row.line, row["sku"], " / ".join(_parts(row["optionValues"])), price, stock)


def _price(row: Row, wrong: list[Problem]) -> Decimal:
    """The price as it is written; whether it is an amount of the shop's currency is found out when it is saved."""
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


def _repeated(
    row: Row,
    product: ImportedProduct,
    variant: ImportedVariant,
    first_product: ImportedProduct,
    first: ImportedVariant,
) -> Problem:
    """A SKU that came before. Of one product, at one price and with one stock, it says nothing new about the SKU."""
    same = (product is first_product, variant.price, variant.stock) == (True, first.price, first.stock)
    return Problem(row.line, "sku", "repeated_from_line", (("line", str(first.line)),), broken=not same)


def _parts(cell: str) -> list[str]:
    return [part for part in (part.strip() for part in cell.split("|")) if part]
