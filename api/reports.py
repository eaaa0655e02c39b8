"""What imports have come to, line by line, for whoever ran them."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.imports.report import ImportReport, Problem, Tally
from checkout.history.report import HistoryReport
from schema.messages import REASONS, say

MOST_TOLD = 200


def catalog_lines(report: ImportReport) -> Iterator[str]:
    """The problems by line, then what was done."""
    yield from map(_problem, report.problems)
    if not report.done:
        yield "Nothing was imported. With --skip-broken, everything else would be."
        return
    for name, tally in (("products", report.products), ("variants", report.variants), ("pictures", report.pictures)):
        yield f"{name}: {_tally(tally)}"


def history_lines(report: HistoryReport) -> Iterator[str]:
    """All counts, and the returns that found no purchase."""
    yield f"rows read: {report.rows:,}"
    for reason, count in report.left_out.items():
        yield f"rows left out, {reason}: {count:,}"
    yield f"members: {report.members:,}"
    yield f"orders: {report.orders:,}"
    yield f"returns: {report.returns:,} from {report.return_documents:,} documents"
    if report.known_documents:
        yield f"documents known already: {report.known_documents:,}"
    yield from _some("document came too late", report.late_documents)
    units = sum(missing.quantity for missing in report.no_purchase)
    yield f"found no purchase: {len(report.no_purchase):,} lines, {units:,} units"
    yield from _some(
        "no purchase",
        [f"{lost.document}: member {lost.member}, {lost.sku} × {lost.quantity}" for lost in report.no_purchase],
    )
    for tier, count in report.members_by_tier.items():
        yield f"members in {tier}: {count:,}"
    for kind, points in report.points.items():
        yield f"points {kind}: {points:,}"


def _some(what: str, items: list[str]) -> Iterator[str]:
    for item in items[:MOST_TOLD]:
        yield f"{what}: {item}"
    if len(items) > MOST_TOLD:
        yield f"{what}: and {len(items) - MOST_TOLD:,} more"


def _problem(problem: Problem) -> str:
    place = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
    return f"{place}: {say(REASONS, problem.reason, 'en', **dict(problem.facts))}"


def _tally(tally: Tally) -> str:
    return f"{tally.added:,} added, {tally.changed:,} changed, {tally.unchanged:,} unchanged"
