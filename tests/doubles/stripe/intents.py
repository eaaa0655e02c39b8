"""PaymentIntents: create, update, confirm, cancel."""

from __future__ import annotations

import hmac

from tests.doubles.stripe import confirming, objects
from tests.doubles.stripe.currencies import check_amount, check_currency
from tests.doubles.stripe.errors import missing, unexpected_state, wrong
from tests.doubles.stripe.means import Means, check_means, method_types, read_means
from tests.doubles.stripe.objects import Object
from tests.doubles.stripe.params import Params, merged_metadata
from tests.doubles.stripe.state import Cause, State, find

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
UPDATABLE = CONFIRMABLE
CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")
CANCELLATION_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")


def create(state: State, params: Params, cause: Cause) -> Object:
    amount, currency = params.whole("amount"), params.text("currency")
    if amount is None or currency is None:
        raise missing("amount" if amount is None else "currency")
    check_currency(currency)
    check_amount(amount, currency)
    automatic, types = _read_types(params, currency)
    words = _read_words(params)
    metadata = params.metadata()
    confirmed = params.flag("confirm") or False
    if params.has("return_url") and not confirmed:
        raise wrong("return_url", "A `return_url` belongs to a confirmation; here `confirm` is not true.")
    means = read_means(state, params)
    params.end()
    intent = objects.payment_intent(amount, currency, types, automatic, state.now())
    if confirmed:
        _check_ready(intent, means)
    means.keep(state)
    intent |= {**words, "metadata": merged_metadata({}, metadata)}
    state.intents[intent["id"]] = intent
    _attach(intent, means)
    state.emit("payment_intent.created", intent, cause)
    if confirmed:
        confirming.confirm(state, intent, means, cause)
    return intent


def retrieve(state: State, params: Params, cause: Cause, intent: str) -> Object:
    found = find(state.intents, "payment_intent", intent, "intent")
    _check_secret(params, found)
    params.end()
    return found


def update(state: State, params: Params, cause: Cause, intent: str) -> Object:
    found = find(state.intents, "payment_intent", intent, "intent")
    amount, currency = params.whole("amount"), params.text("currency")
    words, metadata = _read_words(params), params.metadata()
    means = read_means(state, params)
    params.end()
    if currency is not None:
        check_currency(currency)
    if amount is not None or currency is not None:
        check_amount(found["amount"] if amount is None else amount, currency or found["currency"])
    matters = amount is not None or currency is not None or means.method is not None
    if matters and found["status"] not in UPDATABLE:
        message = f"A PaymentIntent that is {found['status']} keeps its amount, currency and payment method."
        raise unexpected_state(found, message)
    means.keep(state)
    found |= {**words, "metadata": merged_metadata(found["metadata"], metadata)}
    if amount is not None:
        found["amount"] = amount
    if currency is not None:
        found["currency"] = currency
    if matters and found["status"] == "requires_action":
        # What the customer was asked for was meant for the payment as it was.
        found |= {"status": "requires_confirmation", "next_action": None}
    _attach(found, means)
    return found


def confirm(state: State, params: Params, cause: Cause, intent: str) -> Object:
    found = find(state.intents, "payment_intent", intent, "intent")
    _check_secret(params, found)
    receipt_email = params.text("receipt_email")
    params.flag("off_session")
    means = read_means(state, params)
    params.end()
    if found["status"] not in CONFIRMABLE:
        raise unexpected_state(found, f"A PaymentIntent that is {found['status']} cannot be confirmed.")
    if means.method is None and found["payment_method"] is None:
        raise unexpected_state(found, "This PaymentIntent has no payment method: confirm it with one.")
    if means.method is None:
        method = state.methods[found["payment_method"]]
        means = Means(method, None, means.return_url, means.by_sdk, means.wechat_client)
    _check_ready(found, means)
    means.keep(state)
    _attach(found, means)
    if receipt_email:
        found["receipt_email"] = receipt_email
    confirming.confirm(state, found, means, cause)
    return found


def cancel(state: State, params: Params, cause: Cause, intent: str) -> Object:
    """Alipay's and WeChat Pay's payments are not among the rare ones that can be canceled while processing."""
    found = find(state.intents, "payment_intent", intent, "intent")
    reason = params.choice("cancellation_reason", CANCELLATION_REASONS)
    params.end()
    if found["status"] not in CANCELABLE:
        message = f"A PaymentIntent that is {found['status']} cannot be canceled, only one of: {', '.join(CANCELABLE)}."
        raise unexpected_state(found, message)
    found |= {
        "canceled_at": state.now(),
        "cancellation_reason": reason,
        "next_action": None,
        "status": "canceled",
    }
    state.emit("payment_intent.canceled", found, cause)
    return found


def _read_types(params: Params, currency: str) -> tuple[Object | None, list[str]]:
    """Methods are left to the dashboard unless the request names them."""
    named = params.texts("payment_method_types")
    automatic = params.part("automatic_payment_methods")
    if automatic is None and named is not None:
        for kind in named:
            if kind not in method_types(currency, redirects=True):
                message = f"The payment method type {kind} is unknown or does not take {currency}."
                raise wrong("payment_method_types", message, "payment_intent_invalid_parameter")
        return None, named
    if automatic is None:
        return {"allow_redirects": "always", "enabled": True}, method_types(currency, redirects=True)
    enabled = automatic.flag("enabled")
    redirects = automatic.choice("allow_redirects", ("always", "never")) or "always"
    if enabled is None:
        raise missing("automatic_payment_methods[enabled]")
    if named is not None and enabled:
        message = "Only one of automatic_payment_methods and payment_method_types can be given."
        raise wrong("payment_method_types", message, "parameters_exclusive")
    if not enabled:
        return None, named or ["card"]
    return {"allow_redirects": redirects, "enabled": True}, method_types(currency, redirects == "always")


def _read_words(params: Params) -> Object:
    """Texts that go with the payment; an empty one takes the text away."""
    told = {
        "description": params.text("description", most=1000),
        "receipt_email": params.text("receipt_email"),
        "statement_descriptor": params.text("statement_descriptor", most=22),
        "statement_descriptor_suffix": params.text("statement_descriptor_suffix", most=22),
    }
    return {name: text or None for name, text in told.items() if text is not None}


def _check_ready(intent: Object, means: Means) -> None:
    if means.method is None:
        raise missing("payment_method")
    check_means(intent, means, means.method["type"])


def _attach(intent: Object, means: Means) -> None:
    if means.method is not None:
        intent["payment_method"] = means.method["id"]
        if intent["status"] == "requires_payment_method":
            intent["status"] = "requires_confirmation"


def _check_secret(params: Params, intent: Object) -> None:
    told = params.text("client_secret")
    if told is not None and not hmac.compare_digest(told.encode(), intent["client_secret"].encode()):
        message = "This client_secret does not belong to this PaymentIntent."
        raise wrong("client_secret", message, "payment_intent_invalid_parameter")
