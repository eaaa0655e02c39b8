"""An empty sheet in our own form, with an example, to fill in."""

from __future__ import annotations

import io
from collections.abc import Sequence

from catalog.exports.csv_sheet import csv_parts
from catalog.exports.xlsx_sheet import write_xlsx
from catalog.sheet_columns import BY_NAME, COLUMNS, headings

_EXAMPLES = (
    {
        "slug": "wool-coat",
        "name": "羊毛大衣",
        "name:en": "Wool coat",
        "category": "服饰 > 外套",
        "category:en": "Clothing > Coats",
        "published": "yes",
        "options": "颜色: 黑, 驼 | 尺码: M, L",
        "attributes": "面料: 羊毛",
        "attributes:en": "Fabric: wool",
        "sku": "COAT-1",
        "variant": "黑 / M",
        "option_values": "黑 | M",
        "price": "899.00",
        "active": "yes",
        "stock": "20",
        "special_price": "699.00",
        "special_class": "SALE",
        "special_from": "2027-03-01 00:00",
        "special_until": "2027-04-01 00:00",
        "offer_points": "3000",
        "offer_cash": "499.00",
    },
    {
        "slug": "wool-coat",
        "sku": "COAT-2",
        "variant": "驼 / L",
        "option_values": "驼 | L",
        "price": "899.00",
        "active": "yes",
        "stock": "12",
    },
)


def template_csv(*, chinese: bool) -> bytes:
    columns = _columns()
    names = [_heading(column, chinese=chinese) for column in columns]
    rows = ({_heading(column, chinese=chinese): cell for column, cell in row.items()} for row in _EXAMPLES)
    return b"".join(csv_parts(names, rows))


def template_xlsx(*, chinese: bool) -> bytes:
    """With a second sheet that says what belongs into each column."""
    columns = _columns()
    names = [_heading(column, chinese=chinese) for column in columns]
    rows = ({_heading(column, chinese=chinese): cell for column, cell in row.items()} for row in _EXAMPLES)
    notes = [
        (column.name, column.chinese, column.help_zh if chinese else column.help_en, column.of.value)
        for column in COLUMNS
    ]
    file = io.BytesIO()
    write_xlsx(file, names, rows, notes=notes)
    return file.getvalue()


def _columns() -> Sequence[str]:
    return [column for column in headings(("en",)) if column != "category_slugs"]


def _heading(column: str, *, chinese: bool) -> str:
    name, sign, locale = column.partition(":")
    return f"{BY_NAME[name].chinese if chinese else name}{sign}{locale}"
