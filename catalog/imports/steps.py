"""What an import is going to do with a product and its variants: values, ready to be written and to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from catalog.imports.drafts import PictureDraft, ProductDraft, VariantDraft
from catalog.imports.known import KnownPicture, KnownProduct, KnownVariant
from catalog.imports.picture_files import StoredPicture
from catalog.imports.plan_prices import PlannedPrices

_FOUND_BY = frozenset({"name", "description", "category", "attributes"})
_FOUND_BY_SKU = frozenset({"variant", "active", "option_values"})
"""Columns whose words are in the index of the search; see `catalog.finding.index`."""


@dataclass(slots=True)
class VariantStep:
    """`row` has all columns that the file or the shop says, by the table's names."""

    draft: VariantDraft
    known: KnownVariant | None
    row: dict[str, Any]
    prices: PlannedPrices
    changed: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


@dataclass(slots=True)
class PictureStep:
    """`known`: the product has it already, perhaps with another text."""

    draft: PictureDraft
    stored: StoredPicture
    known: KnownPicture | None
    text: str

    @property
    def changed(self) -> bool:
        return self.known is None or self.text != self.known.alt


@dataclass(slots=True)
class ProductStep:
    """`wording` are the translations that change; None takes one away."""

    draft: ProductDraft
    known: KnownProduct | None
    id: str
    row: dict[str, Any]
    changed: dict[str, tuple[str, str]]
    wording: dict[str, tuple[str, str] | None]
    variants: list[VariantStep]
    pictures: list[PictureStep]

    @property
    def writes_product(self) -> bool:
        return self.known is None or bool(self.changed) or bool(self.wording)

    @property
    def changes_words(self) -> bool:
        """Whether the product may be found under other words than before."""
        return (
            self.known is None
            or bool(self.wording)
            or not _FOUND_BY.isdisjoint(self.changed)
            or any(step.known is None or not _FOUND_BY_SKU.isdisjoint(step.changed) for step in self.variants)
        )

    @property
    def writes_anything(self) -> bool:
        return (
            self.writes_product
            or any(step.known is None or step.changed or step.prices.changes_anything for step in self.variants)
            or any(picture.changed for picture in self.pictures)
        )
