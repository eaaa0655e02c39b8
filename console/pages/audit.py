"""The audit log: who changed what, when, and what it was before."""

from __future__ import annotations

from starlette.responses import Response

from console.audit_view import Deed, deeds, subject_of
from console.desk import Desk, page
from console.visit import Visit
from kernel.paging import Page
from schema.admin.lists import AUDIT
from schema.context import Reading
from staff.accounts import everybody
from staff.audit import AuditRecord, audit_count, audit_page

NOTHING = "-"
"""No subject has this id."""


class AuditDesk(Desk):
    path = "/audit"
    label = "nav_audit"
    icon = "fa-clock-rotate-left"
    sees = "auditLog"

    @page("", "auditLog")
    async def show(self, visit: Visit) -> Response:
        asked = {name: visit.asked(name) for name in ("search", "actor")}
        window = visit.window(AUDIT)

        def look(reading: Reading) -> tuple[Page[AuditRecord], list[Deed], int, list[str]]:
            conn, actor = reading.conn, asked["actor"] or None
            subject = (subject_of(reading, asked["search"]) or NOTHING) if asked["search"] else None
            found = audit_page(conn, window, subject, actor)
            people = [account.email for account in everybody(conn)]
            return found, deeds(reading, found.items, visit), audit_count(conn, subject, actor), people

        found, shown, count, people = await visit.context.read(look)
        return visit.page(
            "audit.html",
            title=visit.t("nav_audit"),
            deeds=shown,
            count=count,
            asked=asked,
            people=people,
            pages=visit.pager(found, AUDIT),
        )
