"""An order paid online: paid, declined, too late, wrong; whoever tells of it, and when (R12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checkout.cart import cart_lines, set_cart_line
from checkout.payments.gateway import ProviderEvent, ProviderPaymentState, ProviderRefused, ProviderSilent
from checkout.payments.handlers import payment_handlers
from checkout.payments.look_at_payment import look_at_payment
from checkout.payments.take_event import take_event
from checkout.payments.verdict import Verdict
from checkout.refusals import OrderStateRefused, PaymentProviderRefused
from kernel.clock import SystemClock
from kernel.money import Money
from kernel.outbox import OutboxState, deliver, outbox_page
from kernel.paging import Window
from tests.support.fake_gateway import Died
from tests.support.shop import refused

CLOSED = ProviderPaymentState.CANCELLED


@pytest.fixture
def ana(shop):
    shop.stock("shirt", "199.00", 10)
    shop.offer("shirt+", "shirt", "169.00", 1500)
    return shop.enrol("Ana", points=6000, gift_card="100.00")


def waiting(shop):
    with shop.db.read() as conn:
        return {(m.kind, m.problem) for m in outbox_page(conn, Window(), OutboxState.WAITING).items}


def set_aside(shop):
    with shop.db.read() as conn:
        return [(m.kind, m.problem) for m in outbox_page(conn, Window(), OutboxState.SET_ASIDE).items]


def intent(shop, order):
    return shop.gateway.payments[f"fake_{order}"].state


def told(shop, order, event="evt_1"):
    """The provider tells that something has happened to the order's payment."""
    return take_event(shop.shop, ProviderEvent(event, "payment_intent.succeeded", f"fake_{order}", None))


def test_money_that_arrives_makes_the_order_paid_once_the_provider_tells(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    assert shop.payment(order).client_secret == f"fake_{order}_secret"
    shop.deliver()
    shop.gateway.pay(order)
    assert told(shop, order)
    assert shop.order(order).status == "AWAITING_PAYMENT"
    shop.deliver()
    assert (shop.order(order).status, shop.payment(order).status) == ("PAID", "SUCCEEDED")


def test_an_event_is_a_reason_to_look_and_its_words_are_not_believed(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    told(shop, order)
    shop.deliver()
    assert (shop.order(order).status, shop.payment(order).status) == ("AWAITING_PAYMENT", "PENDING")


def test_an_event_that_comes_twice_is_written_down_once(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.gateway.pay(order)
    assert [told(shop, order), told(shop, order)] == [True, False]
    shop.deliver()
    asked = shop.gateway.asked
    shop.deliver()
    assert shop.gateway.asked == asked


def test_where_no_event_comes_the_provider_is_asked(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.gateway.pay(order)
    shop.deliver()
    assert shop.order(order).status == "PAID"


def test_a_payment_for_an_order_that_is_not_there_yet_is_asked_about_later(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.deliver()
    # As if the transaction that names the payment had not ended.
    from checkout.payments.records import payments_t

    with shop.db.write() as tx:
        tx.execute(payments_t.update().values(provider_reference=None))
    shop.gateway.pay(order)
    told(shop, order)
    shop.deliver()
    assert (shop.order(order).status, shop.payment(order).provider_reference) == ("PAID", f"fake_{order}")


def test_a_payment_that_names_no_order_of_ours_waits_and_one_that_names_none_is_left_alone(shop, ana):
    from dataclasses import replace

    order = shop.reserve(ana, {"shirt": 1})
    payment = shop.gateway.payments[f"fake_{order}"]
    shop.gateway.payments["pi_theirs"] = replace(payment, reference="pi_theirs", order_id=None)
    shop.gateway.payments["pi_lost"] = replace(payment, reference="pi_lost", order_id="ord_lost")
    for name in ("pi_theirs", "pi_lost"):
        take_event(shop.shop, ProviderEvent(f"evt_{name}", "payment_intent.succeeded", name, None))
    shop.deliver()
    assert waiting(shop) == {("payment.look", "order_not_there"), ("payment.watch", None)}


def test_a_declined_card_may_be_tried_again_with_the_same_payment(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.gateway.turn(order, ProviderPaymentState.FAILED)
    look_at_payment(shop.shop, order)
    assert (shop.order(order).status, shop.payment(order).status) == ("AWAITING_PAYMENT", "FAILED")
    shop.gateway.turn(order, ProviderPaymentState.REQUIRES_ACTION)
    look_at_payment(shop.shop, order)
    assert shop.payment(order).status == "REQUIRES_ACTION"
    assert shop.pay(order)
    assert (shop.order(order).status, shop.payment(order).status) == ("PAID", "SUCCEEDED")


def test_when_its_time_is_up_the_payment_is_closed_before_the_order(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.later(minutes=31)
    shop.run_jobs()
    found = shop.order(order)
    assert (found.status, found.cancelled_at, intent(shop, order)) == ("CANCELLED", found.pay_before, CLOSED)
    assert not shop.gateway.pay(order)


def test_money_that_nobody_noticed_is_found_before_the_order_is_cancelled(shop, ana):
    order = shop.reserve(ana, {"shirt+": 1})
    shop.gateway.pay(order)
    shop.later(minutes=31)
    shop.run_jobs()
    found = shop.order(order)
    assert (found.status, found.paid_at, shop.points(ana)) == ("PAID", found.pay_before, 4500)


@pytest.fixture
def last_half_hour(shop, ana):
    """Ana's 6000 points expire at midnight, in half an hour."""
    expires = shop.account(ana).expires_at
    shop.move(expires - timedelta(minutes=30))
    return ana


def look_then(shop, how):
    """Somebody looks at that very instant, a day later, or by a verb of the member's."""
    if how == "in time":
        shop.later(minutes=30)
        shop.run_jobs()
    elif how == "late":
        shop.later(days=1)
        shop.run_jobs()


LOOKING = pytest.mark.parametrize("how", ["in time", "late"])


@LOOKING
def test_at_one_instant_an_order_is_cancelled_before_its_points_expire(shop, last_half_hour, how):
    for _ in range(2):
        shop.reserve(last_half_hour, {"shirt+": 1})
    look_then(shop, how)
    entries = [("RELEASED", 1500), ("RELEASED", 1500), ("EXPIRED", -6000)]
    assert shop.ledger(last_half_hour)[3:] == entries
    assert shop.points(last_half_hour) == 0


@LOOKING
def test_at_one_instant_an_order_is_cancelled_before_another_settles(shop, ana, how):
    settles = shop.order(shop.sell(ana, {"shirt": 1})).settles_at
    shop.move(settles - timedelta(minutes=30))
    shop.reserve(ana, {"shirt+": 1})
    look_then(shop, how)
    assert [kind for kind, _ in shop.ledger(ana)[1:]] == ["HELD", "RELEASED", "EARNED"]


@LOOKING
def test_at_one_instant_money_that_came_is_found_before_the_points_expire(shop, last_half_hour, how):
    order = shop.reserve(last_half_hour, {"shirt+": 1})
    shop.gateway.pay(order)
    look_then(shop, how)
    assert (shop.order(order).status, shop.ledger(last_half_hour)[2:]) == ("PAID", [("EXPIRED", -4500)])


def test_at_one_instant_a_provider_that_is_silent_holds_up_nothing_else(shop, last_half_hour):
    order = shop.reserve(last_half_hour, {"shirt+": 1})
    shop.gateway.trouble = ProviderSilent("provider_silent")
    look_then(shop, "late")
    assert (shop.order(order).status, shop.ledger(last_half_hour)[2:]) == ("AWAITING_PAYMENT", [("EXPIRED", -4500)])
    shop.gateway.trouble = None
    deliver(shop.db, payment_handlers(shop.shop), clock=lambda: SystemClock().now() + timedelta(days=1))
    assert shop.ledger(last_half_hour)[3:] == [("RELEASED", 1500), ("EXPIRED", -1500)]


def test_while_the_provider_is_silent_the_order_waits_and_time_goes_on(shop, ana):
    order = shop.reserve(ana, {"shirt+": 1})
    shop.gateway.trouble = ProviderSilent("provider_silent")
    shop.later(minutes=31)
    shop.run_jobs()
    assert (shop.order(order).status, shop.points(ana), shop.shelf("shirt")) == ("AWAITING_PAYMENT", 4500, (10, 1))
    assert ("payment.close", "provider_silent") in waiting(shop)
    shop.adjust(ana, 100)
    shop.gateway.trouble = None
    later = SystemClock().now() + timedelta(minutes=1)
    deliver(shop.db, payment_handlers(shop.shop), clock=lambda: later)
    found = shop.order(order)
    assert (found.status, found.cancelled_at) == ("CANCELLED", found.pay_before)
    assert (shop.points(ana), shop.shelf("shirt")) == (6100, (10, 0))


def test_money_that_comes_while_the_provider_is_silent_is_not_lost(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.gateway.trouble = ProviderSilent("provider_silent")
    shop.later(minutes=31)
    shop.run_jobs()
    shop.gateway.trouble = None
    assert shop.gateway.pay(order)
    later = SystemClock().now() + timedelta(minutes=1)
    deliver(shop.db, payment_handlers(shop.shop), clock=lambda: later)
    assert shop.order(order).status == "PAID"


def test_a_silent_provider_is_waited_for_once_and_not_for_every_member(shop, ana):
    for name in "Bea", "Cem", "Dia":
        shop.reserve(shop.enrol(name), {"shirt": 1})
    shop.gateway.trouble = ProviderSilent("provider_silent")
    asked = shop.gateway.asked
    shop.later(minutes=31)
    assert shop.run_jobs() == 3
    assert shop.gateway.asked == asked + 1


def test_a_bank_that_is_still_at_work_keeps_the_order_waiting(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.gateway.turn(order, ProviderPaymentState.PROCESSING)
    shop.later(minutes=31)
    shop.run_jobs()
    assert shop.order(order).status == "AWAITING_PAYMENT"
    shop.gateway.pay(order)
    later = SystemClock().now() + timedelta(minutes=2)
    deliver(shop.db, payment_handlers(shop.shop), clock=lambda: later)
    assert shop.order(order).status == "PAID"


def test_whoever_died_between_asking_and_writing_it_down_leaves_nothing_that_can_still_be_paid(shop, ana):
    shop.gateway.trouble, shop.gateway.after = Died(), True
    with pytest.raises(Died):
        shop.reserve(ana, {"shirt": 1})
    (order,) = shop.gateway.opened
    assert shop.payment(order).provider_reference is None
    shop.gateway.trouble = None
    shop.later(minutes=30)
    shop.run_jobs()
    assert (shop.order(order).status, intent(shop, order)) == ("CANCELLED", CLOSED)


def test_sent_again_after_nobody_answered_the_same_order_is_asked_for_again(shop, ana):
    shop.gateway.trouble = Died()
    with pytest.raises(Died):
        shop.buy(ana, {"shirt": 1}, pay="STRIPE", key="k")
    shop.gateway.trouble = None
    order = shop.buy(ana, {"shirt": 1}, pay="STRIPE", key="k")
    assert (shop.payment(order).provider_reference, shop.shelf("shirt")) == (f"fake_{order}", (10, 1))


SAYS = pytest.mark.parametrize(
    "answer", [ProviderRefused("provider_refused"), ProviderSilent("provider_silent")], ids=["no", "nothing"]
)


def put_in_cart(shop, member, goods):
    for line in shop.basket(goods):
        set_cart_line(shop.shop, member, line)


def cart(shop, member):
    with shop.db.read() as conn:
        return [(line.variant_id or line.exchange_offer_id, line.quantity) for line in cart_lines(conn, member)]


def all_there(shop, ana):
    """What Ana has, and what is on the shelf, is as it was at first."""
    return (shop.points(ana), shop.shelf("shirt"), shop.gift_cards(ana)) == (6000, (10, 0), ["100.00"])


@SAYS
@pytest.mark.parametrize("late", [False, True], ids=["at once", "after all"])
def test_a_payment_that_cannot_begin_has_done_nothing(shop, ana, answer, late):
    shop.gateway.trouble, shop.gateway.after = answer, late
    with refused(PaymentProviderRefused) as why:
        shop.reserve(ana, {"shirt+": 1}, gift_card="60.00")
    assert why.the(PaymentProviderRefused).retryable == isinstance(answer, ProviderSilent)
    assert all_there(shop, ana)
    shop.gateway.trouble = None
    shop.deliver()
    assert {payment.state for payment in shop.gateway.payments.values()} <= {CLOSED}
    assert "payment.close" not in {kind for kind, _ in waiting(shop)}
    assert set_aside(shop) == []


@SAYS
def test_the_key_of_a_payment_that_could_not_begin_may_be_used_again_also_for_another_way_to_pay(shop, ana, answer):
    shop.gateway.trouble = answer
    for _ in range(2):
        with refused(PaymentProviderRefused):
            shop.buy(ana, {"shirt+": 1}, pay="STRIPE", key="k")
    order = shop.buy(ana, {"shirt+": 1}, pay="CASH_ON_DELIVERY", key="k")
    assert (shop.order(order).status, shop.points(ana), shop.shelf("shirt")) == ("PAID", 4500, (10, 1))
    shop.gateway.trouble = None
    other = shop.buy(ana, {"shirt+": 1}, pay="STRIPE", key="other")
    assert shop.payment(other).client_secret == f"fake_{other}_secret"


@SAYS
def test_the_cart_is_as_it_was_when_its_payment_could_not_begin(shop, ana, answer):
    put_in_cart(shop, ana, {"shirt+": 1, "shirt": 2})
    before = cart(shop, ana)
    shop.gateway.trouble = answer
    with refused(PaymentProviderRefused):
        shop.buy(ana, None, pay="STRIPE")
    assert cart(shop, ana) == before
    shop.gateway.trouble = None
    order = shop.buy(ana, None, pay="STRIPE")
    assert (shop.order(order).status, cart(shop, ana)) == ("AWAITING_PAYMENT", [])


def test_what_was_put_in_the_cart_while_the_provider_thought_about_it_stays(shop, ana, meanwhile):
    shop.stock("socks", "20.00", 10)
    put_in_cart(shop, ana, {"shirt": 2, "socks": 1})
    meanwhile(lambda: put_in_cart(shop, ana, {"shirt": 5}), then=ProviderSilent("provider_silent"))
    with refused(PaymentProviderRefused):
        shop.buy(ana, None, pay="STRIPE")
    assert dict(cart(shop, ana)) == {shop.variants["shirt"]: 5, shop.variants["socks"]: 1}


@pytest.fixture
def meanwhile(shop, monkeypatch):
    """`meanwhile(deed, then=error)`: something happens while the provider is asked for the first time."""
    ask = shop.gateway.open_payment

    def plan(deed, *, then=None):
        def open_payment(*asked):
            monkeypatch.setattr(shop.gateway, "open_payment", ask)
            if then is None:
                opened = ask(*asked)
                deed()
                return opened
            deed()
            raise then

        monkeypatch.setattr(shop.gateway, "open_payment", open_payment)

    return plan


def test_an_order_sent_twice_stays_where_one_of_the_two_was_told_where_to_pay(shop, ana, meanwhile):
    told = []

    def again():
        told.append(shop.buy(ana, {"shirt": 1}, pay="STRIPE", key="k"))

    meanwhile(again, then=ProviderSilent("provider_silent"))
    order = shop.buy(ana, {"shirt": 1}, pay="STRIPE", key="k")
    assert (told, shop.order(order).status) == ([order], "AWAITING_PAYMENT")
    assert shop.gateway.pay(order)
    assert look_at_payment(shop.shop, order) is Verdict.PAID


def test_an_order_sent_twice_is_refused_to_both_where_the_first_answer_has_undone_it(shop, ana, meanwhile):
    def again():
        shop.gateway.trouble = ProviderSilent("provider_silent")
        with refused(PaymentProviderRefused):
            shop.buy(ana, {"shirt+": 1}, pay="STRIPE", key="k")
        shop.gateway.trouble = None

    meanwhile(again)
    with refused(PaymentProviderRefused) as why:
        shop.buy(ana, {"shirt+": 1}, pay="STRIPE", key="k")
    assert why.the(PaymentProviderRefused).retryable
    assert all_there(shop, ana)
    (order,) = shop.gateway.opened
    shop.deliver()
    assert (shop.order(order).status, intent(shop, order)) == ("CANCELLED", CLOSED)
    assert shop.payment(order).client_secret is not None
    assert shop.ledger(ana)[1:] == [("HELD", -1500), ("RELEASED", 1500)]


def test_a_cancelled_order_asks_for_nothing_any_more(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.cancel(order)
    assert (shop.order(order).status, intent(shop, order)) == ("CANCELLED", ProviderPaymentState.WAITING)
    shop.deliver()
    assert intent(shop, order) is CLOSED


def test_money_for_an_order_that_was_cancelled_goes_back_at_once_and_whole(shop, ana):
    order = shop.reserve(ana, {"shirt": 1})
    shop.deliver()
    shop.cancel(order)
    shop.gateway.pay(order)
    shop.deliver()
    (refund,) = shop.refunds(order)
    assert (refund.amount, refund.status, refund.return_id) == (19900, "SUCCEEDED", None)
    payment = shop.payment(order)
    assert (shop.order(order).status, payment.status, payment.refunded) == ("CANCELLED", "SUCCEEDED", 19900)


@pytest.mark.parametrize(
    ("amount", "problem"), [(Money(100, "CNY"), "amount_differs"), (Money(19900, "USD"), "currency_differs")]
)
def test_money_that_is_not_what_was_due_ships_nothing_and_goes_back_when_the_time_is_up(shop, ana, amount, problem):
    order = shop.reserve(ana, {"shirt": 1})
    shop.gateway.pay(order, amount)
    look_at_payment(shop.shop, order)
    assert (shop.order(order).status, shop.payment(order).problem) == ("AWAITING_PAYMENT", problem)
    with refused(OrderStateRefused):
        shop.ship(order)
    shop.later(minutes=30)
    shop.run_jobs()
    shop.deliver()
    (refund,) = shop.refunds(order)
    assert (shop.order(order).status, shop.payment(order).problem) == ("CANCELLED", problem)
    assert (refund.amount, refund.currency, refund.status) == (amount.minor, amount.currency, "SUCCEEDED")


def test_a_verb_that_comes_first_finds_the_same_as_if_somebody_had_looked_in_time(shop, ana):
    order = shop.reserve(ana, {"shirt+": 1})
    shop.days_later(400)
    shop.adjust(ana, 100)
    found = shop.order(order)
    assert (found.status, found.cancelled_at) == ("CANCELLED", found.pay_before)
    assert shop.ledger(ana)[1:4] == [("HELD", -1500), ("RELEASED", 1500), ("EXPIRED", -6000)]


def test_nothing_is_set_aside_in_the_ordinary_course_of_things(shop, ana):
    for pays in (True, False):
        order = shop.reserve(ana, {"shirt": 1})
        if pays:
            shop.pay(order)
        shop.deliver()
        shop.later(minutes=31)
        shop.run_jobs()
        shop.deliver()
    assert set_aside(shop) == []
