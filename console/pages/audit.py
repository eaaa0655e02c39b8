"""The audit log: who changed what, when, and what it was before."""

from __future__ import annotations

from starlette.responses import Response

from console.audit_names import subjects_of
from console.audit_view import Deed, deeds
from console.desk import Desk, page
from console.texts import TEXTS
from console.visit import Visit
from kernel.paging import Page
from schema.admin.lists import AUDIT
from schema.context import Reading
from staff.accounts import everybody
from staff.audit import AuditFilter, AuditRecord, audit_count, audit_page

KINDS = [key.removeprefix("aud_of_") for key in TEXTS if key.startswith("aud_of_") and key != "aud_of_other"]
ACTIONS = [key.removeprefix("aud_do_") for key in TEXTS if key.startswith("aud_do_")]


class AuditDesk(Desk):
    path = "/audit"
    label = "nav_audit"
    icon = "fa-clock-rotate-left"
    sees = "auditLog"

    @page("", "auditLog")
    async def show(self, visit: Visit) -> Response:
        asked = {name: visit.asked(name) for name in ("search", "kind", "action", "actor")}
        window = visit.window(AUDIT)

        def look(reading: Reading) -> tuple[Page[AuditRecord], list[Deed], int, list[str]]:
            conn = reading.conn
            narrowed = AuditFilter(
                subject_ids=subjects_of(reading, asked["search"], visit.locale) if asked["search"] else None,
                kind=asked["kind"] or None,
                action=asked["action"] or None,
                actor=asked["actor"] or None,
            )
            found = audit_page(conn, window, narrowed=narrowed)
            people = [account.email for account in everybody(conn)]
            return found, deeds(reading, found.items, visit), audit_count(conn, narrowed=narrowed), people

        found, shown, count, people = await visit.context.read(look)
        return visit.page(
            "audit.html",
            title=visit.t("nav_audit"),
            deeds=shown,
            count=count,
            asked=asked,
            people=people,
            kinds=KINDS,
            actions=ACTIONS,
            pages=visit.pager(found, AUDIT),
        )
