"""Refunds: never more than was charged, and what becomes of them."""

from __future__ import annotations

from functools import partial

from tests.doubles.stripe import objects
from tests.doubles.stripe.currencies import worded
from tests.doubles.stripe.errors import Fault, wrong
from tests.doubles.stripe.ids import new_id
from tests.doubles.stripe.objects import Object
from tests.doubles.stripe.params import Params, merged_metadata
from tests.doubles.stripe.state import BY_ITSELF, Cause, State, find

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
# What may still become of a refund; one that seemed to have succeeded can come back from the bank.
NEXT = {
    "pending": ("succeeded", "failed", "canceled", "requires_action"),
    "requires_action": ("succeeded", "failed", "canceled", "pending"),
    "succeeded": ("failed",),
    "failed": (),
    "canceled": (),
}
_LISTED = 10


def create(state: State, params: Params, cause: Cause) -> Object:
    charge_id, intent_id = params.text("charge"), params.text("payment_intent")
    amount = params.whole("amount", least=1)
    reason = params.choice("reason", REASONS)
    metadata = params.metadata()
    params.end()
    charge = _charge(state, charge_id, intent_id)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        message = f"Charge {charge['id']} has been refunded already."
        raise Fault(400, message, code="charge_already_refunded", began=True, charge=charge["id"])
    if amount is not None and amount > left:
        said, rest = worded(amount, charge["currency"]), worded(left, charge["currency"])
        message = f"A refund of {said} is greater than what is left of the charge, {rest}."
        raise Fault(400, message, code="amount_too_large", param="amount", began=True, charge=charge["id"])
    trouble = state.troubles.for_refund()
    if trouble and trouble.kind == "refund_refused":
        raise Fault(400, trouble.details["message"], code=trouble.details["code"], began=True, charge=charge["id"])
    refund = objects.refund(
        charge, left if amount is None else amount, reason, merged_metadata({}, metadata), state.now()
    )
    course = state.behaviours[charge["payment_method"]].refund
    if trouble:
        _begin(state, refund, charge, trouble.details.get("starts", "pending"), cause)
        _go_on(state, refund, trouble.kind, trouble.details, cause)
    elif course == "plain":
        _begin(state, refund, charge, "succeeded", cause)
    else:
        _begin(state, refund, charge, "pending" if course == "pends" else "succeeded", cause)
        later, why = ("succeeded", None) if course == "pends" else ("failed", "expired_or_canceled_card")
        _move_later(state, refund, state.refund_pause, later, why)
    return refund


def retrieve(state: State, params: Params, cause: Cause, refund: str) -> Object:
    params.end()
    return find(state.refunds, "refund", refund, "refund")


def update(state: State, params: Params, cause: Cause, refund: str) -> Object:
    found = find(state.refunds, "refund", refund, "refund")
    metadata = params.metadata()
    params.end()
    before = found["metadata"]
    found["metadata"] = merged_metadata(before, metadata)
    if found["metadata"] != before:
        state.emit("refund.updated", found, cause, {"metadata": before})
        state.emit("charge.refund.updated", found, cause, {"metadata": before})
    return found


def cancel(state: State, params: Params, cause: Cause, refund: str) -> Object:
    """Only a refund that waits for the customer can be canceled."""
    found = find(state.refunds, "refund", refund, "refund")
    params.end()
    if found["status"] != "requires_action":
        raise Fault(400, f"A refund that is {found['status']} cannot be canceled.", began=True)
    move(state, found, "canceled", None, cause)
    return found


def move(state: State, refund: Object, status: str, reason: str | None, cause: Cause = BY_ITSELF) -> None:
    """Raises: Fault: nothing of the kind can become of it any more."""
    if status not in NEXT[refund["status"]]:
        raise Fault(400, f"A refund that is {refund['status']} cannot become {status}.", began=True)
    previous = {"status": refund["status"]}
    refund["status"] = status
    if status != "pending" and "pending_reason" in refund:
        previous["pending_reason"] = refund.pop("pending_reason")
    if status in ("failed", "canceled"):
        refund["failure_balance_transaction"] = new_id("txn")
        _count(state.charges[refund["charge"]], -refund["amount"])
    if status == "failed":
        refund["failure_reason"] = reason or "unknown"
    state.emit("refund.updated", refund, cause, previous)
    state.emit("charge.refund.updated", refund, cause, previous)
    if status == "failed":
        state.emit("refund.failed", refund, cause)


def _charge(state: State, charge_id: str | None, intent_id: str | None) -> Object:
    """What is to be refunded: a charge, or the successful one of an intent."""
    if charge_id and intent_id:
        message = "Only one of charge and payment_intent can be given."
        raise wrong("payment_intent", message, "parameters_exclusive")
    if charge_id:
        charge = find(state.charges, "charge", charge_id, "charge", in_path=False)
    elif intent_id:
        intent = find(state.intents, "payment_intent", intent_id, "payment_intent", in_path=False)
        if intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent['id']}) has no successful charge to refund."
            raise Fault(400, message, param="payment_intent", began=True)
        charge = state.charges[intent["latest_charge"]]
    else:
        message = "One of payment_intent and charge is needed."
        raise wrong("payment_intent", message, "parameter_missing")
    if charge["status"] != "succeeded":
        message = f"Charge {charge['id']} failed: there is nothing to refund."
        raise Fault(400, message, code="charge_not_refundable", began=True)
    return charge


def _begin(state: State, refund: Object, charge: Object, status: str, cause: Cause) -> None:
    refund["status"] = status
    if status == "pending":
        refund["pending_reason"] = "processing"
    state.refunds[refund["id"]] = refund
    previous = {name: charge[name] for name in ("amount_refunded", "refunded")}
    charge["refunds"]["data"].insert(0, refund)
    charge["refunds"]["has_more"] |= len(charge["refunds"]["data"]) > _LISTED
    del charge["refunds"]["data"][_LISTED:]
    _count(charge, refund["amount"])
    state.emit("refund.created", refund, cause)
    state.emit("charge.refunded", charge, cause, {name: was for name, was in previous.items() if charge[name] != was})


def _go_on(state: State, refund: Object, kind: str, details: Object, cause: Cause) -> None:
    """What was ordered for this refund."""
    if kind == "refund_fails":
        move(state, refund, "failed", details["reason"], cause)
    elif kind == "refund_fails_later":
        _move_later(state, refund, details["seconds"], "failed", details["reason"])
    else:
        refund["pending_reason"] = details["reason"]
        _move_later(state, refund, details["seconds"], "succeeded", None)


def _move_later(state: State, refund: Object, seconds: float | None, status: str, reason: str | None) -> None:
    if seconds is not None:
        state.later(seconds, partial(_move_if_still, state, refund, refund["status"], status, reason))


def _move_if_still(state: State, refund: Object, was: str, status: str, reason: str | None) -> None:
    """Somebody may have decided otherwise in the meantime."""
    if refund["status"] == was:
        move(state, refund, status, reason)


def _count(charge: Object, change: int) -> None:
    charge["amount_refunded"] += change
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
