"""What the merchandiser does over the year: exchange offers, sales, group buys, new stock, and what sells out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial

from api.demo.diary import DAYS
from api.demo.goods import SHELVES
from api.demo.goods.good import Good
from api.demo.stage import Stage
from catalog.adjust_stock import AdjustStock, adjust_stock
from catalog.plan_special_price import PlanSpecialPrice, plan_special_price
from catalog.queries import variants_by_id
from catalog.records import VariantRecord
from catalog.save_exchange_offer import SaveExchangeOffer, save_exchange_offer
from catalog.tables import SpecialPriceClass
from staff.tables import Role

RESTOCK_EVERY = 30
RESTOCK_BELOW = 25
RESTOCK = 60

SALE, GROUP_BUY = SpecialPriceClass.SALE, SpecialPriceClass.GROUP_BUY

GOODS = {good.sku: good for shelf in SHELVES for good in shelf.goods}


@dataclass(frozen=True, slots=True)
class Offer:
    """`day`: entered on it. `ends`: the day on which it is over."""

    sku: str
    cash: str
    points: int
    quota: int | None = None
    limit: int | None = None
    tier: str | None = None
    day: int = 1
    ends: int | None = None


OFFERS = (
    # Points alone: far more than the usual share of the price, so the planner warns about it.
    Offer("HOM01", "0.00", 1950, limit=2),
    Offer("KID08", "22.00", 350),
    Offer("MEN02", "45.00", 700),
    Offer("SHO01", "52.00", 850, quota=200),
    Offer("ACC01", "45.00", 700),
    Offer("HOM03", "75.00", 1200, limit=3),
    Offer("WOM08", "74.00", 1250),
    Offer("SPO05", "79.00", 1000, quota=100),
    Offer("ACC03", "199.00", 3000, limit=1),
    Offer("DIG06", "59.00", 1000),
    Offer("SHO03", "359.00", 5000, quota=30, tier="VIP"),
    Offer("HOM05", "299.00", 5000, limit=1, tier="VIP"),
    Offer("ACC08", "499.00", 10_000, quota=10, limit=1, tier="SVIP", day=120),
    Offer("DIG04", "99.00", 1500, quota=50, day=200, ends=DAYS + 20),
    Offer("SPO04", "129.00", 2000, day=300, ends=DAYS + 30),
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Announced on a day, from a day to a day, at a share of the regular price."""

    announced: int
    starts: int
    ends: int
    price_class: SpecialPriceClass
    share: str
    skus: tuple[str, ...]


CAMPAIGNS = (
    Campaign(45, 50, 62, SALE, "0.70", ("MEN02", "WOM04", "SHO01", "KID02", "HOM03", "ACC05", "SPO02", "DIG06")),
    Campaign(150, 156, 166, GROUP_BUY, "0.60", ("KID01", "HOM01", "SHO06", "ACC07", "DIG03")),
    Campaign(230, 236, 250, SALE, "0.65", ("MEN04", "WOM05", "SHO04", "KID06", "HOM05", "ACC03", "SPO04", "DIG07")),
    Campaign(330, 336, 346, SALE, "0.75", ("MEN05", "WOM07", "SHO07", "HOM04", "ACC02", "SPO01")),
    # Running today.
    Campaign(
        428, 432, DAYS + 10, SALE, "0.70",
        ("MEN03", "MEN05", "WOM01", "WOM03", "SHO02", "SHO05", "KID04", "HOM02", "SPO03", "DIG05"),
    ),
    Campaign(432, 435, DAYS + 5, GROUP_BUY, "0.60", ("MEN02", "KID03", "HOM04", "ACC02", "SPO06", "DIG03")),
    # Planned.
    Campaign(437, DAYS + 7, DAYS + 14, SALE, "0.65", ("MEN04", "WOM04", "SHO06", "KID05", "ACC07", "DIG07")),
    Campaign(438, DAYS + 12, DAYS + 15, GROUP_BUY, "0.55", ("WOM06", "KID01", "HOM01")),
)  # fmt: skip


def plan_year(stage: Stage) -> None:
    """Notes all of it in the diary."""
    diary = stage.diary
    for offer in OFFERS:
        diary.on(offer.day, 9, 30, partial(_save_offer, stage, offer))
    for campaign in CAMPAIGNS:
        diary.on(campaign.announced, 10, 0, partial(_announce, stage, campaign))
    for day in range(RESTOCK_EVERY, DAYS, RESTOCK_EVERY):
        diary.on(day, 8, 0, partial(_restock, stage))
    diary.on(DAYS - 1, 23, 50, partial(_sell_out, stage))


def _save_offer(stage: Stage, offer: Offer) -> None:
    good = GOODS[offer.sku]
    sku = next(iter(good.skus().values()))
    command = SaveExchangeOffer(
        sku,
        Decimal(offer.cash),
        offer.points,
        starts_at=stage.diary.now,
        ends_at=_day(stage, offer.ends),
        quota=offer.quota,
        per_member_limit=offer.limit,
        required_tier_code=offer.tier,
    )
    with stage.shop.db.write() as tx:
        id_ = save_exchange_offer(tx, command, now=stage.diary.now, program=stage.program)
        after: dict[str, str | int] = {"sku": sku, "cash": offer.cash, "points": offer.points}
        stage.note(tx, Role.MERCHANDISER, "saveExchangeOffer", id_, after)
    stage.offers.append(id_)


def _announce(stage: Stage, campaign: Campaign) -> None:
    starts_at, ends_at = _day(stage, campaign.starts), _day(stage, campaign.ends)
    with stage.shop.db.write() as tx:
        for good in (GOODS[sku] for sku in campaign.skus):
            for option, sku in good.skus().items():
                price = _rounded(Decimal(good.prices.get(option, good.price)) * Decimal(campaign.share))
                command = PlanSpecialPrice(sku, price, campaign.price_class, starts_at, ends_at)
                id_ = plan_special_price(tx, command, now=stage.diary.now, program=stage.program)
                after: dict[str, str | int] = {"sku": sku, "price": str(price), "class": campaign.price_class.value}
                stage.note(tx, Role.MERCHANDISER, "planSpecialPrice", id_, after)


def _rounded(price: Decimal) -> Decimal:
    """A price as shops write it, without change: 41.30 becomes 41.00."""
    return price.to_integral_value().quantize(Decimal("0.01"))


def _day(stage: Stage, day: int | None) -> datetime | None:
    return None if day is None else stage.diary.instant(day)


def _restock(stage: Stage) -> None:
    for variant in _variants(stage, list(stage.variants.values())):
        if variant.available < RESTOCK_BELOW:
            _adjust(stage, variant.sku, RESTOCK, "补货入库")


def _sell_out(stage: Stage) -> None:
    for good in GOODS.values():
        ids = [stage.variants[sku] for option, sku in good.skus().items() if _is_sold_out(good, option)]
        for variant in _variants(stage, ids):
            if variant.available:
                _adjust(stage, variant.sku, -variant.available, "门店调拨,线上售罄")


def _is_sold_out(good: Good, option: str) -> bool:
    return option in good.sold_out or "all" in good.sold_out


def _variants(stage: Stage, ids: Sequence[str]) -> list[VariantRecord]:
    with stage.shop.db.read() as conn:
        return list(variants_by_id(conn, ids, stage.diary.now).values())


def _adjust(stage: Stage, sku: str, change: int, reason: str) -> None:
    with stage.shop.db.write() as tx:
        command = AdjustStock(sku, change, reason, stage.key())
        id_ = adjust_stock(tx, command, actor_id=stage.staff[Role.MERCHANDISER][0], now=stage.diary.now)
        after: dict[str, str | int] = {"sku": sku, "change": change, "reason": reason}
        stage.note(tx, Role.MERCHANDISER, "adjustStock", id_, after)
