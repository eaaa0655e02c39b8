"""What a confirmation is made with: a payment method and where the customer comes back to."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.stripe import objects
from tests.doubles.stripe.currencies import ALIPAY, WECHAT_PAY
from tests.doubles.stripe.errors import Fault, missing, not_there, wrong
from tests.doubles.stripe.methods import REDIRECTS, TEST_CARDS, Behaviour
from tests.doubles.stripe.objects import Object
from tests.doubles.stripe.params import Params
from tests.doubles.stripe.state import State


@dataclass(frozen=True, slots=True)
class Means:
    method: Object | None
    behaviour: Behaviour | None
    return_url: str | None = None
    by_sdk: bool = False
    wechat_client: str | None = None

    def keep(self, state: State) -> None:
        """The endpoint begins: a method named for the first time is a new object."""
        if self.method and self.behaviour:
            state.methods.setdefault(self.method["id"], self.method)
            state.behaviours.setdefault(self.method["id"], self.behaviour)


def read_means(state: State, params: Params) -> Means:
    named = params.text("payment_method")
    data = params.part("payment_method_data")
    if named and data:
        message = "Only one of payment_method and payment_method_data can be given."
        raise wrong("payment_method_data", message, "parameters_exclusive")
    method, behaviour = (_named(state, named) if named else _new(state, data)) if named or data else (None, None)
    return_url = params.text("return_url")
    by_sdk = params.flag("use_stripe_sdk") or False
    options = params.part("payment_method_options")
    wechat = options.part("wechat_pay") if options else None
    client = wechat.choice("client", ("web", "ios", "android")) if wechat else None
    if wechat:
        wechat.text("app_id")
    return Means(method, behaviour, return_url, by_sdk, client)


def read_method_data(state: State, data: Params) -> tuple[Object, Behaviour]:
    kind = data.needed_text("type")
    if kind == "card":
        # Card numbers are for Stripe's own front ends; a shop's server must never see one.
        raise Fault(
            402, "Card numbers cannot be sent to the API directly; use a test payment method.", type="card_error"
        )
    behaviour = REDIRECTS.get(kind)
    if behaviour is None:
        raise wrong(data.named("type"), f"Invalid {data.named('type')}: must be one of alipay, card, wechat_pay")
    details = data.part(kind)
    if details:
        details.end()
    return objects.payment_method(behaviour, state.now()), behaviour


def check_means(intent: Object, means: Means, kind: str) -> None:
    """Raises: Fault: an intent like this cannot be confirmed with these means."""
    if kind not in intent["payment_method_types"]:
        raise Fault(
            400,
            f"A payment method of type {kind} cannot be used with this PaymentIntent.",
            code="payment_intent_incompatible_payment_method",
            param="payment_method",
        )
    automatic = intent["automatic_payment_methods"]
    open_to_redirects = bool(automatic) and automatic["allow_redirects"] == "always"
    if not means.return_url and (kind in REDIRECTS or (open_to_redirects and not means.by_sdk)):
        raise wrong(
            "return_url",
            "A `return_url` is needed, as payment methods of the Dashboard may redirect. To do without, create the "
            "PaymentIntent with automatic_payment_methods[allow_redirects]=never.",
        )
    if kind == "wechat_pay" and not means.wechat_client:
        raise missing("payment_method_options[wechat_pay][client]")


def method_types(currency: str, redirects: bool) -> list[str]:
    """What the Dashboard has switched on, as far as the currency allows."""
    types = ["card"]
    if redirects and currency in ALIPAY:
        types.append("alipay")
    if redirects and currency in WECHAT_PAY:
        types.append("wechat_pay")
    return types


def _named(state: State, named: str) -> tuple[Object, Behaviour]:
    if named in TEST_CARDS:
        return objects.payment_method(TEST_CARDS[named], state.now()), TEST_CARDS[named]
    if named not in state.methods:
        raise not_there("PaymentMethod", named, "payment_method", in_path=False)
    return state.methods[named], state.behaviours[named]


def _new(state: State, data: Params | None) -> tuple[Object, Behaviour]:
    assert data
    return read_method_data(state, data)
