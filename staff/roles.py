"""Who may do what: one table, by the contract's. `schema/admin/permissions.py` says what each field needs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from staff.tables import Role


class Permission(StrEnum):
    READ_CATALOGUE = "READ_CATALOGUE"
    WRITE_CATALOGUE = "WRITE_CATALOGUE"
    READ_ORDERS = "READ_ORDERS"
    # Cash payments, shipping, receiving returns.
    FULFIL_ORDERS = "FULFIL_ORDERS"
    # Opening and rejecting returns; gift cards, members, points, tiers.
    SERVE_MEMBERS = "SERVE_MEMBERS"
    READ_MEMBERS = "READ_MEMBERS"
    # Names, phones and addresses of members.
    READ_CONTACTS = "READ_CONTACTS"
    # Liability, tier distribution, program versions.
    READ_REPORTS = "READ_REPORTS"
    # Publishing a program, staff, audit log, test clock.
    GOVERN = "GOVERN"


_ALL = frozenset(Permission)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: _ALL,
    Role.MERCHANDISER: frozenset({Permission.READ_CATALOGUE, Permission.WRITE_CATALOGUE, Permission.READ_REPORTS}),
    Role.FULFILMENT: frozenset(
        {
            Permission.READ_CATALOGUE,
            Permission.READ_ORDERS,
            Permission.FULFIL_ORDERS,
            Permission.READ_CONTACTS,
        }
    ),
    Role.SERVICE: frozenset(
        {
            Permission.READ_CATALOGUE,
            Permission.READ_ORDERS,
            Permission.SERVE_MEMBERS,
            Permission.READ_MEMBERS,
            Permission.READ_CONTACTS,
        }
    ),
    Role.ANALYST: frozenset(
        {
            Permission.READ_CATALOGUE,
            Permission.READ_ORDERS,
            Permission.READ_MEMBERS,
            Permission.READ_REPORTS,
        }
    ),
}


def may(role: str, permission: Permission) -> bool:
    """Whether a role includes a permission."""
    return permission in PERMISSIONS[Role(role)]
