"""The start page: what is to be done today, and how the shop is doing; to each role what it works with."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from starlette.responses import Response

from console.desk import EVERYBODY, Desk, page
from console.figures import AMBER, BLUE, RED, TEAL, Chart, Series, columns, curves
from console.people import People
from console.start_view import SHOWN, Report, Waiting, read_report, read_waiting
from console.trouble_view import TroubleView, read_troubles
from console.visit import Visit
from kernel.money import Money, minor_digits
from schema.context import Reading

SPANS = (30, 91, 364)
"""Whole weeks, but for the first."""

Value = TypeVar("Value")


class StartDesk(Desk):
    path = "/"
    label = "nav_start"
    icon = "fa-house"

    def __init__(self, tier_target: Sequence[Decimal] = ()) -> None:
        super().__init__()
        self._tier_target = tier_target

    @page("", EVERYBODY)
    async def show(self, visit: Visit) -> Response:
        # Whoever works on orders gets the work; whoever answers for the shop gets its figures.
        works = visit.may("receiveReturn") or visit.may("rejectReturn")
        reports = visit.may("pointsLiability")
        asked = visit.asked("days")
        span = int(asked) if asked.isdecimal() and int(asked) in SPANS else SPANS[0]

        def look(reading: Reading) -> tuple[Waiting | None, list[TroubleView], Report | None]:
            return (
                read_waiting(reading) if works else None,
                read_troubles(reading, visit.locale) if works else [],
                read_report(reading, span, self._tier_target, visit.locale) if reports else None,
            )

        waiting, trouble, report = await visit.read(look)
        return visit.page(
            "start.html",
            title=visit.t("nav_start"),
            waiting=waiting,
            trouble=trouble[:SHOWN],
            trouble_count=len(trouble),
            report=report,
            people=People(visit, waiting.members if waiting else {}, {}),
            charts=_charts(visit, report) if report else [],
            span=span,
            spans=[(days, _span_words(visit, days)) for days in SPANS],
            span_words=_span_words(visit, span),
            sold=_sold(report) if report else None,
            flows=_flows(report) if report else None,
        )


def _span_words(visit: Visit, days: int) -> str:
    return visit.t("last_days", n=days) if days == SPANS[0] else visit.t("last_weeks", n=days // 7)


def _sold(report: Report) -> tuple[Money, Money, int, int]:
    """Goods sold today and in all of the days, and how many orders each."""
    currency = report.worth.currency
    goods = sum(day.goods for day in report.sales)
    orders = sum(day.orders for day in report.sales)
    today = report.sales[-1]
    return Money(today.goods, currency), Money(goods, currency), today.orders, orders


def _flows(report: Report) -> tuple[int, int, int]:
    """Points issued, redeemed and expired in all of the days."""
    points = report.points
    return sum(d.issued for d in points), sum(d.redeemed for d in points), sum(d.expired for d in points)


def _charts(visit: Visit, report: Report) -> list[Chart]:
    t, f = visit.t, visit.formats
    currency = report.worth.currency
    # Over a long time single days are noise.
    size = 1 if len(report.days) <= SPANS[0] else 7
    each = t("each_day" if size == 1 else "each_week")
    sold, booked = _chunks(report.sales, size), _chunks(report.points, size)
    days = [chunk[0] for chunk in _chunks(report.days, size)]

    def flow(name: str) -> list[int]:
        return [sum(getattr(day, name) for day in chunk) for chunk in booked]

    goods = [sum(day.goods for day in chunk) for chunk in sold]
    sales = Series(t("sales"), goods, TEAL, lambda v: f.minor(v, currency), minor_digits(currency))
    flows = [
        Series(t("points_issued"), flow("issued"), TEAL, f.points),
        Series(t("points_redeemed"), flow("redeemed"), AMBER, f.points),
        Series(t("points_expired"), flow("expired"), RED, f.points),
    ]
    available = Series(t("points_available"), [chunk[-1].available for chunk in booked], BLUE, f.points)
    return [
        columns(visit, "chart-sales", t("chart_sales", currency=currency, each=each), days, [sales]),
        curves(visit, "chart-points", t("chart_points", each=each), days, flows),
        curves(visit, "chart-available", t("chart_available"), days, [available]),
    ]


def _chunks(values: Sequence[Value], size: int) -> list[Sequence[Value]]:
    """Parts of so many values, the last of them whole: what is left over comes first, and is left out."""
    first = len(values) % size
    return [values[at : at + size] for at in range(first, len(values), size)]
