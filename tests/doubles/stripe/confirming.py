"""Confirms intents: charges at once, or asks the customer for something first and goes on when that is done."""

from __future__ import annotations

import copy

from tests.doubles.stripe import objects
from tests.doubles.stripe.errors import Fault, unexpected_state
from tests.doubles.stripe.means import Means
from tests.doubles.stripe.methods import Decline
from tests.doubles.stripe.objects import Object
from tests.doubles.stripe.state import Cause, State

_UNAUTHENTICATED = "The customer could not be authenticated. Try again, or with another payment method."
_TURNED_DOWN = Decline("payment_intent_payment_attempt_failed", None, "The customer turned the payment down.")


def confirm(state: State, intent: Object, means: Means, cause: Cause) -> None:
    """Confirms with the intent's payment method; the means have been checked.

    Raises:
        Fault: the card was declined. The intent then waits for another payment method.
    """
    behaviour = state.behaviours[intent["payment_method"]]
    intent["last_payment_error"] = None
    if means.wechat_client:
        intent["payment_method_options"]["wechat_pay"]["client"] = means.wechat_client
    if behaviour.challenge:
        intent["status"] = "requires_action"
        intent["next_action"] = _next_action(intent, behaviour.kind, means)
        state.emit("payment_intent.requires_action", intent, cause)
    elif problem := _charge(state, intent, cause):
        raise Fault(402, **_as_fault(problem), began=True, payment_intent=copy.deepcopy(intent))


def meet_challenge(state: State, intent: Object, outcome: str, cause: Cause) -> None:
    """What the customer did: "complete", "fail", or "process" where the answer of Alipay or WeChat Pay takes its time.

    Raises:
        Fault: the intent waits for nothing of the kind.
    """
    kind = state.methods[intent["payment_method"]]["type"] if intent["payment_method"] else None
    waits = intent["status"] == "requires_action" or (intent["status"] == "processing" and outcome != "process")
    if not waits or (outcome == "process" and kind == "card"):
        raise unexpected_state(intent, f"A PaymentIntent that is {intent['status']} cannot {outcome} a challenge.")
    intent["next_action"] = None
    if outcome == "process":
        intent["status"] = "processing"
        state.emit("payment_intent.processing", intent, cause)
    elif outcome == "complete":
        _charge(state, intent, cause)
    elif kind == "card":
        _turn_back(
            state, intent, _problem(state, intent, "payment_intent_authentication_failure", _UNAUTHENTICATED), cause
        )
    else:
        _decline(state, intent, _TURNED_DOWN, cause)


def _charge(state: State, intent: Object, cause: Cause) -> Object | None:
    """Asks the bank. Returns the problem, if there is one."""
    method = state.methods[intent["payment_method"]]
    decline = state.behaviours[method["id"]].decline
    if decline:
        return _decline(state, intent, decline, cause)
    charge = objects.charge(intent, method, state.now())
    state.charges[charge["id"]] = charge
    state.emit("charge.succeeded", charge, cause)
    intent |= {
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "next_action": None,
        "status": "succeeded",
    }
    state.emit("payment_intent.succeeded", intent, cause)
    return None


def _decline(state: State, intent: Object, decline: Decline, cause: Cause) -> Object:
    charge = objects.charge(intent, state.methods[intent["payment_method"]], state.now())
    reason = decline.decline_code or decline.code
    charge |= {
        "amount_captured": 0,
        "balance_transaction": None,
        "captured": False,
        "failure_code": decline.code,
        "failure_message": decline.message,
        "paid": False,
        "receipt_url": None,
        "status": "failed",
    }
    charge["outcome"] |= {
        "network_status": "not_sent_to_network" if decline.by_radar else "declined_by_network",
        "reason": "highest_risk_level" if decline.by_radar else reason,
        "risk_level": "highest" if decline.by_radar else "normal",
        "seller_message": "Stripe blocked this payment." if decline.by_radar else "The bank declined this payment.",
        "type": "blocked" if decline.by_radar else "issuer_declined",
    }
    state.charges[charge["id"]] = charge
    state.emit("charge.failed", charge, cause)
    problem = _problem(state, intent, decline.code, decline.message, decline.decline_code)
    problem["charge"] = intent["latest_charge"] = charge["id"]
    _turn_back(state, intent, problem, cause)
    return problem


def _problem(state: State, intent: Object, code: str, message: str, decline_code: str | None = None) -> Object:
    about_card = not code.startswith("payment_intent_")
    problem = {
        "code": code,
        "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}",
        "message": message,
        "payment_method": copy.deepcopy(state.methods[intent["payment_method"]]),
        "type": "card_error" if about_card else "invalid_request_error",
    }
    return {**problem, "decline_code": decline_code} if decline_code else problem


def _turn_back(state: State, intent: Object, problem: Object, cause: Cause) -> None:
    intent |= {
        "last_payment_error": problem,
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    state.emit("payment_intent.payment_failed", intent, cause)


def _as_fault(problem: Object) -> Object:
    return {name: value for name, value in problem.items() if name != "doc_url"}


def _next_action(intent: Object, kind: str, means: Means) -> Object:
    page = f"https://hooks.stripe.com/redirect/authenticate/{intent['id']}"
    if kind == "alipay":
        address = {"native_data": None, "native_url": None, "return_url": means.return_url, "url": page}
        return {"alipay_handle_redirect": address, "type": "alipay_handle_redirect"}
    if kind == "wechat_pay" and means.wechat_client == "web":
        code: Object = {
            "data": f"weixin://wxpay/bizpayurl?pr={intent['id']}",
            "hosted_instructions_url": page,
            "image_data_url": "data:image/png;base64,",
            "image_url_png": f"{page}.png",
            "image_url_svg": f"{page}.svg",
        }
        return {"type": "wechat_pay_display_qr_code", "wechat_pay_display_qr_code": code}
    if kind == "wechat_pay":
        client = means.wechat_client or "ios"
        address = {"native_url": f"weixin://app/double/pay/?prepayid={intent['id']}"}
        return {"type": f"wechat_pay_redirect_to_{client}_app", f"wechat_pay_redirect_to_{client}_app": address}
    if means.return_url:
        return {"redirect_to_url": {"return_url": means.return_url, "url": page}, "type": "redirect_to_url"}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": page}}
