"""`jifen reconcile`: what it prints, and the exit code that a script reads."""

from __future__ import annotations

import pytest

from checkout.payments.stripe_gateway import StripeGateway
from kernel.money import Money
from tests.doubles.stripe.running import StripeDouble


@pytest.fixture
def double(environment):
    with StripeDouble() as double:
        environment.setenv("JIFEN_STRIPE_API_KEY", double.secret_key)
        environment.setenv("JIFEN_STRIPE_WEBHOOK_SECRET", "whsec_test")
        environment.setenv("JIFEN_STRIPE_API_BASE", double.url)
        yield double


def test_books_that_agree_end_well_and_a_planted_difference_is_named(double, jifen):
    assert jifen("migrate").code == 0
    agreed = jifen("reconcile", "--since", "2026-01-01")
    assert (agreed.code, agreed.out) == (0, "Nothing differs.\n")

    gateway = StripeGateway(double.secret_key, "whsec_test", double.url)
    reference = gateway.open_payment("ord_gone", "20260101-ABC", Money(19900, "CNY")).reference
    found = jifen("reconcile", "--since", "2026-01-01T00:00:00+08:00")
    assert found.code == 1
    heading, row, count = found.out.splitlines()
    assert heading.split() == ["order", "what", "here", "there"]
    assert row.split() == [reference, "payment", reference, "unknown", "WAITING", "199.00", "CNY"]
    assert count == "1 difference."
    assert jifen("reconcile", "--since", "2999-01-01").code == 0


def test_a_provider_that_does_not_answer_is_no_difference(double, jifen, environment):
    assert jifen("migrate").code == 0
    environment.setenv("JIFEN_STRIPE_API_BASE", "http://127.0.0.1:9")
    outcome = jifen("reconcile", "--since", "2026-01-01")
    assert (outcome.code, outcome.err) == (2, "The payment provider does not answer.\n")
