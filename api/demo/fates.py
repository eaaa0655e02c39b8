"""What becomes of an order once it is placed: shipped and paid for, cancelled, sent back, swapped."""

from __future__ import annotations

from functools import partial

from api.demo.stage import Stage
from checkout.cancel_order import cancel_order
from checkout.queries import lines_of_orders, orders_by_id
from checkout.record_cash import record_cash_payment
from checkout.returns.close_return import cancel_return, reject_return
from checkout.returns.eligibility import ReturnLine
from checkout.returns.receive_return import receive_return
from checkout.returns.request_return import RequestReturn, request_return
from checkout.ship_order import ship_order
from checkout.tables import ReturnKind
from kernel.refusals import Refused
from staff.tables import Role

KEPT = "kept"
"""Shipped, paid for, and that is that."""

# Of a hundred orders, so many have each other fate; all the others are kept.
CHANCES = {"cancel": 5, "return": 6, "part": 9, "swap": 4, "withdrawn": 2, "rejected": 2, "late": 2}

CARRIERS = ("顺丰速运", "京东快递", "中通快递", "圆通速递")
REASONS = ("尺码偏小", "尺码偏大", "颜色与图片有差异", "不太适合自己", "买重复了", "面料手感与预期不同")
SWAP_REASONS = ("扣子松了，换一件", "鞋底有胶印，换一双", "线头较多，换一件")


def draw_fate(stage: Stage) -> str:
    fates = [*CHANCES, KEPT]
    weights = [*CHANCES.values(), 100 - sum(CHANCES.values())]
    return stage.chance.choices(fates, weights)[0]


def befall(stage: Stage, order_id: str, fate: str) -> None:
    """Notes in the diary what happens to an order that has just been placed."""
    chance, diary = stage.chance, stage.diary
    if fate == "cancel":
        diary.after(0, 23, chance.randrange(60), partial(_cancel, stage, order_id))
        return
    diary.after(1, chance.randint(9, 18), chance.randrange(60), partial(_ship, stage, order_id, fate))


def _cancel(stage: Stage, order_id: str) -> None:
    cancel_order(stage.shop, order_id, member_id=_member(stage, order_id))


def _ship(stage: Stage, order_id: str, fate: str) -> None:
    chance, diary = stage.chance, stage.diary
    ship_order(
        stage.shop,
        order_id,
        carrier=chance.choice(CARRIERS),
        tracking_number=f"{chance.randrange(10**11, 10**12)}",
        actor=stage.email(Role.FULFILMENT),
    )
    diary.after(chance.randint(2, 4), 18, chance.randrange(60), partial(_collect, stage, order_id))
    if fate == "late":
        diary.after(chance.randint(36, 60), 11, chance.randrange(60), partial(_open_late, stage, order_id))
    elif fate != KEPT:
        wait = 6 if fate == "swap" else chance.randint(6, 9)
        diary.after(wait, chance.randint(10, 21), chance.randrange(60), partial(_ask, stage, order_id, fate))


def _collect(stage: Stage, order_id: str) -> None:
    record_cash_payment(stage.shop, order_id, actor=stage.email(Role.FULFILMENT))


def _ask(stage: Stage, order_id: str, fate: str) -> None:
    swap = fate == "swap"
    member_id = _member(stage, order_id)
    return_id = request_return(
        stage.shop,
        RequestReturn(
            order_id=order_id,
            kind=ReturnKind.SWAP if swap else ReturnKind.REFUND,
            lines=_units(stage, order_id, whole=fate == "return"),
            reason=stage.chance.choice(SWAP_REASONS if swap else REASONS),
            idempotency_key=stage.key(),
            member_id=member_id,
        ),
    )
    days, hour = stage.chance.randint(3, 5), stage.chance.randint(9, 17)
    if fate == "withdrawn":
        stage.diary.after(1, hour, 0, partial(cancel_return, stage.shop, return_id, member_id=member_id))
    elif fate == "rejected":
        actor = stage.email(Role.SERVICE)
        reject = partial(reject_return, stage.shop, return_id, reason="商品已有穿着痕迹", actor=actor)
        stage.diary.after(2, hour, 0, reject)
    else:
        stage.diary.after(days, hour, 0, partial(_receive, stage, return_id))


def _open_late(stage: Stage, order_id: str) -> None:
    """The service opens a return when the member no longer could, after the points have settled."""
    staff_id, email = stage.staff[Role.SERVICE]
    return_id = request_return(
        stage.shop,
        RequestReturn(
            order_id=order_id,
            kind=ReturnKind.REFUND,
            lines=_units(stage, order_id, whole=False),
            reason="质量问题，客服受理",
            idempotency_key=stage.key(),
            staff_id=staff_id,
            actor=email,
        ),
    )
    stage.diary.after(5, 14, 0, partial(_receive, stage, return_id))


def _receive(stage: Stage, return_id: str) -> None:
    restock = stage.chance.random() < 0.85
    note = None if restock else "外包装破损，不再销售"
    try:
        receive_return(stage.shop, return_id, restock=restock, note=note, actor=stage.email(Role.FULFILMENT))
    except Refused:
        # A swap that finds nothing to send waits for new stock.
        stage.diary.after(7, 10, 0, partial(_receive, stage, return_id))


def _units(stage: Stage, order_id: str, *, whole: bool) -> tuple[ReturnLine, ...]:
    with stage.shop.db.read() as conn:
        lines = lines_of_orders(conn, [order_id])[order_id]
    if whole:
        return tuple(ReturnLine(line.id, line.quantity) for line in lines)
    # Where there is more than one unit, something is kept.
    return (ReturnLine(stage.chance.choice(lines).id, 1),)


def _member(stage: Stage, order_id: str) -> str:
    with stage.shop.db.read() as conn:
        return orders_by_id(conn, [order_id])[order_id].member_id
