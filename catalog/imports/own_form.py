"""Our own form: a row for each SKU, more rows of it for more special prices and offers; see `docs/sheets.md`.

Rows of one product belong together wherever they stand: sheets are sorted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.cells import apart
from catalog.imports.drafts import (
    CategoryDraft,
    Drafts,
    OfferDraft,
    PictureDraft,
    ProductDraft,
    SpecialDraft,
    VariantDraft,
    WordingDraft,
)
from catalog.imports.report import Problem
from catalog.imports.sheet import Row, Sheet
from catalog.imports.values import Values
from catalog.option_cells import NotAPair, read_attribute_cells, read_option_cell
from catalog.sheet_columns import BY_NAME, Of, named
from catalog.tables import SpecialPriceClass
from kernel.unchanged import UNCHANGED

_SPECIAL, _OFFER = named(Of.SPECIAL), named(Of.OFFER)


def read_own_form(sheet: Sheet, zone: ZoneInfo, problems: list[Problem]) -> Drafts:
    drafts = Drafts()
    unknown = [column for column in sheet.columns if column and column.partition(":")[0] not in BY_NAME]
    if len(unknown) == sum(map(bool, sheet.columns)):
        problems.append(Problem(sheet.heading_line, None, "no_column_known"))
        return drafts
    unknown += [c for c in sheet.columns if ":" in c and c not in unknown and not BY_NAME[c.partition(":")[0]].worded]
    problems.extend(Problem(sheet.heading_line, column, "unknown_column") for column in unknown)
    if unknown or not sheet.needs(["sku"], problems):
        return drafts
    columns = {column: column for column in sheet.columns}
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in sheet.rows:
        slug, sku = row["slug"], row["sku"]
        if not slug and not sku:
            if not row["category"]:
                problems.append(Problem(row.line, "sku", "empty"))
            else:
                category = _category(_values([row], sheet.columns, zone, problems), sheet.columns)
                if category:
                    drafts.categories.append((row.line, category))
            continue
        groups.setdefault(("slug", slug) if slug else ("sku", sku), []).append(row)
    seen: dict[str, int] = {}
    for (kind, key), rows in groups.items():
        found = len(problems)
        product = _product(rows, key if kind == "slug" else None, columns, sheet, zone, problems)
        _variants(product, rows, seen, sheet, zone, problems)
        wrong = {problem.line for problem in problems[found:]}
        of_product = any(
            problem.column is not None and _of(problem.column) is Of.PRODUCT for problem in problems[found:]
        )
        if of_product:
            problems.extend(Problem(line, "slug", "product_left_out") for line in product.lines if line not in wrong)
            continue
        if product.variants or not wrong:
            drafts.products.append(product)
    return drafts


def _of(column: str) -> Of:
    return BY_NAME[column.partition(":")[0]].of


def _values(rows: Sequence[Row], columns: Iterable[str], zone: ZoneInfo, problems: list[Problem]) -> Values:
    """What the rows say together: for each column the one cell that is not blank. Two that differ are told."""
    cells: dict[str, str] = {}
    lines: dict[str, int] = {}
    for column in columns:
        cells[column] = ""
        for row in rows:
            cell = row[column]
            if cell and not cells[column]:
                cells[column], lines[column] = cell, row.line
            elif cell and cell != cells[column]:
                problems.append(Problem(row.line, column, "differs_from_line", (("line", str(lines[column])),)))
    return Values(cells, lines, rows[0].line, zone, problems)


def _product(
    rows: Sequence[Row],
    slug: str | None,
    columns: dict[str, str],
    sheet: Sheet,
    zone: ZoneInfo,
    problems: list[Problem],
) -> ProductDraft:
    own = [column for column in sheet.columns if column and _of(column) is Of.PRODUCT]
    values = _values(rows, own, zone, problems)
    product = ProductDraft(rows[0].line, slug, columns)
    if slug is None:
        for column in own:
            if values[column]:
                values.wrong(column, "needs_slug")
        return product
    if values.has("name"):
        product.name = values["name"]
    if values.has("description"):
        product.description = values["description"]
    for field in ("name", "description"):
        for column, locale in _worded(field, own):
            setattr(product.wording.setdefault(locale, WordingDraft()), field, values[column])
    if values.has("category"):
        product.category = _category(values, own)
    for field in ("published", "third_party"):
        truth = values.truth(field)
        if truth is not None:
            setattr(product, field, truth)
    for field in ("published_from", "published_until"):
        if values.has(field):
            setattr(product, field, values.instant(field))
    if values.has("points_rate"):
        product.points_rate = values.number("points_rate")
    if values.has("required_tier"):
        product.required_tier_code = values["required_tier"] or None
    if values.has("options"):
        try:
            product.options = read_option_cell(values["options"])
        except NotAPair:
            values.wrong("options", "not_pairs")
    if values.has("attributes"):
        worded = {locale: values[column] for column, locale in _worded("attributes", own)}
        try:
            product.attributes = read_attribute_cells(values["attributes"], worded)
        except NotAPair:
            values.wrong("attributes", "not_pairs")
    product.pictures = _pictures(values)
    return product


def _worded(base: str, columns: Iterable[str]) -> list[tuple[str, str]]:
    """The columns that word one, each with its language."""
    found = [(column, column.partition(":")) for column in columns]
    return [(column, locale) for column, (name, sign, locale) in found if name == base and sign]


def _category(values: Values, columns: Iterable[str]) -> CategoryDraft | None:
    names = apart(values["category"], ">")
    if not names:
        return None
    if not all(names):
        values.wrong("category", "empty")
    draft = CategoryDraft(names)
    for column, locale in [("category_slugs", ""), *_worded("category", columns)]:
        parts = apart(values[column], ">")
        if parts and len(parts) != len(names):
            values.wrong(column, "wrong_number_of_parts", found=len(parts), expected=len(names))
        elif parts and locale:
            draft.names_in[locale] = parts
        elif parts:
            draft.slugs = parts
    return draft


def _pictures(values: Values) -> list[PictureDraft]:
    names, texts = apart(values["pictures"], "|"), apart(values["picture_texts"], "|")
    if texts and len(texts) != len(names):
        values.wrong("picture_texts", "wrong_number_of_parts", found=len(texts), expected=len(names))
        return []
    found: dict[str, PictureDraft] = {}
    for at, name in enumerate(names):
        if name:
            found.setdefault(name, PictureDraft(name, texts[at] if texts else None))
    return list(found.values())


def _variants(
    product: ProductDraft,
    rows: Sequence[Row],
    seen: dict[str, int],
    sheet: Sheet,
    zone: ZoneInfo,
    problems: list[Problem],
) -> None:
    own = [column for column in sheet.columns if column and _of(column) is Of.VARIANT]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row["sku"]:
            groups.setdefault(row["sku"], []).append(row)
        elif any(row[column] for column in sheet.columns if column and _of(column) is not Of.PRODUCT):
            problems.append(Problem(row.line, "sku", "empty"))
    for sku, group in groups.items():
        found = len(problems)
        first = seen.setdefault(sku, group[0].line)
        if first != group[0].line:
            problems.append(Problem(group[0].line, "sku", "repeated_from_line", (("line", str(first)),)))
        values = _values(group, own, zone, problems)
        variant = VariantDraft(group[0].line, sku, lines=[row.line for row in group])
        if values.has("variant"):
            variant.name = values["variant"]
        price = values.number("price")
        variant.price = UNCHANGED if price is None else price
        truth = values.truth("active")
        variant.active = UNCHANGED if truth is None else truth
        variant.stock, variant.counted = values.whole("stock"), values.whole("counted_stock")
        if values.has("low_stock_at"):
            variant.low_stock_at = values.whole("low_stock_at")
        if values.has("option_values"):
            variant.option_values = apart(values["option_values"], "|")
        for row in group:
            _prices(variant, row, zone, problems)
        if len(problems) == found:
            product.variants.append(variant)
        else:
            wrong = {problem.line for problem in problems[found:]}
            problems.extend(Problem(row.line, "sku", "variant_left_out") for row in group if row.line not in wrong)


def _prices(variant: VariantDraft, row: Row, zone: ZoneInfo, problems: list[Problem]) -> None:
    """The special price and the offer of one row."""
    values = Values(row.cells, {}, row.line, zone, problems)
    if any(row[column] for column in _SPECIAL):
        price = values.number("special_price")
        if not row["special_price"]:
            values.wrong("special_price", "empty")
        class_ = row["special_class"].upper() or SpecialPriceClass.SALE
        if class_ not in set(SpecialPriceClass):
            values.wrong("special_class", "not_one_of", choices=", ".join(SpecialPriceClass))
        starts_at, ends_at = values.instant("special_from"), values.instant("special_until")
        if price is not None:
            variant.specials.append(SpecialDraft(row.line, price, class_, starts_at, ends_at))
    if any(row[column] for column in _OFFER):
        points = values.whole("offer_points")
        if not row["offer_points"]:
            values.wrong("offer_points", "empty")
        cash = values.number("offer_cash")
        offer = OfferDraft(
            row.line,
            points or 0,
            Decimal(0) if cash is None else cash,
            starts_at=values.instant("offer_from"),
            ends_at=values.instant("offer_until"),
            quota=values.whole("offer_quota"),
            per_member_limit=values.whole("offer_per_member"),
            daily_limit=values.whole("offer_daily"),
            weekly_limit=values.whole("offer_weekly"),
            monthly_limit=values.whole("offer_monthly"),
            required_tier_code=row["offer_tier"] or None,
        )
        variant.offers.append(offer)
