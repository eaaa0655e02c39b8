"""Who may do what in the shop: everybody, or a signed-in member for their own. Staff: `schema/admin/permissions.py`.

A member's own things are found by the member's id, so there is nothing further to allow.
`tests/graphql/test_permissions.py` holds every field to this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Who(Enum):
    EVERYBODY = "everybody"
    MEMBERS = "members"


RULES: Mapping[str, Mapping[str, Who]] = {
    "Query": {
        # What is a member's own is null for others, signed out: for everybody.
        "node": Who.EVERYBODY,
        "me": Who.EVERYBODY,
        "program": Who.EVERYBODY,
        "categories": Who.EVERYBODY,
        "products": Who.EVERYBODY,
        "product": Who.EVERYBODY,
        "exchangeOffers": Who.EVERYBODY,
        "quote": Who.EVERYBODY,
        "previewReturn": Who.MEMBERS,
        "exportMyData": Who.MEMBERS,
    },
    "Mutation": {
        "requestSignInCode": Who.EVERYBODY,
        "signIn": Who.EVERYBODY,
        "signInWithWechat": Who.EVERYBODY,
        "bindPhone": Who.MEMBERS,
        "refreshSession": Who.EVERYBODY,
        "signOut": Who.MEMBERS,
        "deleteMyAccount": Who.MEMBERS,
        "updateProfile": Who.MEMBERS,
        "uploadAvatar": Who.MEMBERS,
        "removeAvatar": Who.MEMBERS,
        "saveAddress": Who.MEMBERS,
        "removeAddress": Who.MEMBERS,
        "addGiftCard": Who.MEMBERS,
        "setCartLine": Who.MEMBERS,
        "clearCart": Who.MEMBERS,
        "placeOrder": Who.MEMBERS,
        "cancelOrder": Who.MEMBERS,
        "requestReturn": Who.MEMBERS,
        "cancelReturn": Who.MEMBERS,
    },
}
