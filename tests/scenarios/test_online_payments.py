"""What may come between an order, its payment and its refund: lost answers, second thoughts, another account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checkout.payments import send_refund
from checkout.payments.gateway import ProviderEvent, ProviderPaymentState
from checkout.payments.handlers import payment_handlers
from checkout.payments.take_event import take_event
from checkout.payments.troubles import troubles
from kernel.clock import SystemClock
from kernel.database import TryAgain
from kernel.outbox import GiveUp, OutboxState, deliver, enqueue, outbox_page
from kernel.paging import Window
from members.openids import give_phone
from members.sms import SMS_CODE
from tests.support.fake_gateway import Died
from tests.support.joining import bind, by_wechat


@pytest.fixture
def ana(shop):
    shop.stock("shirt", "199.00", 10)
    return shop.enrol("Ana")


def told(shop, reference):
    take_event(shop.shop, ProviderEvent(f"evt_{reference}", "payment_intent.created", reference, None))
    shop.deliver()


def set_aside(shop):
    with shop.db.read() as conn:
        return [(m.kind, m.problem) for m in outbox_page(conn, Window(), OutboxState.SET_ASIDE).items]


def test_an_event_that_is_faster_than_a_lost_answer_does_not_keep_the_member_from_paying(shop, ana):
    shop.gateway.trouble, shop.gateway.after = Died(), True
    with pytest.raises(Died):
        shop.buy(ana, {"shirt": 1}, pay="STRIPE", key="k")
    shop.gateway.trouble = None
    (order,) = shop.gateway.opened
    told(shop, f"fake_{order}")
    assert shop.payment(order).provider_reference == f"fake_{order}"
    assert shop.buy(ana, {"shirt": 1}, pay="STRIPE", key="k") == order
    assert shop.payment(order).client_secret == f"fake_{order}_secret"


def test_an_order_that_is_sent_again_shows_where_to_pay_and_asks_nobody(shop, ana):
    order = shop.buy(ana, {"shirt": 1}, pay="STRIPE", key="k")
    asked = shop.gateway.asked
    assert shop.buy(ana, {"shirt": 1}, pay="STRIPE", key="k") == order
    assert (shop.payment(order).client_secret, shop.gateway.asked) == (f"fake_{order}_secret", asked)


def test_a_bank_that_says_no_while_the_payment_is_being_closed_does_not_leave_the_order_waiting(shop, ana, monkeypatch):
    order = shop.reserve(ana, {"shirt": 1})
    shop.deliver()
    shop.gateway.turn(order, ProviderPaymentState.PROCESSING)
    cancel = shop.gateway.cancel_payment

    def cancel_while_the_bank_answers(reference):
        found = cancel(reference)
        shop.gateway.turn(order, ProviderPaymentState.FAILED)
        return replace(found, state=ProviderPaymentState.FAILED)

    monkeypatch.setattr(shop.gateway, "cancel_payment", cancel_while_the_bank_answers)
    shop.later(minutes=31)
    shop.run_jobs()
    assert shop.order(order).status == "AWAITING_PAYMENT"
    monkeypatch.undo()
    later = SystemClock().now() + timedelta(minutes=2)
    deliver(shop.db, payment_handlers(shop.shop), clock=lambda: later)
    assert (shop.order(order).status, shop.payment(order).status) == ("CANCELLED", "CANCELLED")
    assert shop.gateway.payments[f"fake_{order}"].state is ProviderPaymentState.CANCELLED


@pytest.mark.parametrize(
    ("state", "for_staff"),
    [
        (ProviderPaymentState.WAITING, []),
        (ProviderPaymentState.CANCELLED, []),
        (ProviderPaymentState.SUCCEEDED, [("payment.look", "second_payment")]),
    ],
)
def test_a_second_payment_for_an_order_is_for_staff_only_if_somebody_paid_it(shop, ana, state, for_staff):
    order = shop.reserve(ana, {"shirt": 1})
    first = shop.gateway.payments[f"fake_{order}"]
    shop.gateway.payments["other"] = replace(first, reference="other", state=state)
    told(shop, "other")
    assert set_aside(shop) == for_staff
    assert shop.payment(order).provider_reference == f"fake_{order}"


def test_a_refund_whose_order_moves_to_another_account_meanwhile_is_looked_at_again(shop, ana, monkeypatch):
    bo = by_wechat(shop)
    with shop.db.write() as tx:
        give_phone(tx, ana, "+8613800138000")
    order = shop.reserve(bo, {"shirt": 1})
    assert shop.pay(order)
    shop.cancel(order)
    owners = iter([bo])
    real = send_refund.owner_of_order

    def owner_a_moment_ago(tx, order_id, *, member_id):
        return next(owners, None) or real(tx, order_id, member_id=member_id)

    assert bind(shop, bo) == ana
    monkeypatch.setattr(send_refund, "owner_of_order", owner_a_moment_ago)
    with shop.db.write() as tx, pytest.raises(TryAgain):
        send_refund.lock_refund(tx, shop.refunds(order)[0].id)
    owners = iter([bo])
    shop.deliver()
    assert ([r.status for r in shop.refunds(order)], shop.payment(order).refunded) == (["SUCCEEDED"], 19900)


def test_codes_that_do_not_go_out_hide_no_trouble_about_money(shop, ana):
    """Anybody can ask for codes to numbers that no company sends to."""

    def never(_message):
        raise GiveUp("sms_refused")

    order = shop.reserve(ana, {"shirt": 1})
    shop.gateway.payments["other"] = replace(
        shop.gateway.payments[f"fake_{order}"], reference="other", state=ProviderPaymentState.SUCCEEDED
    )
    told(shop, "other")
    with shop.db.write() as tx:
        for n in range(120):
            enqueue(tx, SMS_CODE, f"sic_{n}", {}, subject_id=f"sic_{n}", now=shop.now)
    deliver(shop.db, {SMS_CODE: never}, clock=SystemClock().now)
    with shop.db.read() as conn:
        problems = [trouble.problem for trouble in troubles(conn)]
    assert problems == ["second_payment"] + ["sms_refused"] * 5
