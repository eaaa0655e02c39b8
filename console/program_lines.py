"""A program as lines: every rule that a version states, by its path in the document and in words.

One list serves the table, and, of two versions, what differs between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from console.visit import Visit
from program.config import Program, Text, Tier
from program.document import DOCUMENT_CLASSES, PRICE_CLASSES, REFRESHING
from schema.locale import LOCALES

TIER_RULES = {
    "name": "name",
    "acquire": "acquire",
    "keep": "keep",
    "price_rate": "price_rate",
    "points_multiplier": "multiplier",
    "benefits": "benefits",
}
"""What a tier states, by its key in the document, and how it is labelled."""


@dataclass(frozen=True)
class Line:
    """`path` is where it stands in the document, a level named by its code; `raw` what is compared."""

    section: str
    path: str
    label: str
    words: str
    raw: object


@dataclass(frozen=True)
class Difference:
    """`before` None: it is new; `after` None: it is gone."""

    section: str
    path: str
    label: str
    before: str | None
    after: str | None


def program_lines(program: Program, visit: Visit) -> list[Line]:
    parts = (_general, _points, _prices, _times, _returns, _exchange, _orders, _tiers)
    return list(chain.from_iterable(part(program, visit) for part in parts))


def differences(before: Program, after: Program, visit: Visit) -> list[Difference]:
    """What `after` states otherwise, in the document's order; what is gone stands at the end."""
    old = {line.path: line for line in program_lines(before, visit)}
    new = program_lines(after, visit)
    found = [
        Difference(line.section, line.path, line.label, old[line.path].words if line.path in old else None, line.words)
        for line in new
        if line.path not in old or old[line.path].raw != line.raw
    ]
    kept = {line.path for line in new}
    gone = [
        Difference(line.section, line.path, line.label, line.words, None)
        for line in old.values()
        if line.path not in kept
    ]
    return found + gone


def _general(program: Program, visit: Visit) -> Iterator[Line]:
    t = visit.t
    yield _line(visit, "general", "name", t("prg_name"), _text(program.name), _whole(program.name))
    yield _line(visit, "general", "currency", t("prg_currency"), program.currency)
    yield _line(visit, "general", "timezone", t("prg_timezone"), str(program.zone))


def _points(program: Program, visit: Visit) -> Iterator[Line]:
    t, f = visit.t, visit.formats
    for each in PRICE_CLASSES:
        rate = program.rates[each]
        label = t("prg_rate_of", name=t(f"class_{each}"))
        yield _line(visit, "points", f"points.rates.{each}", label, f.exact(rate), rate)
    rate = program.third_party_rate
    yield _line(visit, "points", "points.third_party_rate", t("prg_third_party_rate"), f.exact(rate), rate)
    rate = program.gift_card_rate
    yield _line(visit, "points", "points.gift_card_rate", t("prg_gift_card_rate"), f.exact(rate), rate)
    yield _line(visit, "points", "points.value_of_100", t("prg_value_of_100"), f.money(program.value_of_100))
    policy = program.expiry_policy
    yield _line(visit, "points", "points.expiry.policy", t("prg_expiry_policy"), t(f"prg_expiry_{policy}"), policy)


def _prices(program: Program, visit: Visit) -> Iterator[Line]:
    t = visit.t
    names = [t(f"class_{each}") for each in DOCUMENT_CLASSES if each in program.excluded_classes]
    path = "tier_discount.excluded_classes"
    yield _line(visit, "prices", path, t("prg_excluded"), _listed(visit, names), program.excluded_classes)
    rule = program.special_rule
    yield _line(visit, "prices", "tier_discount.special_rule", t("prg_special_rule"), t(f"prg_special_{rule}"), rule)


def _times(program: Program, visit: Visit) -> Iterator[Line]:
    days = visit.t("in_days", n=program.settlement_days)
    yield _line(visit, "settlement", "settlement.days", visit.t("prg_settlement_days"), days)


def _returns(program: Program, visit: Visit) -> Iterator[Line]:
    t = visit.t
    days = t("in_days", n=program.return_window_days)
    yield _line(visit, "returns", "returns.window_days", t("prg_window_days"), days)
    names = [t(f"prg_refresh_{each}") for each in REFRESHING if each in program.refresh_expiry_on]
    path = "returns.refresh_expiry_on"
    yield _line(visit, "returns", path, t("prg_refresh"), _listed(visit, names), program.refresh_expiry_on)
    rule = program.shortfall
    yield _line(visit, "returns", "returns.shortfall", t("prg_shortfall"), t(f"prg_shortfall_{rule}"), rule)
    rule = program.refund_shipping
    words = t(f"prg_shipping_{rule}")
    yield _line(visit, "returns", "returns.refund_shipping", t("prg_refund_shipping"), words, rule)


def _exchange(program: Program, visit: Visit) -> Iterator[Line]:
    low, high = program.discount_share_guidance
    words = visit.t("prg_between", low=visit.formats.rate(low), high=visit.formats.rate(high))
    path = "exchange.discount_share_guidance"
    yield _line(visit, "exchange", path, visit.t("prg_guidance"), words, (low, high))


def _orders(program: Program, visit: Visit) -> Iterator[Line]:
    t, f = visit.t, visit.formats
    minutes = t("prg_minutes", n=program.pay_within_minutes)
    yield _line(visit, "orders", "orders.pay_within_minutes", t("prg_pay_within"), minutes)
    yield _line(visit, "orders", "orders.shipping_fee", t("prg_shipping_fee"), f.money(program.shipping_fee))
    yield _line(visit, "orders", "orders.free_shipping_from", t("prg_free_from"), f.money(program.free_shipping_from))


def _tiers(program: Program, visit: Visit) -> Iterator[Line]:
    t = visit.t
    policy = program.tier_policy
    yield _line(visit, "tiers", "tiers.policy", t("prg_tier_policy"), t(f"prg_tiers_{policy}"), policy)
    order = [tier.code for tier in program.tiers]
    yield _line(visit, "tiers", "tiers.levels", t("prg_levels"), " → ".join(order), order)
    for tier in program.tiers:
        yield from _tier(tier, visit)


def _tier(tier: Tier, visit: Visit) -> Iterator[Line]:
    t, f = visit.t, visit.formats
    of, place = visit.named(tier.name), f"tiers.levels.{tier.code}"

    def line(key: str, label: str, words: str, raw: object = None) -> Line:
        return _line(visit, "tiers", f"{place}.{key}", t("prg_of_tier", tier=of, what=t(label)), words, raw)

    yield line("name", "prg_name", _text(tier.name), _whole(tier.name))
    if tier.acquire is not None:
        yield line("acquire", "prg_acquire", f.money(tier.acquire))
    if tier.keep is not None:
        yield line("keep", "prg_keep", f.money(tier.keep))
    yield line("price_rate", "prg_price_rate", f.rate(tier.price_rate), tier.price_rate)
    yield line("points_multiplier", "prg_multiplier", f"× {f.exact(tier.points_multiplier)}", tier.points_multiplier)
    names = [visit.named(benefit.title) for benefit in tier.benefits]
    raw = [(b.code, _whole(b.title), _whole(b.description)) for b in tier.benefits]
    yield line("benefits", "prg_benefits", _listed(visit, names), raw)


def _line(visit: Visit, section: str, path: str, label: str, words: str, raw: object = None) -> Line:
    return Line(visit.t(f"prg_section_{section}"), path, label, words, words if raw is None else raw)


def _listed(visit: Visit, names: list[str]) -> str:
    return visit.t("prg_comma").join(names) or visit.t("nothing")


def _whole(text: Text) -> tuple[str, ...]:
    """A text in all languages, to compare: written once, it is the same in each."""
    return tuple(text if isinstance(text, str) else text.get(locale, "") for locale in LOCALES)


def _text(text: Text) -> str:
    return " / ".join(dict.fromkeys(_whole(text)))
