"""Stripe, through its own library. Nothing here knows the database; nothing elsewhere knows Stripe.

No text of Stripe's leaves this module: it may quote what was sent. Errors become words that our texts explain.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import stripe

from checkout.payments.amounts import NotPayable, from_stripe, to_stripe
from checkout.payments.gateway import (
    NotSigned,
    OpenedPayment,
    ProviderEvent,
    ProviderPayment,
    ProviderPaymentState,
    ProviderRefund,
    ProviderRefundState,
    ProviderRefused,
    ProviderSilent,
)
from kernel.ids import new_id
from kernel.money import Money

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0
SIGNED_WITHIN_SECONDS = 300
PAGE = 100

_STATES = {
    "requires_payment_method": ProviderPaymentState.WAITING,
    "requires_confirmation": ProviderPaymentState.WAITING,
    "requires_action": ProviderPaymentState.REQUIRES_ACTION,
    "requires_capture": ProviderPaymentState.PROCESSING,
    "processing": ProviderPaymentState.PROCESSING,
    "succeeded": ProviderPaymentState.SUCCEEDED,
    "canceled": ProviderPaymentState.CANCELLED,
}
_REFUND_STATES = {
    "succeeded": ProviderRefundState.SUCCEEDED,
    "failed": ProviderRefundState.FAILED,
    "canceled": ProviderRefundState.FAILED,
}
_REFUND_PROBLEMS = {
    "lost_or_stolen_card": "refund_card_gone",
    "expired_or_canceled_card": "refund_card_gone",
    "charge_for_pending_refund_disputed": "refund_disputed",
    "charge_disputed": "refund_disputed",
    "charge_already_refunded": "refund_exceeds_payment",
    "insufficient_funds": "provider_balance_too_low",
    "balance_insufficient": "provider_balance_too_low",
}
# Its own log would name what is sent; ours names what failed.
logging.getLogger("stripe").setLevel(logging.WARNING)


class StripeGateway:
    """`api_base` is where a double of Stripe's is found; None: Stripe itself."""

    def __init__(self, api_key: str, webhook_secret: str, api_base: str | None = None) -> None:
        self._secret = webhook_secret
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base} if api_base else None,
            # The outbox tries again, with pauses that outlast a bad hour.
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS)),
        )

    def open_payment(self, order_id: str, order_number: str, due: Money) -> OpenedPayment:
        with _asking():
            params: Any = {
                "amount": to_stripe(due),
                "currency": due.currency.lower(),
                # Which methods there are is set in the dashboard: cards, Alipay, WeChat Pay.
                "automatic_payment_methods": {"enabled": True},
                "description": order_number,
                "metadata": {"order_id": order_id, "order_number": order_number},
            }
            create = self._client.v1.payment_intents.create
            try:
                intent = create(params=params, options={"idempotency_key": order_id})
            except stripe.APIError as error:
                if not _is_repeated(error):
                    raise
                # Stripe remembers its own failure for a day. Should it have opened one then, nobody has its secret.
                intent = create(params=params, options={"idempotency_key": f"{order_id}:again"})
        return OpenedPayment(intent.id, intent.client_secret)

    def find_payment(self, reference: str) -> ProviderPayment:
        with _asking():
            return _payment(self._client.v1.payment_intents.retrieve(reference))

    def cancel_payment(self, reference: str) -> ProviderPayment:
        # A key of its own each time: Stripe would repeat the "no" that it gave while a bank was at work. To cancel
        # what is cancelled changes nothing.
        options: Any = {"idempotency_key": new_id("cancel")}
        with _asking():
            try:
                return _payment(
                    self._client.v1.payment_intents.cancel(
                        reference, params={"cancellation_reason": "abandoned"}, options=options
                    )
                )
            except stripe.InvalidRequestError as error:
                if error.code != "payment_intent_unexpected_state":
                    raise
        return self.find_payment(reference)

    def refund(self, payment_reference: str, amount: Money, *, key: str, refund_id: str) -> ProviderRefund:
        with _asking():
            return _refund(
                self._client.v1.refunds.create(
                    params={
                        "payment_intent": payment_reference,
                        "amount": to_stripe(amount),
                        "reason": "requested_by_customer",
                        "metadata": {"refund_id": refund_id},
                    },
                    options={"idempotency_key": key},
                )
            )

    def find_refund(self, reference: str) -> ProviderRefund:
        with _asking():
            return _refund(self._client.v1.refunds.retrieve(reference))

    def refunds_of(self, payment_reference: str) -> list[ProviderRefund]:
        with _asking():
            found = self._client.v1.refunds.list(params={"payment_intent": payment_reference, "limit": PAGE})
            return [_refund(refund) for refund in found.auto_paging_iter()]

    def payments_since(self, since: datetime) -> Iterator[ProviderPayment]:
        with _asking():
            found = self._client.v1.payment_intents.list(
                params={"created": {"gte": int(since.timestamp())}, "limit": PAGE}
            )
            for intent in found.auto_paging_iter():
                yield _payment(intent)

    def refunds_since(self, since: datetime) -> Iterator[ProviderRefund]:
        with _asking():
            found = self._client.v1.refunds.list(params={"created": {"gte": int(since.timestamp())}, "limit": PAGE})
            for refund in found.auto_paging_iter():
                yield _refund(refund)

    def read_event(self, body: bytes, signature: str | None) -> ProviderEvent:
        try:
            stripe.WebhookSignature.verify_header(body, signature, self._secret, SIGNED_WITHIN_SECONDS)
        except (stripe.SignatureVerificationError, ValueError, TypeError):
            raise NotSigned from None
        return _event(json.loads(body))


def _event(found: Any) -> ProviderEvent:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(found, dict) or not _is_name(found.get("id")) or not _is_name(found.get("type")):
        raise ValueError("not an event")
    data = found.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    about = about if isinstance(about, dict) else {}
    payment = refund = None
    if about.get("object") == "payment_intent":
        payment = about.get("id")
    elif about.get("object") == "charge":
        payment = _id(about.get("payment_intent"))
    elif about.get("object") == "refund":
        payment, refund = _id(about.get("payment_intent")), about.get("id")
    if not all(name is None or _is_name(name) for name in (payment, refund)):
        raise ValueError("not the name of anything")
    return ProviderEvent(found["id"], found["type"], payment, refund)


def _is_name(found: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Whether the database can hold it: PostgreSQL takes no zero byte."""
    return isinstance(found, str) and found.isprintable()


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except NotPayable:
        raise ProviderRefused("amount_not_payable") from None
    except stripe.StripeError as error:
        raise _told(error) from None


def _is_repeated(error: stripe.StripeError) -> bool:
    """Whether this is the answer that an earlier request with the same key was given."""
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return headers.get("idempotent-replayed") == "true"


def _told(error: stripe.StripeError) -> ProviderSilent | ProviderRefused:
    """What went wrong, without a word of Stripe's. What is not surely a "no" may be asked again."""
    status = error.http_status or 0
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        # Whoever mends the key finds everything still waiting.
        return ProviderSilent("provider_key_refused")
    if isinstance(error, stripe.RateLimitError) or status in (409, 429):
        return ProviderSilent("provider_busy")
    if isinstance(error, stripe.IdempotencyError):
        return ProviderRefused("key_used_otherwise")
    if status in (400, 402, 404) and isinstance(error, stripe.InvalidRequestError | stripe.CardError):
        problem = _REFUND_PROBLEMS.get(error.code or "")
        if problem == "provider_balance_too_low":
            return ProviderSilent(problem)
        return ProviderRefused(problem or ("provider_does_not_know" if status == 404 else "provider_refused"))
    return ProviderSilent("provider_silent" if status == 0 else "provider_trouble")


def _payment(intent: stripe.PaymentIntent) -> ProviderPayment:
    state = _STATES[intent.status]
    if state is ProviderPaymentState.WAITING and intent.last_payment_error is not None:
        state = ProviderPaymentState.FAILED
    amount, exact = from_stripe(intent.amount, intent.currency)
    received, exactly = from_stripe(intent.amount_received or 0, intent.currency)
    metadata = intent.metadata.to_dict() if intent.metadata else {}
    return ProviderPayment(
        reference=intent.id,
        state=state,
        amount=amount,
        received=received,
        order_id=metadata.get("order_id"),
        created_at=datetime.fromtimestamp(intent.created, UTC),
        exact=exact and exactly,
    )


def _refund(refund: stripe.Refund) -> ProviderRefund:
    state = _REFUND_STATES.get(refund.status or "", ProviderRefundState.PENDING)
    reason = getattr(refund, "failure_reason", None)
    failed = state is ProviderRefundState.FAILED
    metadata = refund.metadata.to_dict() if refund.metadata else {}
    return ProviderRefund(
        reference=refund.id,
        state=state,
        amount=from_stripe(refund.amount, refund.currency)[0],
        payment_reference=_id(refund.payment_intent),
        refund_id=metadata.get("refund_id"),
        created_at=datetime.fromtimestamp(refund.created, UTC),
        problem=_REFUND_PROBLEMS.get(reason or "", "refund_failed") if failed else None,
    )


def _id(field: Any) -> str | None:  # noqa: ANN401 - an id, or the object itself where it was expanded
    if isinstance(field, dict):
        return field.get("id")
    return field["id"] if isinstance(field, stripe.StripeObject) else field
