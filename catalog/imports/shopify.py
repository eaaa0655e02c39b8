"""Shopify's product CSV: rows of one handle are one product, a variant each; rows without a price bring pictures.

Both ways in which Shopify has headed its columns are understood. A price to compare with is the regular price, and the
price itself then is a sale without an end.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.details import Option
from catalog.imports.drafts import CategoryDraft, Drafts, PictureDraft, ProductDraft, SpecialDraft, VariantDraft
from catalog.imports.markup import text_of_html
from catalog.imports.report import Problem
from catalog.imports.sheet import Row, Sheet
from catalog.imports.values import Values
from catalog.tables import SpecialPriceClass

# Which column says what a problem is about, by the column of our own form; all others are called the same.
COLUMN_OF = {
    "category": "product_category",
    "published": "on_store",
    "options": "option1",
    "variant": "value1",
    "option_values": "value1",
    "pictures": "picture",
    "special_price": "price",
}

_DEFAULT = ("title", "default title")
"""How Shopify names the one option, and its value, of a product without any."""

# By the column of our own form, or what we call it here: Shopify's headings, the newer one first.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "slug": ("URL handle", "Handle"),
    "name": ("Title",),
    "description": ("Description", "Body (HTML)"),
    "type": ("Type",),
    "product_category": ("Product category", "Product Category"),
    "on_store": ("Published on online store", "Published"),
    "status": ("Status",),
    "option1": ("Option1 name", "Option1 Name"),
    "option2": ("Option2 name", "Option2 Name"),
    "option3": ("Option3 name", "Option3 Name"),
    "value1": ("Option1 value", "Option1 Value"),
    "value2": ("Option2 value", "Option2 Value"),
    "value3": ("Option3 value", "Option3 Value"),
    "sku": ("SKU", "Variant SKU"),
    "price": ("Price", "Variant Price"),
    "regular": ("Compare-at price", "Variant Compare At Price"),
    "stock": ("Inventory quantity", "Variant Inventory Qty"),
    "picture": ("Product image URL", "Image Src"),
    "picture_position": ("Image position", "Image Position"),
    "picture_texts": ("Image alt text", "Image Alt Text"),
    "variant_picture": ("Variant image URL", "Variant Image"),
}
_NAMES = {heading.casefold(): name for name, headings in _HEADINGS.items() for heading in headings}


def shopify_name(heading: str) -> str:
    """What we call the column; others are left alone."""
    return _NAMES.get(heading.casefold(), heading)


def read_shopify(sheet: Sheet, zone: ZoneInfo, problems: list[Problem]) -> Drafts:
    drafts = Drafts()
    missing = [_heading(name) for name in ("slug", "name", "price") if name not in sheet.columns]
    problems.extend(Problem(sheet.heading_line, heading, "missing") for heading in missing)
    if missing:
        return drafts
    groups: dict[str, list[Row]] = {}
    for row in sheet.rows:
        if row["slug"]:
            groups.setdefault(row["slug"], []).append(row)
        else:
            problems.append(Problem(row.line, "slug", "empty"))
    seen: dict[str, int] = {}
    for slug, rows in groups.items():
        told: list[Problem] = []
        product = _product(slug, rows, sheet, told)
        for row in rows:
            if row["price"] or row["sku"] or row["value1"]:
                _variant(product, row, seen, zone, told)
        problems.extend(told)
        if product.variants:
            drafts.products.append(product)
        elif not told:
            problems.append(Problem(product.line, "price", "empty"))
    return drafts


def _heading(name: str) -> str:
    """How Shopify's exports have it, which most files at hand were."""
    return _HEADINGS[name][-1]


def _product(slug: str, rows: list[Row], sheet: Sheet, problems: list[Problem]) -> ProductDraft:
    first = next((row for row in rows if row["name"]), rows[0])
    product = ProductDraft(first.line, slug, COLUMN_OF, name=first["name"])
    if "description" in sheet.columns:
        product.description = text_of_html(first["description"])
    names = [part.strip() for part in (first["product_category"] or first["type"]).split(">") if part.strip()]
    if names:
        product.category = CategoryDraft(names)
    if "on_store" in sheet.columns or "status" in sheet.columns:
        hidden = first["on_store"].casefold() in ("false", "no", "0")
        product.published = not hidden and first["status"].casefold() in ("", "active")
    options = [first[f"option{n}"] for n in (1, 2, 3) if first[f"option{n}"]]
    if options and not (len(options) == 1 and options[0].casefold() == _DEFAULT[0]):
        product.options = [Option(name, ()) for name in options]
    product.pictures = _pictures(rows, problems)
    return product


def _pictures(rows: list[Row], problems: list[Problem]) -> list[PictureDraft]:
    """By the name at the end of their address: the files are looked for among those that come with the sheet."""
    placed: list[tuple[int, int, str, str]] = []
    for row in rows:
        for column in ("picture", "variant_picture"):
            if not row[column]:
                continue
            name = row[column].partition("?")[0].rstrip("/").rpartition("/")[2]
            if not name:
                problems.append(Problem(row.line, column, "picture_missing", (("file", row[column]),)))
                continue
            position = row["picture_position"] if column == "picture" else ""
            text = row["picture_texts"] if column == "picture" else ""
            placed.append((int(position) if position.isdecimal() else 10**6, len(placed), name, text))
    found: dict[str, PictureDraft] = {}
    for _, _, name, text in sorted(placed):
        found.setdefault(name, PictureDraft(name, text or None))
    return list(found.values())


def _variant(product: ProductDraft, row: Row, seen: dict[str, int], zone: ZoneInfo, problems: list[Problem]) -> None:
    told: list[Problem] = []
    values = Values(row.cells, {}, row.line, zone, told)
    price, regular, stock = values.number("price"), values.number("regular"), values.whole("stock")
    if not row["price"]:
        values.wrong("price", "empty")
    if not row["sku"]:
        values.wrong("sku", "empty")
    elif seen.setdefault(row["sku"], row.line) != row.line:
        values.wrong("sku", "repeated_from_line", line=seen[row["sku"]])
    choices = [row[f"value{n}"] for n in (1, 2, 3) if row[f"value{n}"]]
    variant = VariantDraft(row.line, row["sku"], name=" / ".join(choices), active=True)
    if isinstance(product.options, list):
        variant.option_values = choices
    elif [choice.casefold() for choice in choices] == [_DEFAULT[1]]:
        variant.name = ""
    # Sold before it was counted: Shopify lets stock fall below zero.
    variant.stock = max(stock, 0) if stock is not None else None
    if price is not None:
        on_sale = regular is not None and regular > price
        variant.price = regular if on_sale and regular is not None else price
        if on_sale:
            variant.specials.append(SpecialDraft(row.line, Decimal(price), SpecialPriceClass.SALE, None, None))
    problems.extend(told)
    if not told:
        product.variants.append(variant)
