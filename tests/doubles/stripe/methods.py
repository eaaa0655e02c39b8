"""Payment methods: the documented test cards and what each of them leads to; Alipay and WeChat Pay by redirect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["card", "alipay", "wechat_pay"]
RefundCourse = Literal["plain", "pends", "fails"]


@dataclass(frozen=True, slots=True)
class Decline:
    """Why a card is declined. Radar declines before the bank is asked."""

    code: str
    decline_code: str | None
    message: str
    by_radar: bool = False


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What happens when this method is charged: a challenge first, perhaps; then the decline, if there is one."""

    kind: Kind = "card"
    brand: str = "visa"
    last4: str = "4242"
    funding: str = "credit"
    challenge: bool = False
    decline: Decline | None = None
    refund: RefundCourse = "plain"


def _declined(decline_code: str, last4: str) -> Behaviour:
    return Behaviour(last4=last4, decline=Decline("card_declined", decline_code, "Your card was declined."))


_INSUFFICIENT = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
_GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
_FRAUD = Decline("card_declined", "fraudulent", "Your card was declined.", by_radar=True)
_EXPIRED = Decline("expired_card", None, "Your card has expired.")
_CVC = Decline("incorrect_cvc", None, "Your card's security code is incorrect.")
_PROCESSING = Decline("processing_error", None, "An error occurred while processing your card.")

TEST_CARDS: dict[str, Behaviour] = {
    "pm_card_visa": Behaviour(),
    "pm_card_visa_debit": Behaviour(last4="5556", funding="debit"),
    "pm_card_mastercard": Behaviour(brand="mastercard", last4="4444"),
    "pm_card_mastercard_debit": Behaviour(brand="mastercard", last4="8210", funding="debit"),
    "pm_card_mastercard_prepaid": Behaviour(brand="mastercard", last4="5100", funding="prepaid"),
    "pm_card_amex": Behaviour(brand="amex", last4="8431"),
    "pm_card_discover": Behaviour(brand="discover", last4="9424"),
    "pm_card_diners": Behaviour(brand="diners", last4="0004"),
    "pm_card_jcb": Behaviour(brand="jcb", last4="0505"),
    "pm_card_unionpay": Behaviour(brand="unionpay", last4="0005"),
    "pm_card_visa_chargeDeclined": Behaviour(last4="0002", decline=_GENERIC),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Behaviour(last4="9995", decline=_INSUFFICIENT),
    "pm_card_visa_chargeDeclinedLostCard": _declined("lost_card", "9987"),
    "pm_card_visa_chargeDeclinedStolenCard": _declined("stolen_card", "9979"),
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": _declined("card_velocity_exceeded", "6975"),
    "pm_card_chargeDeclinedExpiredCard": Behaviour(last4="0069", decline=_EXPIRED),
    "pm_card_chargeDeclinedIncorrectCvc": Behaviour(last4="0127", decline=_CVC),
    "pm_card_chargeDeclinedProcessingError": Behaviour(last4="0119", decline=_PROCESSING),
    "pm_card_chargeCustomerFail": Behaviour(last4="0341", decline=_GENERIC),
    "pm_card_radarBlock": Behaviour(last4="0019", decline=_FRAUD),
    "pm_card_authenticationRequired": Behaviour(last4="3184", challenge=True),
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": Behaviour(
        last4="3178", challenge=True, decline=_INSUFFICIENT
    ),
    "pm_card_threeDSecure2Required": Behaviour(last4="3220", challenge=True),
    "pm_card_threeDSecureRequired": Behaviour(last4="3063", challenge=True),
    "pm_card_threeDSecureRequiredChargeDeclined": Behaviour(last4="1629", challenge=True, decline=_GENERIC),
    "pm_card_threeDSecureOptional": Behaviour(last4="3055"),
    "pm_card_pendingRefund": Behaviour(last4="7726", refund="pends"),
    "pm_card_refundFail": Behaviour(last4="5126", refund="fails"),
}

# The names without "visa" are older and still taken.
TEST_CARDS |= {
    name.replace("pm_card_visa_", "pm_card_"): behaviour
    for name, behaviour in TEST_CARDS.items()
    if name.startswith("pm_card_visa_chargeDeclined")
}
TEST_CARDS["pm_card_chargeDeclinedFraudulent"] = TEST_CARDS["pm_card_radarBlock"]

REDIRECTS: dict[str, Behaviour] = {
    # Refunds of both take a while on their side.
    "alipay": Behaviour(kind="alipay", challenge=True, refund="pends"),
    "wechat_pay": Behaviour(kind="wechat_pay", challenge=True, refund="pends"),
}
