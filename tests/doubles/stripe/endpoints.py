"""The part of Stripe's API that there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.doubles.stripe import intents, lists, reading, refunds
from tests.doubles.stripe.objects import Object

Verb = Callable[..., Object]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`by_device`: a publishable key will do, with the client secret."""

    method: str
    path: re.Pattern[str]
    verb: Verb
    by_device: bool = False


def _endpoint(method: str, path: str, verb: Verb, *, by_device: bool = False) -> Endpoint:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return Endpoint(method, re.compile(pattern), verb, by_device)


ENDPOINTS = (
    _endpoint("POST", "/v1/payment_intents", intents.create),
    _endpoint("GET", "/v1/payment_intents", lists.intents),
    _endpoint("GET", "/v1/payment_intents/{intent}", intents.retrieve, by_device=True),
    _endpoint("POST", "/v1/payment_intents/{intent}", intents.update),
    _endpoint("POST", "/v1/payment_intents/{intent}/confirm", intents.confirm, by_device=True),
    _endpoint("POST", "/v1/payment_intents/{intent}/cancel", intents.cancel),
    _endpoint("POST", "/v1/payment_methods", reading.create_payment_method),
    _endpoint("GET", "/v1/payment_methods/{method}", reading.payment_method),
    _endpoint("GET", "/v1/charges", lists.charges),
    _endpoint("GET", "/v1/charges/{charge}", reading.charge),
    _endpoint("GET", "/v1/charges/{charge}/refunds", lists.refunds_of_charge),
    _endpoint("POST", "/v1/refunds", refunds.create),
    _endpoint("GET", "/v1/refunds", lists.refunds),
    _endpoint("GET", "/v1/refunds/{refund}", refunds.retrieve),
    _endpoint("POST", "/v1/refunds/{refund}", refunds.update),
    _endpoint("POST", "/v1/refunds/{refund}/cancel", refunds.cancel),
    _endpoint("GET", "/v1/events", lists.events),
    _endpoint("GET", "/v1/events/{event}", reading.event),
    _endpoint("GET", "/v1/account", reading.own_account),
)


def find_endpoint(method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
    for endpoint in ENDPOINTS:
        if endpoint.method == method and (fits := endpoint.path.fullmatch(path)):
            return endpoint, fits.groupdict()
    return None
