"""What the provider's answer means to an order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checkout.payments.gateway import ProviderPayment, ProviderPaymentState
from checkout.payments.verdict import differs, judge
from kernel.money import Money

DUE = Money(1990, "CNY")


def answer(state="SUCCEEDED", received=DUE, **more):
    return ProviderPayment("pi_1", ProviderPaymentState(state), DUE, received, "ord_1", datetime.now(UTC), **more)


@pytest.mark.parametrize(
    ("order", "payment", "state", "verdict"),
    [
        ("AWAITING_PAYMENT", "PENDING", "SUCCEEDED", "PAID"),
        ("AWAITING_PAYMENT", "FAILED", "SUCCEEDED", "PAID"),
        ("CANCELLED", "CANCELLED", "SUCCEEDED", "SEND_BACK"),
        ("AWAITING_PAYMENT", "PENDING", "CANCELLED", "CLOSED"),
        ("AWAITING_PAYMENT", "PENDING", "FAILED", "WAITS"),
        ("AWAITING_PAYMENT", "PENDING", "REQUIRES_ACTION", "WAITS"),
        ("AWAITING_PAYMENT", "PENDING", "PROCESSING", "WAITS"),
        # Late or repeated news.
        ("PAID", "SUCCEEDED", "SUCCEEDED", "NOTHING"),
        ("SHIPPED", "SUCCEEDED", "FAILED", "NOTHING"),
        ("CANCELLED", "SUCCEEDED", "SUCCEEDED", "NOTHING"),
        ("CANCELLED", "CANCELLED", "CANCELLED", "NOTHING"),
        ("CANCELLED", "CANCELLED", "REQUIRES_ACTION", "NOTHING"),
    ],
)
def test_what_an_answer_means(order, payment, state, verdict):
    assert judge(order, payment, DUE, answer(state)) == verdict


@pytest.mark.parametrize(
    ("received", "exact", "problem"),
    [
        (Money(1989, "CNY"), True, "amount_differs"),
        (Money(1991, "CNY"), True, "amount_differs"),
        (Money(1990, "USD"), True, "currency_differs"),
        (Money(1990, "CNY"), False, "amount_differs"),
        (Money(1990, "CNY"), True, None),
    ],
)
def test_money_that_is_not_what_was_due_ships_nothing(received, exact, problem):
    found = answer(received=received, exact=exact)
    assert differs(DUE, found) == problem
    assert judge("AWAITING_PAYMENT", "PENDING", DUE, found) == ("PAID" if problem is None else "DIFFERS")
