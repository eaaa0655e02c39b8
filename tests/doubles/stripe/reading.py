"""Objects that are only read, and payment methods, which a device makes."""

from __future__ import annotations

from tests.doubles.stripe.accounts import account
from tests.doubles.stripe.means import read_method_data
from tests.doubles.stripe.objects import Object
from tests.doubles.stripe.params import Params
from tests.doubles.stripe.state import Cause, State, find


def own_account(state: State, params: Params, cause: Cause) -> Object:
    params.end()
    return account(state.now())


def charge(state: State, params: Params, cause: Cause, charge: str) -> Object:
    params.end()
    return find(state.charges, "charge", charge, "id")


def event(state: State, params: Params, cause: Cause, event: str) -> Object:
    params.end()
    return find(state.events, "event", event, "id")


def payment_method(state: State, params: Params, cause: Cause, method: str) -> Object:
    params.end()
    return find(state.methods, "PaymentMethod", method, "payment_method")


def create_payment_method(state: State, params: Params, cause: Cause) -> Object:
    method, behaviour = read_method_data(state, params)
    params.end()
    state.methods[method["id"]], state.behaviours[method["id"]] = method, behaviour
    return method
