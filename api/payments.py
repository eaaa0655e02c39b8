"""Who takes the payments online, by the settings."""

from __future__ import annotations

from api.settings import Settings
from checkout.payments.gateway import Gateway
from checkout.payments.stripe_gateway import StripeGateway


def open_gateway(settings: Settings) -> Gateway | None:
    """None where the shop takes no payments online."""
    if settings.stripe_api_key is None or settings.stripe_webhook_secret is None:
        return None
    return StripeGateway(
        settings.stripe_api_key.get_secret_value(),
        settings.stripe_webhook_secret.get_secret_value(),
        settings.stripe_api_base,
    )
