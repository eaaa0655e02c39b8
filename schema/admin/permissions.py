"""Who may do what: every field of Query and Mutation, and every field that needs more than what led to it.

The one table that decides. `schema/admin/guard.py` puts it in front of the resolvers and refuses to build a
schema with an entry point that is not listed here; no resolver asks for a role by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from staff.roles import Permission


@dataclass(frozen=True, slots=True)
class Open:
    """Needs no session: the way in."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Any member of staff."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Without the permission the field is FORBIDDEN."""

    permission: Permission


@dataclass(frozen=True, slots=True)
class HiddenWithout:
    """Without the permission the field shows `instead`; where `on_an_order`, only for what an order led to."""

    permission: Permission
    instead: str | None = None
    on_an_order: bool = False


Rule = Open | SignedIn | Needs | HiddenWithout

READ_CATALOGUE = Needs(Permission.READ_CATALOGUE)
WRITE_CATALOGUE = Needs(Permission.WRITE_CATALOGUE)
READ_ORDERS = Needs(Permission.READ_ORDERS)
FULFIL_ORDERS = Needs(Permission.FULFIL_ORDERS)
SERVE_MEMBERS = Needs(Permission.SERVE_MEMBERS)
READ_MEMBERS = Needs(Permission.READ_MEMBERS)
READ_REPORTS = Needs(Permission.READ_REPORTS)
GOVERN = Needs(Permission.GOVERN)

RULES: Mapping[str, Mapping[str, Rule]] = {
    "Query": {
        # What a node needs depends on its kind: NODES, below.
        "node": SignedIn(),
        "staff": SignedIn(),
        "categories": READ_CATALOGUE,
        "products": READ_CATALOGUE,
        "product": READ_CATALOGUE,
        "exchangeOffers": READ_CATALOGUE,
        "stockMovements": READ_CATALOGUE,
        "priceHistory": READ_CATALOGUE,
        "lowStock": READ_CATALOGUE,
        "suggestExchangeOffers": READ_CATALOGUE,
        "goodsToClear": READ_REPORTS,
        "offerReport": READ_REPORTS,
        "members": READ_MEMBERS,
        "member": READ_MEMBERS,
        "orders": READ_ORDERS,
        "order": READ_ORDERS,
        "returns": READ_ORDERS,
        "programVersions": READ_REPORTS,
        "pointsLiability": READ_REPORTS,
        "tierDistribution": READ_REPORTS,
        "outbox": READ_ORDERS,
        "troubles": READ_ORDERS,
        "auditLog": GOVERN,
        "staffMembers": GOVERN,
        "staffSessions": GOVERN,
    },
    "Mutation": {
        "signInStaff": Open(),
        "refreshStaffSession": Open(),
        "signOutStaff": SignedIn(),
        "saveCategory": WRITE_CATALOGUE,
        "saveProduct": WRITE_CATALOGUE,
        "uploadProductImage": WRITE_CATALOGUE,
        "arrangeProductImages": WRITE_CATALOGUE,
        "planSpecialPrice": WRITE_CATALOGUE,
        "endSpecialPrice": WRITE_CATALOGUE,
        "adjustStock": WRITE_CATALOGUE,
        "saveExchangeOffer": WRITE_CATALOGUE,
        "endExchangeOffer": WRITE_CATALOGUE,
        "importCatalog": WRITE_CATALOGUE,
        "issueGiftCard": SERVE_MEMBERS,
        "registerMember": SERVE_MEMBERS,
        "adjustPoints": SERVE_MEMBERS,
        "setTier": SERVE_MEMBERS,
        "recordCashPayment": FULFIL_ORDERS,
        "shipOrder": FULFIL_ORDERS,
        "openReturn": SERVE_MEMBERS,
        "rejectReturn": SERVE_MEMBERS,
        "receiveReturn": FULFIL_ORDERS,
        "retryRefund": FULFIL_ORDERS,
        "recordRefundPaidOut": FULFIL_ORDERS,
        "sendAgain": FULFIL_ORDERS,
        "publishProgram": GOVERN,
        "advanceTestClock": GOVERN,
        "createStaff": GOVERN,
        "setStaffRole": GOVERN,
        "deactivateStaff": GOVERN,
        "reactivateStaff": GOVERN,
        "endStaffSessions": GOVERN,
        # One's own second factor; that of others only with GOVERN, which the mutation looks at itself.
        "beginTotp": SignedIn(),
        "confirmTotp": SignedIn(),
        "removeTotp": SignedIn(),
    },
    # An order leads to its member. Whoever may see orders but not members learns who it is, and no more.
    "Member": {
        "nickname": HiddenWithout(Permission.READ_CONTACTS, instead="", on_an_order=True),
        "phone": HiddenWithout(Permission.READ_CONTACTS),
        "joinedAt": READ_MEMBERS,
        "leftAt": READ_MEMBERS,
        "mergedInto": READ_MEMBERS,
        "tierCode": READ_MEMBERS,
        "tierReviewAt": READ_MEMBERS,
        "qualifyingSpend": READ_MEMBERS,
        "pointsAvailable": READ_MEMBERS,
        "pointsPending": READ_MEMBERS,
        "pointsHeld": READ_MEMBERS,
        "pointsExpiresAt": READ_MEMBERS,
        "expiryWaitsForOrders": READ_MEMBERS,
        "pointsEntries": READ_MEMBERS,
        "tierHistory": READ_MEMBERS,
        "orders": READ_MEMBERS,
    },
    "Order": {
        "address": HiddenWithout(Permission.READ_CONTACTS),
    },
}

NODES: Mapping[str, Permission] = {
    "cat": Permission.READ_CATALOGUE,
    "prd": Permission.READ_CATALOGUE,
    "var": Permission.READ_CATALOGUE,
    "spp": Permission.READ_CATALOGUE,
    "off": Permission.READ_CATALOGUE,
    "mem": Permission.READ_MEMBERS,
    "ent": Permission.READ_MEMBERS,
    "ord": Permission.READ_ORDERS,
    "oln": Permission.READ_ORDERS,
    "pay": Permission.READ_ORDERS,
    "ret": Permission.READ_ORDERS,
    "rfd": Permission.READ_ORDERS,
    "out": Permission.READ_ORDERS,
    "prg": Permission.READ_REPORTS,
    "aud": Permission.GOVERN,
    # Everybody may read their own.
    "stf": Permission.GOVERN,
}
