"""The form of a product's variants: a row for each, some empty ones for new, and what they differ by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count

from starlette.datastructures import FormData

from catalog.details import MAX_OPTIONS, Option
from catalog.save_product import SaveProduct
from catalog.variant_plan import SaveVariant
from console.catalogue.product_view import ProductView
from console.forms import decimal_of, optional_whole_of, text_of
from kernel.money import Money
from kernel.refusals import Refusal, Refusals, invalid

SPARE_ROWS = 3
SPARE_OPTIONS = 2
"""So many options can be named even where the product has none yet."""

CELLS = ("sku", "name", "regularPrice", "lowStockAt", "onHand")


@dataclass(frozen=True)
class FormRow:
    """What a row of the form says. `id` is blank for a new variant; `choices` has one text for each option."""

    id: str = ""
    sold: bool = True
    cells: dict[str, str] = field(default_factory=dict[str, str])
    choices: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        return not self.id and not any(self.cells.values()) and not any(self.choices)


@dataclass(frozen=True)
class VariantForm:
    """`options` are names, blank ones at the end for more."""

    options: tuple[str, ...]
    rows: tuple[FormRow, ...]

    @property
    def fields(self) -> list[str]:
        """The names of all its fields, for errors to stand beside."""
        names = [f"options.{i}.name" for i in range(len(self.options))]
        for i in range(len(self.rows)):
            names += [f"variants.{i}.{cell}" for cell in CELLS]
            names += [f"variants.{i}.optionValues.{j}" for j in range(len(self.options))]
            names += [f"variants.{i}.optionValues"]
        return names


def form_of(view: ProductView) -> VariantForm:
    """The form of a product as it is."""
    named = [option["name"] for option in view.details.options]
    width = min(MAX_OPTIONS, max(SPARE_OPTIONS, len(named) + 1))
    options = (*named, *[""] * (width - len(named)))
    rows = [
        FormRow(
            each.record.id,
            each.record.active,
            {
                "sku": each.record.sku,
                "name": each.record.name,
                "regularPrice": str(Money(each.record.regular_price, view.program.currency).amount),
                "lowStockAt": "" if each.details.low_stock_at is None else str(each.details.low_stock_at),
                "onHand": "",
            },
            _padded(each.details.option_values, width),
        )
        for each in view.variants
    ]
    return VariantForm(options, (*rows, *[_blank(width)] * SPARE_ROWS))


def sent_form(form: FormData) -> VariantForm:
    """The form as it was sent."""
    options = tuple(
        text_of(form, f"options.{i}.name") for i in range(min(_count(form, "options", "name"), MAX_OPTIONS))
    )
    rows = [
        FormRow(
            text_of(form, f"variants.{i}.id"),
            text_of(form, f"variants.{i}.sold") == "yes",
            {cell: text_of(form, f"variants.{i}.{cell}") for cell in CELLS},
            tuple(text_of(form, f"variants.{i}.optionValues.{j}") for j in range(len(options))),
        )
        for i in range(_count(form, "variants", "sku"))
    ]
    return VariantForm(options, tuple(rows))


def _count(form: FormData, group: str, cell: str) -> int:
    return next(i for i in count() if f"{group}.{i}.{cell}" not in form)


def _padded(values: Sequence[str], width: int) -> tuple[str, ...]:
    return (*values[:width], *[""] * (width - len(values)))


def _blank(width: int) -> FormRow:
    return FormRow(cells=dict.fromkeys(CELLS, ""), choices=("",) * width)


def read_variants(sent: VariantForm, form: FormData, view: ProductView, refusals: Refusals) -> SaveProduct:
    """What the form asks for. An option's values are those that variants have: nobody has to list them before."""
    columns = [j for j, name in enumerate(sent.options) if name]
    sold = [(i, row) for i, row in enumerate(sent.rows) if row.sold and not row.blank]
    known = {option["name"]: list(option["values"]) for option in view.details.options}
    options: list[Option] = []
    for j in columns:
        used = [row.choices[j] for _, row in sold if row.choices[j]]
        values = tuple(dict.fromkeys([v for v in known.get(sent.options[j], ()) if v in used] + used))
        if values:
            options.append(Option(sent.options[j], values))
        else:
            refusals.add(invalid((f"options.{j}.name",), "option_unused"))
    return SaveProduct(
        id=view.product.id,
        slug=view.product.slug,
        name=view.product.name,
        options=tuple(options),
        variants=tuple(_variant(form, i, row, columns, refusals) for i, row in sold),
    )


def _variant(form: FormData, i: int, row: FormRow, columns: Sequence[int], refusals: Refusals) -> SaveVariant:
    at = f"variants.{i}"
    price = decimal_of(form, f"{at}.regularPrice", refusals, (f"{at}.regularPrice",))
    if not row.cells["regularPrice"]:
        refusals.add(invalid((f"{at}.regularPrice",), "empty"))
    chosen = tuple(row.choices[j] for j in columns)
    return SaveVariant(
        row.cells["sku"],
        price if price is not None else Decimal(0),
        id=row.id or None,
        name=row.cells["name"],
        on_hand=None if row.id else optional_whole_of(form, f"{at}.onHand", refusals, (f"{at}.onHand",)),
        option_values=chosen if any(chosen) else (),
        low_stock_at=optional_whole_of(form, f"{at}.lowStockAt", refusals, (f"{at}.lowStockAt",)),
    )


def by_row(sent: VariantForm, refusal: Refusal) -> Refusal:
    """The verb counts what is sold, and options that have a name; the form counts its rows and columns."""
    path = list(refusal.path)
    rows = [i for i, row in enumerate(sent.rows) if row.sold and not row.blank]
    columns = [j for j, name in enumerate(sent.options) if name]
    if len(path) > 1 and path[0] == "variants" and int(path[1]) < len(rows):
        path[1] = str(rows[int(path[1])])
        if len(path) > 3 and path[2] == "optionValues" and int(path[3]) < len(columns):
            path[3] = str(columns[int(path[3])])
    elif len(path) > 2 and path[0] == "options" and int(path[1]) < len(columns):
        path = ["options", str(columns[int(path[1])]), "name"]
    return replace(refusal, path=tuple(path))
