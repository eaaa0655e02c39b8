"""What a plan changes, told thing by thing: for a dry run to show and for the tallies."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.imports.plan_product import Planning
from catalog.imports.report import Change, Effect, FieldChange, ImportReport, Subject
from catalog.imports.steps import ProductStep, VariantStep
from catalog.price_cells import offer_cells, special_cells
from catalog.records import OfferRecord, SpecialRecord
from kernel.money import Money


def tell_changes(report: ImportReport, planning: Planning, steps: list[ProductStep]) -> None:
    for category in planning.tree.planned:
        path = planning.tree.path_of(category.id)
        fields = (FieldChange("category", "", path),)
        report.tell(Change(0, Subject.CATEGORY, category.slug, Effect.NEW, fields, category.id))
    for step in steps:
        _tell_product(report, step)
        for variant in step.variants:
            _tell_variant(report, planning, variant)
        for picture in step.pictures:
            effect = Effect.NEW if picture.known is None else Effect.CHANGED if picture.changed else Effect.UNCHANGED
            old = picture.known.alt if picture.known is not None else ""
            fields = () if effect is Effect.UNCHANGED else (FieldChange("picture_texts", old, picture.text),)
            report.tell(Change(step.draft.line, Subject.PICTURE, picture.draft.name, effect, fields, step.id))


def _tell_product(report: ImportReport, step: ProductStep) -> None:
    if step.known is None:
        change = Change(step.draft.line, Subject.PRODUCT, step.row["slug"], Effect.NEW,
                        (FieldChange("name", "", step.row["name"]),), step.id)  # fmt: skip
    else:
        # Variants and pictures are a part of it.
        changed = step.writes_anything
        effect = Effect.CHANGED if changed else Effect.UNCHANGED
        change = Change(step.draft.line, Subject.PRODUCT, step.row["slug"], effect, _fields(step.changed), step.id)
    report.tell(change)


def _tell_variant(report: ImportReport, planning: Planning, step: VariantStep) -> None:
    currency, sku, line, id_ = planning.program.currency, step.row["sku"], step.draft.line, step.row["id"]
    if step.known is None:
        price = str(Money(step.row["regular_price"], currency))
        fields = (FieldChange("price", "", price), FieldChange("stock", "", str(step.row["on_hand"])))
        report.tell(Change(line, Subject.VARIANT, sku, Effect.NEW, fields, id_))
    else:
        effect = Effect.CHANGED if step.changed else Effect.UNCHANGED
        report.tell(Change(line, Subject.VARIANT, sku, effect, _fields(step.changed), id_))
    for at, effect, before, after in step.prices.special_effects:
        fields = _differences(_special(planning, before), _special(planning, after))
        report.tell(Change(at, Subject.SPECIAL_PRICE, sku, effect, fields, id_))
    for at, effect, before, after in step.prices.offer_effects:
        fields = _differences(_offer(planning, before), _offer(planning, after))
        report.tell(Change(at, Subject.EXCHANGE_OFFER, sku, effect, fields, after.id))


def _fields(changed: Mapping[str, tuple[str, str]]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(name, before, after) for name, (before, after) in changed.items())


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, before.get(name, ""), text) for name, text in after.items() if before.get(name, "") != text
    )


def _special(planning: Planning, special: SpecialRecord | None) -> dict[str, str]:
    return {} if special is None else special_cells(special, planning.program)


def _offer(planning: Planning, offer: OfferRecord | None) -> dict[str, str]:
    return {} if offer is None else offer_cells(offer, planning.program)
