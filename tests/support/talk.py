"""What a member's phone and the staff's browser say to a shop over HTTP, and what the device says to the provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import stripe

ERRORS = "errors { __typename message path }"
ORDER = """id number status payBefore paidAt pointsToEarn lines { id quantity }
  payment { status clientSecret amount { amount } refunded { amount } }
  returns { id status }"""

PLACE = f"mutation($input: PlaceOrderInput!) {{ placeOrder(input: $input) {{ order {{ {ORDER} }} {ERRORS} }} }}"
CANCEL = f"mutation($input: CancelOrderInput!) {{ cancelOrder(input: $input) {{ order {{ {ORDER} }} {ERRORS} }} }}"
RETURN = f"mutation($input: RequestReturnInput!) {{ requestReturn(input: $input) {{ return {{ id }} {ERRORS} }} }}"
SHIP = f"mutation($input: ShipOrderInput!) {{ shipOrder(input: $input) {{ order {{ status }} {ERRORS} }} }}"
RECEIVE = f"mutation($input: ReceiveReturnInput!) {{ receiveReturn(input: $input) {{ return {{ status }} {ERRORS} }} }}"
LOOK = f"query($id: ID!) {{ node(id: $id) {{ ... on Order {{ {ORDER} }} ... on Return {{ id state: status }} }} }}"
ADVANCE = f"mutation($input: AdvanceTestClockInput!) {{ advanceTestClock(input: $input) {{ now {ERRORS} }} }}"

Answer = dict[str, Any]


@dataclass
class Talk:
    """One member and one ADMIN of the shop at `url`. What is refused fails the test, unless it is asked for."""

    url: str
    member_token: str
    staff_token: str
    address_id: str

    def __post_init__(self) -> None:
        # Loopback needs no certificates, and loading them takes long.
        self.http = httpx2.Client(base_url=self.url, trust_env=False, verify=False, timeout=30)

    def close(self) -> None:
        self.http.close()

    def post(self, query: str, variables: Mapping[str, Any], *, staff: bool = False, language: str = "en") -> Answer:
        """The data. Raises: httpx2.HTTPError: the shop does not answer."""
        token = self.staff_token if staff else self.member_token
        answer = self.http.post(
            "/admin/graphql" if staff else "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {token}", "Accept-Language": language},
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def do(self, mutation: str, *, staff: bool = False, **input: Any) -> Answer:
        (payload,) = self.post(mutation, {"input": input}, staff=staff).values()
        assert payload["errors"] == [], payload["errors"]
        return payload

    def refused(self, mutation: str, *, staff: bool = False, **input: Any) -> list[str]:
        """The types of what stood in the way."""
        (payload,) = self.post(mutation, {"input": input}, staff=staff).values()
        return [error["__typename"] for error in payload["errors"]]

    # ------------------------------------------------------------ the member
    def order_input(self, lines: Sequence[Answer], *, key: str, gift_card: str | None = None) -> Answer:
        more = {} if gift_card is None else {"giftCardAmount": gift_card}
        return {
            "idempotencyKey": key,
            "lines": list(lines),
            "addressId": self.address_id,
            "paymentMethod": "STRIPE",
            **more,
        }

    def place(self, lines: Sequence[Answer], *, key: str, gift_card: str | None = None) -> Answer:
        return self.do(PLACE, **self.order_input(lines, key=key, gift_card=gift_card))["order"]

    def cancel(self, order_id: str) -> Answer:
        return self.do(CANCEL, orderId=order_id)["order"]

    def ask_return(self, order: Answer, quantity: int, *, key: str) -> str:
        lines = [{"orderLineId": order["lines"][0]["id"], "quantity": quantity}]
        asked = {"orderId": order["id"], "lines": lines, "reason": "too small", "idempotencyKey": key}
        return self.do(RETURN, **asked)["return"]["id"]

    def look(self, id_: str) -> Answer:
        """An order or a return, as the member sees it."""
        return self.post(LOOK, {"id": id_})["node"]

    # ------------------------------------------------------------- the staff
    def ship(self, order_id: str) -> None:
        self.do(SHIP, staff=True, orderId=order_id)

    def receive(self, return_id: str) -> str:
        return self.do(RECEIVE, staff=True, returnId=return_id)["return"]["status"]

    def advance(self, to: str) -> None:
        self.do(ADVANCE, staff=True, to=to)


def confirm(device: stripe.StripeClient, client_secret: str, method: str = "pm_card_visa") -> str:
    """The device confirms a payment with its secret; the state that it is in then. Alipay and WeChat Pay redirect.

    Raises:
        stripe.CardError: the card was declined.
    """
    params: Any = {"client_secret": client_secret, "return_url": "https://shop.test/back"}
    if method in ("alipay", "wechat_pay"):
        params["payment_method_data"] = {"type": method}
    else:
        params["payment_method"] = method
    if method == "wechat_pay":
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    return device.v1.payment_intents.confirm(client_secret.partition("_secret")[0], params=params).status
