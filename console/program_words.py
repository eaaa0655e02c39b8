"""A program in plain words: a sentence for each rule, made of what the version states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel.lists import format_list

from console.visit import Visit
from kernel.money import Money
from program.config import Program, Tier
from program.document import DOCUMENT_CLASSES, PRICE_CLASSES, REFRESHING

_CHINESE = "[\u4e00-\u9fff]"


@dataclass(frozen=True)
class Chapter:
    title: str
    sentences: tuple[str, ...]


def in_words(program: Program, visit: Visit) -> list[Chapter]:
    chapters = {
        "earning": _earning,
        "expiry": _expiry,
        "tiers": _tiers,
        "prices": _prices,
        "returns": _returns,
        "exchange": _exchange,
        "orders": _orders,
    }
    said = {name: [_spaced(sentence, visit) for sentence in tell(program, visit)] for name, tell in chapters.items()}
    return [Chapter(visit.t(f"say_{name}"), tuple(sentences)) for name, sentences in said.items()]


def _spaced(sentence: str, visit: Visit) -> str:
    """Names may be Chinese or not: a space stands between Chinese and Latin, and none within Chinese."""
    if visit.locale != "zh-CN":
        return sentence
    sentence = re.sub(rf"(?<={_CHINESE}) (?={_CHINESE})", "", sentence)
    return re.sub(rf"(?<={_CHINESE})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?={_CHINESE})", " ", sentence)


def _earning(program: Program, visit: Visit) -> Iterator[str]:
    t, f = visit.t, visit.formats
    unit = f.money(Money.parse(1, program.currency))
    # Classes that earn alike share a sentence.
    alike: dict[Decimal, list[str]] = {}
    for each in PRICE_CLASSES:
        alike.setdefault(program.rates[each], []).append(t(f"say_class_{each}"))
    for rate, names in alike.items():
        goods = _and(visit, names)
        yield (
            t("say_earns", goods=goods, points=_points(visit, rate), unit=unit)
            if rate
            else t("say_earns_nothing", goods=goods)
        )
    rate = program.third_party_rate
    yield t("say_third_party", points=_points(visit, rate), unit=unit) if rate else t("say_third_party_nothing")
    rate = program.gift_card_rate
    yield t("say_gift_card", points=_points(visit, rate), unit=unit) if rate else t("say_gift_card_nothing")
    faster = [
        t("say_times", tier=visit.named(tier.name), n=f.exact(tier.points_multiplier))
        for tier in program.tiers
        if tier.points_multiplier != 1
    ]
    if faster:
        yield t("say_multiplier", tiers=_and(visit, faster))
    yield t("say_settles", n=program.settlement_days) if program.settlement_days else t("say_settles_at_once")
    yield t("say_worth", amount=f.money(program.value_of_100))


def _expiry(program: Program, visit: Visit) -> Iterator[str]:
    yield visit.t(f"say_expiry_{program.expiry_policy}")
    yield visit.t(f"say_expiry_{program.expiry_policy}_more")


def _tiers(program: Program, visit: Visit) -> Iterator[str]:
    t, f = visit.t, visit.formats
    yield t("say_entry", tier=visit.named(program.entry_tier.name))
    for tier in program.tiers[1:]:
        below = visit.named(program.tiers[tier.rank - 1].name)
        if tier.acquire is not None:
            yield t("say_acquire", below=below, tier=visit.named(tier.name), amount=f.money(tier.acquire))
        if tier.keep is not None:
            yield t("say_keep", tier=visit.named(tier.name), amount=f.money(tier.keep))
    yield t(f"say_{program.tier_policy}")
    for tier in program.tiers:
        names = [visit.named(benefit.title) for benefit in tier.benefits]
        if names:
            yield t("say_benefits", tier=visit.named(tier.name), benefits=_and(visit, names))


def _prices(program: Program, visit: Visit) -> Iterator[str]:
    t = visit.t
    cheaper = [_price_of(tier, visit) for tier in program.tiers if tier.price_rate != 1]
    if not cheaper:
        yield t("say_no_tier_price")
        return
    yield t("say_tier_price", tiers=_and(visit, cheaper))
    excluded = [t(f"say_class_{each}") for each in DOCUMENT_CLASSES if each in program.excluded_classes]
    if excluded:
        yield t("say_excluded", goods=_and(visit, excluded))
    # An exchange is never discounted, whether it is named or not.
    included = [each for each in ("SALE", "GROUP_BUY") if each not in program.excluded_classes]
    if included:
        goods = _and(visit, [t(f"say_class_{each}") for each in included])
        yield t(f"say_{program.special_rule}", goods=goods)


def _price_of(tier: Tier, visit: Visit) -> str:
    return visit.t("say_pays", tier=visit.named(tier.name), share=visit.formats.rate(tier.price_rate))


def _returns(program: Program, visit: Visit) -> Iterator[str]:
    t = visit.t
    yield t("say_window", n=program.return_window_days) if program.return_window_days else t("say_no_window")
    yield t("say_full_return")
    refreshing = [t(f"say_{each}") for each in REFRESHING if each in program.refresh_expiry_on]
    kept = [t(f"say_{each}") for each in REFRESHING if each not in program.refresh_expiry_on]
    if refreshing:
        yield t("say_refreshes", events=_or(visit, refreshing))
    if kept:
        yield t("say_refreshes_not", events=_or(visit, kept))
    yield t(f"say_{program.shortfall}", amount=visit.formats.money(program.value_of_100))
    yield t(f"say_shipping_{program.refund_shipping}")


def _exchange(program: Program, visit: Visit) -> Iterator[str]:
    low, high = program.discount_share_guidance
    yield visit.t("say_guidance", low=visit.formats.rate(low), high=visit.formats.rate(high))


def _orders(program: Program, visit: Visit) -> Iterator[str]:
    t, f = visit.t, visit.formats
    yield t("say_pay_within", n=visit.formats.number(program.pay_within_minutes))
    fee, free_from = program.shipping_fee, program.free_shipping_from
    if not fee.minor or not free_from.minor:
        yield t("say_shipping_free")
    else:
        yield t("say_shipping_fee", fee=f.money(fee), amount=f.money(free_from))


def _points(visit: Visit, rate: Decimal) -> str:
    return visit.t("say_one_point" if rate == 1 else "say_n_points", n=visit.formats.exact(rate))


def _and(visit: Visit, names: list[str]) -> str:
    return "、".join(names) if visit.locale == "zh-CN" else format_list(names, locale="en")


def _or(visit: Visit, names: list[str]) -> str:
    return format_list(names, style="or", locale="zh" if visit.locale == "zh-CN" else "en")
