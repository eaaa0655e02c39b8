"""Who did something to an order or a return, and when: from the audit log, for whoever works on orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from console.visit import Visit
from staff.audit import AuditRecord, audit_of
from staff.roles import Permission


@dataclass(frozen=True)
class Deeds:
    """What staff did to some subjects, oldest first."""

    entries: Sequence[AuditRecord]

    def the(self, subject_id: str, action: str) -> AuditRecord | None:
        """The last deed of this kind."""
        found = [each for each in self.entries if (each.subject_id, each.action) == (subject_id, action)]
        return found[-1] if found else None

    def of_refund(self, refund_id: str, action: str) -> AuditRecord | None:
        """What was done about a refund is noted of its return or order."""
        found = [
            each for each in self.entries if each.action == action and (each.after or {}).get("refund") == refund_id
        ]
        return found[-1] if found else None


def read_deeds(conn: Connection, subject_ids: Sequence[str]) -> Deeds:
    return Deeds(audit_of(conn, subject_ids))


def who(visit: Visit, actor: str | None) -> str:
    """Who did it. Whoever only reads orders sees what was done, and not by whom."""
    works = visit.allowed(Permission.FULFIL_ORDERS) or visit.allowed(Permission.SERVE_MEMBERS)
    return actor if actor and works else ""


def who_did(visit: Visit, deed: AuditRecord | None) -> str:
    return who(visit, deed.actor if deed else None)
