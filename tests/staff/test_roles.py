"""Who may do what is the contract's table."""

from __future__ import annotations

import pytest

from staff.roles import PERMISSIONS, Permission, may
from staff.tables import Role

ADMIN, MERCHANDISER, FULFILMENT, SERVICE, ANALYST = Role
TABLE = {
    Permission.READ_CATALOGUE: {ADMIN, MERCHANDISER, FULFILMENT, SERVICE, ANALYST},
    Permission.WRITE_CATALOGUE: {ADMIN, MERCHANDISER},
    Permission.READ_ORDERS: {ADMIN, FULFILMENT, SERVICE, ANALYST},
    Permission.FULFIL_ORDERS: {ADMIN, FULFILMENT},
    Permission.SERVE_MEMBERS: {ADMIN, SERVICE},
    Permission.READ_MEMBERS: {ADMIN, SERVICE, ANALYST},
    Permission.READ_CONTACTS: {ADMIN, FULFILMENT, SERVICE},
    Permission.READ_REPORTS: {ADMIN, MERCHANDISER, ANALYST},
    Permission.GOVERN: {ADMIN},
}


@pytest.mark.parametrize("permission", Permission)
def test_a_permission_belongs_to_the_roles_of_the_contract(permission):
    assert {role for role in Role if may(role, permission)} == TABLE[permission]


def test_every_role_is_in_the_table():
    assert set(PERMISSIONS) == set(Role)
