"""How members show in lists and on orders: to whom which of their names and phones (schema/admin/permissions.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checkout.queries import OrderRecord, PaymentRecord
from console.visit import Visit
from members.phones import masked
from members.profile import MemberRecord
from staff.roles import Permission


@dataclass(frozen=True)
class People:
    """The members of a list of orders, and how each order is paid."""

    visit: Visit
    members: Mapping[str, MemberRecord]
    payments: Mapping[str, PaymentRecord]

    def name(self, member_id: str) -> str:
        """A nickname, where the viewer may see it; the member's number otherwise."""
        return shown_name(self.visit, self.members[member_id])

    def number(self, member_id: str) -> str:
        return self.members[member_id].number

    def receiver(self, order: OrderRecord) -> str:
        """Who receives an order, the phone masked as in every list."""
        if not order.address or not self.visit.allowed(Permission.READ_CONTACTS):
            return ""
        return f"{order.address['recipient']} {masked(order.address['phone'])}"


def shown_name(visit: Visit, member: MemberRecord) -> str:
    # Whoever may read members sees their nicknames; on an order, contacts are needed for that.
    return (member.nickname if visit.allowed(Permission.READ_CONTACTS) else "") or member.number
