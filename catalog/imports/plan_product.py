"""Compares what a file says of a product with what the shop has, by the rules by which a product is saved.

Nothing is written here. What is wrong is told by line and column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalog.attach_picture import MAX_PICTURES, content_of
from catalog.cells import written_instant, written_number, yes_or_no
from catalog.checks import (
    MAX_TRANSLATIONS,
    check_tier,
    read_locale,
    read_rate,
    read_slug,
)
from catalog.details import Option, read_attributes, read_options
from catalog.finding.words import fold
from catalog.imports.categories import CategoryTree
from catalog.imports.drafts import ProductDraft, WordingDraft
from catalog.imports.known import Known, KnownProduct
from catalog.imports.picture_files import Reasons, StoredPicture, problems_of
from catalog.imports.plan_variants import plan_variants
from catalog.imports.report import Problem
from catalog.imports.steps import PictureStep, ProductStep
from catalog.imports.telling import problems_from
from catalog.option_cells import attribute_cell, option_cell
from catalog.records import OfferRecord
from kernel.ids import new_id
from kernel.refusals import Refusals, invalid
from kernel.texts import MAX_TEXT, read_text
from kernel.unchanged import UNCHANGED
from program.config import Program

_DEFAULTS: Mapping[str, Any] = {
    "description": "",
    "published": True,
    "third_party": False,
    "points_rate": None,
    "required_tier_code": None,
    "category_id": None,
    "published_from": None,
    "published_until": None,
    "options": None,
    "attributes": None,
}

# The columns of our own form, by the table's names.
COLUMN_OF = {"required_tier_code": "required_tier", "category_id": "category"}


@dataclass(slots=True)
class Planning:
    """What all products of a file are planned with. `offers` keeps its place for offers by variant."""

    known: Known
    tree: CategoryTree
    program: Program
    now: datetime
    pictures: Mapping[str, StoredPicture | Reasons] | None
    problems: list[Problem] = field(default_factory=list[Problem])
    seen_skus: set[str] = field(default_factory=set[str])
    offers: dict[str, list[OfferRecord]] = field(default_factory=dict[str, list[OfferRecord]])


def plan_product(planning: Planning, draft: ProductDraft) -> ProductStep | None:
    """What to do with a product; None where it is left out, which has been told."""
    known = _known(planning, draft)
    if draft.slug is None and known is None:
        for variant in draft.variants:
            planning.problems.append(Problem(variant.line, draft.columns.get("sku", "sku"), "sku_unknown"))
        return None
    refusals = Refusals()
    id_ = known.id if known is not None else new_id("prd")
    old = {name: getattr(known, name) for name in _DEFAULTS} if known is not None else dict(_DEFAULTS)
    row = {**old, **_texts(refusals, draft, known), **_facts(refusals, draft, planning.program)}
    row["options"] = _options(refusals, draft, old["options"])
    starts_at, ends_at = row["published_from"], row["published_until"]
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        refusals.add(invalid(("published_until",), "ends_before_start"))
    category = draft.category
    if category is not UNCHANGED and category is not None:
        planning.tree.check(refusals, category)
    wording = _wording(refusals, draft.wording, known)
    told = problems_from(refusals, draft.line, draft.columns)
    pictures = _pictures(planning, draft, known, row["name"], told)
    if told:
        planning.problems.extend(told)
        _leave_out(planning, draft, {problem.line for problem in told})
        return None
    variants = plan_variants(planning, draft, known, id_, row["options"])
    if variants is None:
        return None
    if category is None:
        row["category_id"] = None
    elif category is not UNCHANGED:
        row["category_id"] = planning.tree.id_of(category)
    changed = _changed(planning, known, row, wording)
    return ProductStep(draft, known, id_, row, changed, wording, variants, pictures)


def _known(planning: Planning, draft: ProductDraft) -> KnownProduct | None:
    if draft.slug is not None:
        return planning.known.by_slug.get(draft.slug)
    return next((planning.known.by_sku.get(variant.sku) for variant in draft.variants), None)


def _leave_out(planning: Planning, draft: ProductDraft, told: set[int]) -> None:
    """The lines of a product's variants go with it."""
    column = draft.columns.get("left_out", "slug")
    lines = sorted({*(line for variant in draft.variants for line in (variant.line, *variant.lines))} - told)
    planning.problems.extend(Problem(line, column, "product_left_out") for line in lines if line != draft.line)


def _texts(refusals: Refusals, draft: ProductDraft, known: KnownProduct | None) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if draft.slug is not None and known is None:
        row["slug"] = read_slug(refusals, ("slug",), draft.slug)
    else:
        row["slug"] = known.slug if known is not None else ""
    if draft.name is not UNCHANGED:
        row["name"] = read_text(refusals, ("name",), draft.name, needed=True)
    elif known is None:
        row["name"] = ""
        refusals.add(invalid(("name",), "empty"))
    else:
        row["name"] = known.name
    row["name_key"] = fold(row["name"])
    if draft.description is not UNCHANGED:
        row["description"] = read_text(refusals, ("description",), draft.description, most=MAX_TEXT)
    return row


def _facts(refusals: Refusals, draft: ProductDraft, program: Program) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in ("published", "third_party", "published_from", "published_until"):
        value = getattr(draft, name)
        if value is not UNCHANGED:
            row[name] = value
    if draft.points_rate is not UNCHANGED:
        rate = draft.points_rate
        row["points_rate"] = None if rate is None else read_rate(refusals, ("points_rate",), rate)
    if draft.required_tier_code is not UNCHANGED:
        check_tier(refusals, ("required_tier",), draft.required_tier_code, program)
        row["required_tier_code"] = draft.required_tier_code
    if draft.attributes is not UNCHANGED:
        row["attributes"] = read_attributes(refusals, draft.attributes)
    return row


def _options(refusals: Refusals, draft: ProductDraft, old: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """An option whose values the file does not list has those that it had, and those of the file's variants."""
    if draft.options is UNCHANGED:
        return old
    before: dict[str, list[str]] = {each["name"]: each["values"] for each in old or ()}
    options: list[Option] = []
    for at, option in enumerate(draft.options):
        values = list(option.values)
        if not values:
            named = [
                variant.option_values[at]
                for variant in draft.variants
                if variant.option_values is not UNCHANGED and at < len(variant.option_values)
            ]
            values = list(dict.fromkeys([*before.get(option.name, ()), *named]))
        options.append(Option(option.name, tuple(values)))
    return read_options(refusals, options)


def _wording(
    refusals: Refusals, drafts: Mapping[str, WordingDraft], known: KnownProduct | None
) -> dict[str, tuple[str, str] | None]:
    """The translations that are not as they were."""
    before = known.wording if known is not None else {}
    found: dict[str, tuple[str, str] | None] = {}
    for told, draft in drafts.items():
        name_at, description_at = (f"name:{told}",), (f"description:{told}",)
        locale = read_locale(refusals, name_at, told)
        old_name, old_description = before.get(locale, ("", ""))
        name = old_name if draft.name is UNCHANGED else read_text(refusals, name_at, draft.name)
        description = old_description
        if draft.description is not UNCHANGED:
            description = read_text(refusals, description_at, draft.description, most=MAX_TEXT)
        if description and not name:
            refusals.add(invalid(name_at, "empty"))
        wanted = (name, description) if name else None
        if wanted != before.get(locale):
            found[locale] = wanted
    if len(before.keys() | {locale for locale, wanted in found.items() if wanted}) > MAX_TRANSLATIONS:
        refusals.add(invalid(("name",), "too_many", most=MAX_TRANSLATIONS))
    return found


def _pictures(
    planning: Planning, draft: ProductDraft, known: KnownProduct | None, name: str, told: list[Problem]
) -> list[PictureStep]:
    """The pictures that can be had, each once by its content; what is wrong with the others is told."""
    if planning.pictures is None:
        return []
    there = {content_of(picture.image_key): picture for picture in (known.pictures if known is not None else ())}
    found: dict[str, PictureStep] = {}
    column = draft.columns.get("pictures", "pictures")
    for picture in draft.pictures:
        stored = planning.pictures[picture.name]
        if isinstance(stored, tuple):
            told.extend(problems_of(stored, draft.line, column, picture.name))
            continue
        old = there.get(content_of(stored.key))
        refusals = Refusals()
        text = name if old is None else old.alt
        if picture.text is not None:
            text = read_text(refusals, ("picture_texts",), picture.text)
        told.extend(problems_from(refusals, draft.line, draft.columns))
        found.setdefault(content_of(stored.key), PictureStep(picture, stored, old, text))
    if len(there) + sum(step.known is None for step in found.values()) > MAX_PICTURES:
        told.append(Problem(draft.line, column, "too_many", (("most", str(MAX_PICTURES)),)))
    return list(found.values())


def _changed(
    planning: Planning,
    known: KnownProduct | None,
    row: Mapping[str, Any],
    wording: Mapping[str, tuple[str, str] | None],
) -> dict[str, tuple[str, str]]:
    """Before and after of what is not as it was, by column."""
    if known is None:
        return {}
    changed: dict[str, tuple[str, str]] = {}
    for name in ("name", *_DEFAULTS):
        before, after = getattr(known, name), row[name]
        if (before or None) != (after or None):
            column = COLUMN_OF.get(name, name)
            changed[column] = (shown(planning, name, before), shown(planning, name, after))
    for locale, after in wording.items():
        for at, column in enumerate(("name", "description")):
            texts = known.wording.get(locale, ("", ""))[at], (after or ("", ""))[at]
            if texts[0] != texts[1]:
                changed[f"{column}:{locale}"] = texts
    return changed


def shown(planning: Planning, name: str, value: Any) -> str:  # noqa: ANN401 - a column's value
    """A column's value as a sheet says it."""
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, datetime):
        return written_instant(value, planning.program.zone)
    if name == "options":
        return option_cell(value)
    if name == "attributes":
        return attribute_cell(value)
    if name == "category_id":
        return planning.tree.path_of(value)
    if value is None or isinstance(value, str):
        return value or ""
    return written_number(value)
