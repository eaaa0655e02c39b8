"""A product of the demo, and the shelf that it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.demo.pictures.look import Look


@dataclass(frozen=True, slots=True)
class Good:
    """`zh` and `en`: name and description. Prices are yuan; `prices` holds those of options that cost something else.

    `sold_out` names the options of which nothing is left in the end; "all" means every one.
    """

    sku: str
    slug: str
    zh: tuple[str, str]
    en: tuple[str, str]
    price: str
    look: Look
    options: tuple[str, ...] = ("",)
    prices: Mapping[str, str] = field(default_factory=dict)
    stock: int = 90
    third_party: bool = False
    points_rate: str | None = None
    tier: str | None = None
    sold_out: tuple[str, ...] = ()

    def skus(self) -> dict[str, str]:
        """The SKU of each option."""
        if len(self.options) == 1:
            return {self.options[0]: self.sku}
        return {option: f"{self.sku}-{i}" for i, option in enumerate(self.options, start=1)}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category; `ground` is the background of its pictures, above and below."""

    slug: str
    zh: str
    en: str
    ground: tuple[str, str]
    goods: tuple[Good, ...]


def options(*groups: str) -> tuple[str, ...]:
    """All combinations: `options("白色 黑色", "S M")` gives "白色 / S", "白色 / M", and so on."""
    names = [""]
    for group in groups:
        names = [f"{name} / {word}" if name else word for name in names for word in group.split()]
    return tuple(names)
