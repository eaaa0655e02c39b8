"""A plan, and whether it still stands when its turn to write has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from catalog.imports.categories import CategoryTree
from catalog.imports.drafts import Drafts
from catalog.imports.known import Known
from catalog.imports.plan_product import Planning
from catalog.imports.steps import ProductStep


@dataclass(slots=True)
class Planned:
    """What was found at an instant; once it is planned, `planning` has what is wrong, and `steps` what to do."""

    known: Known
    tree: CategoryTree
    now: datetime
    planning: Planning | None = None
    steps: list[ProductStep] = field(default_factory=list[ProductStep])

    @property
    def done(self) -> Planning:
        assert self.planning is not None
        return self.planning

    def stands(self, held: Planned, drafts: Drafts) -> bool:
        """Whether the shop, now that it is held, is as it was planned for. If so, what begins now begins now: an order
        may have come in between, at the price of before."""
        same = held.tree.there == self.tree.there and held.known.by_slug == self.known.by_slug
        if not same or any(self.now < instant <= held.now for instant in _instants(self.known, drafts)):
            return False
        for step in self.steps:
            for variant in step.variants:
                for special in variant.prices.specials:
                    if special.starts_at == self.now:
                        special.starts_at = held.now
                for offer in variant.prices.offers:
                    offer.created_at = held.now
        self.now = held.now
        return True


def _instants(known: Known, drafts: Drafts) -> Iterator[datetime]:
    """When something begins or ends: a plan from before is none for after."""
    spans = [
        *(special for product in known.by_slug.values() for v in product.variants.values() for special in v.specials),
        *(offer for product in known.by_slug.values() for v in product.variants.values() for offer in v.offers),
        *(special for product in drafts.products for v in product.variants for special in v.specials),
        *(offer for product in drafts.products for v in product.variants for offer in v.offers),
    ]
    for span in spans:
        yield from (instant for instant in (span.starts_at, span.ends_at) if instant is not None)
