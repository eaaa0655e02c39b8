"""What a deed would do, told before it is confirmed: rows of (what, figure, note)."""

from __future__ import annotations

from datetime import datetime

from checkout.foreseen import Foreseen
from checkout.queries import PaymentRecord, ReturnRecord
from checkout.returns.finish import Outcome
from checkout.tables import PaymentStatus, ReturnKind
from console.member_view import tier_name
from console.order_view import OrderView
from console.visit import Visit
from kernel.money import Money
from program.config import Program, Tier

Rows = list[tuple[str, str, str]]


def shipping_outcome(visit: Visit, view: OrderView) -> Rows:
    t, f, program = visit.t, visit.formats, view.program
    rows: Rows = [
        (t("order"), t("order_SHIPPED"), ""),
        (
            t("ship_settles"),
            t("in_days", n=program.settlement_days),
            t("ship_settles_hint", n=f.points(view.order.points_to_earn)),
        ),
        (t("ship_returnable"), t("in_days", n=program.return_window_days), ""),
    ]
    if view.payment is not None and view.can_record_cash:
        rows.append((t("ship_collect"), f.minor(view.payment.amount, view.order.currency), t("ship_collect_hint")))
    return rows


def cash_outcome(visit: Visit, view: OrderView) -> Rows:
    payment = view.payment
    amount = visit.formats.minor(payment.amount, view.order.currency) if payment else "–"
    return [(visit.t("cash_collected"), amount, ""), (visit.t("payment"), visit.t("payment_SUCCEEDED"), "")]


def return_outcome(visit: Visit, outcome: Outcome, kind: str, payment: PaymentRecord | None) -> Rows:
    """What receiving the goods now would give back and take away."""
    # Of cash that was never recorded nothing is paid out: less is left to collect (R12).
    owed = payment is not None and payment.status == PaymentStatus.PENDING
    return _rows(
        visit,
        kind,
        outcome.refund,
        outcome.gift_card_refund,
        outcome.withheld,
        (outcome.points_returned, outcome.pending_points_reversed, outcome.available_points_reversed),
        outcome.expires_at_after,
        owed=owed,
    )


def recorded_outcome(visit: Visit, record: ReturnRecord, currency: str) -> Rows:
    """What receiving the goods did."""

    def amount(minor: int | None) -> Money:
        return Money(minor or 0, currency)

    return _rows(
        visit,
        record.kind,
        amount(record.refund),
        amount(record.gift_card_refund),
        amount(record.withheld),
        (record.points_returned or 0, record.pending_points_reversed or 0, record.available_points_reversed or 0),
        record.expires_at_after,
    )


def _rows(
    visit: Visit,
    kind: str,
    refund: Money,
    gift_card: Money,
    withheld: Money,
    points: tuple[int, int, int],
    expires_at: datetime | None,
    *,
    owed: bool = False,
) -> Rows:
    t, f = visit.t, visit.formats
    if kind == ReturnKind.SWAP:
        rows: Rows = [(t("outcome_swap"), t("kind_SWAP"), t("outcome_swap_hint"))]
    else:
        returned, pending, available = points
        rows = [(t("outcome_refund"), f.money(refund), t("outcome_owed_hint") if owed else "")]
        if gift_card:
            rows.append((t("outcome_gift_card"), f.money(gift_card), ""))
        if withheld:
            rows.append((t("outcome_withheld"), f.money(withheld), t("outcome_withheld_hint")))
        rows.append((t("outcome_points_returned"), f.signed(returned), ""))
        if pending:
            rows.append((t("outcome_pending_reversed"), f.signed(-pending), t("outcome_pending_hint")))
        if available or not pending:
            rows.append((t("outcome_available_reversed"), f.signed(-available), ""))
    if expires_at is not None:
        rows.append((t("outcome_expires"), f.last_day(expires_at), ""))
    return rows


def adjustment_outcome(visit: Visit, told: Foreseen) -> Rows:
    """What adjusting points would leave: the balance, and until when it is valid."""
    t, f = visit.t, visit.formats
    before, after = told.before, told.after
    was = t("member_was", value=f.points(before.balance))
    expiry = t("member_unchanged") if before.expires_at == after.expires_at else _was_through(visit, before.expires_at)
    return [
        (t("member_balance_after"), f.points(after.balance), was),
        (t("member_expiry_then"), f.last_day(after.expires_at), expiry),
    ]


def tier_outcome(visit: Visit, program: Program, told: Foreseen) -> Rows:
    """What setting a tier would leave: the tier, its new window, and what it gives."""
    t, f = visit.t, visit.formats
    before, after = told.before, told.after
    tier = program.tier(after.tier_code)
    was = tier_name(program, before.tier_code, visit.locale)
    valid = t("member_tier_no_end") if after.tier_review_at is None else f.last_day(after.tier_review_at)
    spend = t("member_was", value=f.minor(before.qualifying_spend, program.currency))
    return [
        (t("member_tier"), tier_name(program, after.tier_code, visit.locale), t("member_was", value=was)),
        (t("member_tier_valid"), valid, _was_through(visit, before.tier_review_at)),
        (t("member_spend"), f.minor(after.qualifying_spend, program.currency), f"{t('member_new_window')} · {spend}"),
        (t("member_tier_gives"), tier_gives(visit, tier), ""),
    ]


def tier_gives(visit: Visit, tier: Tier) -> str:
    """What a tier pays and earns, in a few words."""
    t, f = visit.t, visit.formats
    price = t("member_regular_price")
    if tier.price_rate != 1:
        price = t("member_tier_pays", share=f.rate(tier.price_rate))
    return t("member_tier_price", price=price, points=f.exact(tier.points_multiplier))


def _was_through(visit: Visit, instant: datetime | None) -> str:
    return visit.t("member_was", value=visit.formats.last_day(instant)) if instant else ""
