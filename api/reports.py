"""What imports have come to, line by line, for whoever ran them."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.imports.report import Effect, ImportReport, Problem, Tally
from checkout.history.report import HistoryReport
from checkout.history.rows import LeftOut
from members.tables import EntryKind
from schema.messages import REASONS, say

SHOWN = 100
"""Changes of a dry run that are told one by one."""


def catalog_lines(report: ImportReport) -> Iterator[str]:
    """The problems by line, then what was done, or, of a dry run, what would be."""
    yield from map(_problem, report.problems)
    if report.dry_run:
        yield from _changes(report)
    elif not report.done:
        yield "Nothing was imported. With --skip-broken, everything else would be."
        return
    for name, tally in (("products", report.products), ("variants", report.variants), ("pictures", report.pictures)):
        yield f"{name}: {_tally(tally)}"
    more = (("categories", report.categories), ("special prices", report.specials), ("offers", report.offers))
    for name, tally in more:
        if tally.added or tally.changed or tally.unchanged:
            yield f"{name}: {_tally(tally)}"
    if report.dry_run:
        yield "This was a dry run: nothing has been changed."


def history_lines(report: HistoryReport) -> Iterator[str]:
    """What was not taken over, each by its document; then all counts, of this run and of the shop afterwards."""
    for lost in report.no_purchase:
        yield f"no purchase: {lost.document}: member {lost.member}, {lost.sku} × {lost.quantity}"
    for number in report.late_documents:
        yield f"came too late: {number}"
    for number in report.closed_documents:
        yield f"account is closed: {number}"
    for kept in report.renamed:
        yield f"kept under another number: {kept.document}: member {kept.member}, as {kept.name}"
    yield f"rows read: {report.rows:,}"
    for reason in LeftOut:
        yield f"rows left out, {reason}: {report.left_out[reason]:,}"
    yield f"documents known already: {report.known_documents:,}"
    yield f"documents that came too late: {len(report.late_documents):,}"
    yield f"documents of closed accounts: {len(report.closed_documents):,}"
    yield f"members: {report.members:,}"
    yield f"orders: {report.orders:,}"
    yield f"returns: {report.returns:,} from {report.return_documents:,} documents"
    units = sum(missing.quantity for missing in report.no_purchase)
    yield f"found no purchase: {len(report.no_purchase):,} lines, {units:,} units"
    for tier, count in report.members_by_tier.items():
        yield f"members in {tier}: {count:,}"
    for kind in (EntryKind.EARNED, EntryKind.REVERSED, EntryKind.EXPIRED):
        yield f"points {kind.lower()}: {abs(report.points.get(kind, 0)):,}"


def _problem(problem: Problem) -> str:
    place = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
    return f"{place}: {say(REASONS, problem.reason, 'en', **dict(problem.facts))}"


def _changes(report: ImportReport) -> Iterator[str]:
    """The first of them: whoever wants all of them has the console."""
    changes = [change for change in report.changes if change.effect is not Effect.UNCHANGED]
    for change in changes[:SHOWN]:
        what = change.subject.lower().replace("_", " ")
        fields = "; ".join(f"{each.field}: {_quoted(each.before)} → {_quoted(each.after)}" for each in change.fields)
        place = f"line {change.line}, " if change.line else ""
        yield f"{place}{change.effect.lower()} {what} {change.key}" + (f": {fields}" if fields else "")
    if len(changes) > SHOWN:
        yield f"… and {len(changes) - SHOWN:,} more"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:60]}…”" if len(line) > 60 else f"“{line}”"


def _tally(tally: Tally) -> str:
    return f"{tally.added:,} added, {tally.changed:,} changed, {tally.unchanged:,} unchanged"
