"""The order desk's list: found by number, phone or name, narrowed by state and days."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from checkout.finding import Found, OrderSearch, find_orders
from checkout.queries import OrderRecord, payments_of_orders
from checkout.tables import OrderStatus
from console.desk import Desk, page
from console.forms import day_of
from console.order_deeds import OrderDeeds
from console.people import People
from console.visit import Visit
from kernel.clock import start_of_day
from members.profile import members_by_id
from schema.admin.lists import BY_PLACED_AT
from schema.context import Reading
from staff.roles import Permission


class OrdersDesk(OrderDeeds, Desk):
    path = "/orders"
    label = "nav_orders"
    icon = "fa-box"
    sees = "orders"

    @page("", "orders")
    async def show(self, visit: Visit) -> Response:
        search = _search(visit)
        window = visit.window(BY_PLACED_AT)

        def look(reading: Reading) -> tuple[Found[OrderRecord], People]:
            found = find_orders(reading.conn, window, search)
            orders = found.page.items
            members = members_by_id(reading.conn, [order.member_id for order in orders])
            payments = payments_of_orders(reading.conn, [order.id for order in orders])
            return found, People(visit, members, payments)

        found, people = await visit.read(look)
        if found.count == 1 and search.text and found.page.items:
            # Whoever types a number wants the order, not a list with one row.
            return visit.go(f"/orders/{found.page.items[0].number}")
        return visit.page(
            "orders.html",
            title=visit.t("nav_orders"),
            orders=found.page.items,
            found=found,
            everywhere=visit.same_page(everywhere="yes", after=None, before=None) if found.exact else None,
            people=people,
            pages=visit.pager(found.page, BY_PLACED_AT),
            statuses=list(OrderStatus),
            asked={name: visit.asked(name) for name in ("search", "status", "from", "to")},
            contacts=search.by_contact,
        )


def _search(visit: Visit) -> OrderSearch:
    status, first, last = visit.asked("status"), day_of(visit.asked("from")), day_of(visit.asked("to"))
    return OrderSearch(
        text=visit.asked("search"),
        status=status if status in OrderStatus.__members__ else None,
        placed_from=start_of_day(first, visit.zone) if first else None,
        placed_before=start_of_day(last + timedelta(days=1), visit.zone) if last else None,
        by_contact=visit.allowed(Permission.READ_CONTACTS),
        everywhere=visit.asked("everywhere") == "yes",
    )
