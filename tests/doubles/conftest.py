"""A client of the double of Stripe, and ways to pay with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe


@pytest.fixture
def client(stripe_double) -> stripe.StripeClient:
    return stripe_double.client()


@pytest.fixture
def pay(client) -> Callable[..., stripe.PaymentIntent]:
    """Makes a payment and confirms it: `pay("pm_card_visa", amount=2000, currency="usd")`."""

    def make(
        method: str = "pm_card_visa", *, amount: int = 2000, currency: str = "usd", **more
    ) -> stripe.PaymentIntent:
        told = {"automatic_payment_methods": {"enabled": True}, "return_url": "https://shop.example/back", **more}
        return client.v1.payment_intents.create(
            {"amount": amount, "currency": currency, "payment_method": method, "confirm": True, **told}
        )

    return make


@pytest.fixture
def event_types(client) -> Callable[[], list[str]]:
    """The events so far, oldest first."""
    return lambda: [event.type for event in client.v1.events.list({"limit": 100}).data][::-1]
