"""What a file's special prices and exchange offers of one variant come to. Pure.

What is there and says the same stays; what the file does not name stays too. A special price that has begun is never
rewritten: it ends now, and the other begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from catalog.checks import MAX_UNITS, check_between, check_tier, read_amount
from catalog.imports.drafts import OfferDraft, SpecialDraft, VariantDraft
from catalog.imports.known import KnownVariant
from catalog.imports.report import Effect
from catalog.records import OfferRecord, SpecialRecord
from catalog.special_windows import overlaps
from kernel.ids import new_id
from kernel.money import POINTS_LIMIT, Money
from kernel.refusals import Refusals, invalid
from program.config import Program

LIMITS = (
    ("quota", "offer_quota"),
    ("per_member_limit", "offer_per_member"),
    ("daily_limit", "offer_daily"),
    ("weekly_limit", "offer_weekly"),
    ("monthly_limit", "offer_monthly"),
)


@dataclass(slots=True)
class Told:
    """What is wrong in one line, by column."""

    line: int
    refusals: Refusals
    broken: bool = True


@dataclass(slots=True)
class PlannedPrices:
    """`ended` and `withdrawn`: those that give way. Each `Effect` is told with its line, and what was there before."""

    specials: list[SpecialRecord] = field(default_factory=list[SpecialRecord])
    ended: list[SpecialRecord] = field(default_factory=list[SpecialRecord])
    withdrawn: list[SpecialRecord] = field(default_factory=list[SpecialRecord])
    offers: list[OfferRecord] = field(default_factory=list[OfferRecord])
    changed_offers: list[tuple[OfferRecord, OfferRecord]] = field(default_factory=list[tuple[OfferRecord, OfferRecord]])
    special_effects: list[tuple[int, Effect, SpecialRecord | None, SpecialRecord]] = field(default_factory=list)
    offer_effects: list[tuple[int, Effect, OfferRecord | None, OfferRecord]] = field(default_factory=list)
    live: list[SpecialRecord] = field(default_factory=list[SpecialRecord])

    @property
    def changes_anything(self) -> bool:
        return bool(self.specials or self.ended or self.withdrawn or self.offers or self.changed_offers)


def plan_prices(
    draft: VariantDraft,
    variant_id: str,
    known: KnownVariant | None,
    regular: int,
    program: Program,
    now: datetime,
    told: list[Told],
) -> PlannedPrices:
    """`regular` is the variant's regular price from now on. What is wrong is added to `told`."""
    plan = PlannedPrices(live=list(known.specials) if known is not None else [])
    for special in draft.specials:
        _special(plan, special, variant_id, regular, program, now, told)
    left = list(known.offers) if known is not None else []
    wanted: list[tuple[OfferDraft, OfferRecord]] = []
    for offer in draft.offers:
        record = _offer(offer, variant_id, regular, program, now, told)
        if record is None:
            continue
        same = next((other for other in left if _says(other) == _says(record)), None)
        if same is not None:
            left.remove(same)
            plan.offer_effects.append((offer.line, Effect.UNCHANGED, same, same))
        else:
            wanted.append((offer, record))
    for offer, record in wanted:
        _save_offer(plan, offer, record, left, now, told)
    return plan


def _special(
    plan: PlannedPrices,
    draft: SpecialDraft,
    variant_id: str,
    regular: int,
    program: Program,
    now: datetime,
    told: list[Told],
) -> None:
    refusals = Refusals()
    price = read_amount(refusals, ("special_price",), draft.price, program)
    if price is not None and price >= regular:
        refusals.add(invalid(("special_price",), "not_below_regular", regular=Money(regular, program.currency)))
    starts_at = draft.starts_at or now
    if draft.ends_at is not None and draft.ends_at <= starts_at:
        refusals.add(invalid(("special_until",), "ends_before_start"))
    if refusals:
        told.append(Told(draft.line, refusals))
        return
    if draft.ends_at is not None and draft.ends_at <= now:
        refusals.add(invalid(("special_until",), "is_over"))
        told.append(Told(draft.line, refusals, broken=False))
        return
    assert price is not None
    wanted = SpecialRecord(new_id("spp"), variant_id, price, draft.price_class, starts_at, draft.ends_at)
    begun = starts_at <= now
    same = [other for other in plan.live if other.starts_at == starts_at or (begun and other.starts_at <= now)]
    there = same[0] if same else None
    if there is not None and _terms(there) == _terms(wanted):
        plan.special_effects.append((draft.line, Effect.UNCHANGED, there, there))
        return
    others = [other for other in plan.live if other is not there]
    if there is not None and there.starts_at < now:
        wanted.starts_at = now
    if overlaps(wanted, others):
        refusals.add(invalid(("special_from",), "overlaps"))
        told.append(Told(draft.line, refusals))
        return
    if there is None:
        plan.special_effects.append((draft.line, Effect.NEW, None, wanted))
    else:
        if there in plan.specials:
            # Named twice in the same file: the line above has begun it already.
            refusals.add(invalid(("special_from",), "overlaps"))
            told.append(Told(draft.line, refusals))
            return
        (plan.ended if there.starts_at < now else plan.withdrawn).append(there)
        plan.special_effects.append((draft.line, Effect.CHANGED, there, wanted))
    plan.specials.append(wanted)
    plan.live = [*others, wanted]


def _terms(special: SpecialRecord) -> tuple[object, ...]:
    return special.price, special.price_class, special.ends_at


def _offer(
    draft: OfferDraft, variant_id: str, regular: int, program: Program, now: datetime, told: list[Told]
) -> OfferRecord | None:
    refusals = Refusals()
    cash = read_amount(refusals, ("offer_cash",), draft.cash, program)
    if cash is not None and cash >= regular:
        refusals.add(invalid(("offer_cash",), "not_below_regular", regular=Money(regular, program.currency)))
    if draft.points < 1:
        refusals.add(invalid(("offer_points",), "points_below_one"))
    check_between(refusals, ("offer_points",), max(draft.points, 1), 1, POINTS_LIMIT)
    for name, column in LIMITS:
        check_between(refusals, (column,), getattr(draft, name), 1, MAX_UNITS)
    check_tier(refusals, ("offer_tier",), draft.required_tier_code, program)
    if draft.starts_at is not None and draft.ends_at is not None and draft.ends_at <= draft.starts_at:
        refusals.add(invalid(("offer_until",), "ends_before_start"))
    if refusals:
        told.append(Told(draft.line, refusals))
        return None
    if draft.ends_at is not None and draft.ends_at <= now:
        refusals.add(invalid(("offer_until",), "is_over"))
        told.append(Told(draft.line, refusals, broken=False))
        return None
    assert cash is not None
    limits = {name: getattr(draft, name) for name, _ in LIMITS}
    return OfferRecord(
        id=new_id("off"),
        variant_id=variant_id,
        cash=cash,
        points=draft.points,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        redeemed=0,
        required_tier_code=draft.required_tier_code,
        created_at=now,
        **limits,
    )


def _says(offer: OfferRecord) -> tuple[object, ...]:
    limits = tuple(getattr(offer, name) for name, _ in LIMITS)
    return offer.cash, offer.points, offer.starts_at, offer.ends_at, offer.required_tier_code, limits


def _save_offer(
    plan: PlannedPrices,
    draft: OfferDraft,
    wanted: OfferRecord,
    left: list[OfferRecord],
    now: datetime,
    told: list[Told],
) -> None:
    """The offer of as much cash and as many points is the one that is meant, where no line says it as it is."""
    there = next((other for other in left if (other.cash, other.points) == (wanted.cash, wanted.points)), None)
    if there is None:
        plan.offers.append(wanted)
        plan.offer_effects.append((draft.line, Effect.NEW, None, wanted))
        return
    left.remove(there)
    if wanted.quota is not None and wanted.quota < there.redeemed:
        refusals = Refusals()
        refusals.add(invalid(("offer_quota",), "quota_below_redeemed", redeemed=there.redeemed))
        told.append(Told(draft.line, refusals))
        return
    wanted.id, wanted.redeemed, wanted.created_at = there.id, there.redeemed, there.created_at
    plan.changed_offers.append((there, wanted))
    plan.offer_effects.append((draft.line, Effect.CHANGED, there, wanted))


def highest_live(plan: PlannedPrices, offers: Sequence[OfferRecord]) -> int:
    """What a regular price has to be above: the highest special price or offer's cash that is not over; -1 for none."""
    prices = [special.price for special in plan.live if special not in plan.specials]
    return max([*prices, *(offer.cash for offer in offers)], default=-1)
