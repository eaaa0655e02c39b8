"""The objects as Stripe publishes them, with every field of its examples. Nothing here decides anything."""

from __future__ import annotations

import copy
from typing import Any

from tests.doubles.stripe.ids import new_client_secret, new_id
from tests.doubles.stripe.methods import Behaviour

Object = dict[str, Any]  # JSON, whose shape the caller knows by its "object"

API_VERSION = "2026-10-28.endive"

_NO_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}
_NOBODY = {"address": _NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None}
_CARD_CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}


def payment_intent(amount: int, currency: str, method_types: list[str], automatic: Object | None, now: int) -> Object:
    intent_id = new_id("pi")
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": automatic,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic",
        "client_secret": new_client_secret(intent_id),
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": None,
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": {"id": "pmc_1DoubleOfTheDashboard", "parent": None}
        if automatic
        else None,
        "payment_method_options": {name: _method_options(name) for name in method_types},
        "payment_method_types": method_types,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def _method_options(kind: str) -> Object:
    if kind == "card":
        return {
            "installments": None,
            "mandate_options": None,
            "network": None,
            "request_three_d_secure": "automatic",
        }
    return {"app_id": None, "client": None} if kind == "wechat_pay" else {}


def payment_method(behaviour: Behaviour, now: int) -> Object:
    method: Object = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": copy.deepcopy(_NOBODY),
        "created": now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": behaviour.kind,
        behaviour.kind: {},
    }
    if behaviour.kind == "card":
        method["card"] = {
            "brand": behaviour.brand,
            "checks": {**_CARD_CHECKS},
            "country": "US",
            "display_brand": behaviour.brand,
            "exp_month": 8,
            "exp_year": 2030,
            "fingerprint": f"DoubleOf{behaviour.last4}Card",
            "funding": behaviour.funding,
            "generated_from": None,
            "last4": behaviour.last4,
            "networks": {"available": [behaviour.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        }
    return method


def charge(intent: Object, method: Object, now: int) -> Object:
    """A charge that is paid; `failed_charge` turns one into its opposite."""
    charge_id = new_id("ch" if method["type"] == "card" else "py")
    return {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": new_id("txn"),
        "billing_details": copy.deepcopy(method["billing_details"]),
        "calculated_statement_descriptor": intent["statement_descriptor"] or "JIFEN DOUBLE",
        "captured": True,
        "created": now,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 12,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _method_details(intent, method),
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"https://pay.stripe.com/receipts/payment/{charge_id}",
        "refunded": False,
        "refunds": {"object": "list", "data": [], "has_more": False, "url": f"/v1/charges/{charge_id}/refunds"},
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def _method_details(intent: Object, method: Object) -> Object:
    kind = method["type"]
    if kind == "alipay":
        return {"alipay": {"buyer_id": None, "fingerprint": None, "transaction_id": None}, "type": kind}
    if kind == "wechat_pay":
        return {
            "wechat_pay": {"fingerprint": None, "location": None, "reader": None, "transaction_id": None},
            "type": kind,
        }
    card = method["card"]
    return {
        "card": {
            "amount_authorized": intent["amount"],
            "authorization_code": "123456",
            "brand": card["brand"],
            "checks": dict(card["checks"]),
            "country": card["country"],
            "exp_month": card["exp_month"],
            "exp_year": card["exp_year"],
            "extended_authorization": {"status": "disabled"},
            "fingerprint": card["fingerprint"],
            "funding": card["funding"],
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "last4": card["last4"],
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": card["brand"],
            "network_token": {"used": False},
            "network_transaction_id": "123456789012345",
            "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
            "regulated_status": card["regulated_status"],
            "three_d_secure": None,
            "transaction_link_id": None,
            "wallet": None,
        },
        "type": "card",
    }


def refund(charge: Object, amount: int, reason: str | None, metadata: dict[str, str], now: int) -> Object:
    by_card = charge["id"].startswith("ch_")
    destination: Object = {"alipay": {}, "type": "alipay"}
    if by_card:
        card = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
        destination = {"card": card, "type": "card"}
    elif charge["payment_method_details"]["type"] == "wechat_pay":
        destination = {"type": "wechat_pay", "wechat_pay": {}}
    return {
        "id": new_id("re" if by_card else "pyr"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn"),
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "customer": None,
        "customer_account": None,
        "destination_details": destination,
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def event(type: str, about: Object, previous: Object | None, request: Object, targets: int, now: int) -> Object:
    data: Object = {"object": copy.deepcopy(about)}
    if previous is not None:
        data["previous_attributes"] = previous
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "data": data,
        "livemode": False,
        "pending_webhooks": targets,
        "request": request,
        "type": type,
    }
