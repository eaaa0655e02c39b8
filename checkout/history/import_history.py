"""Imports a shop's past: every document at its own instant, through the real rules (R14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from checkout.due import advance
from checkout.history.program_of_history import publish_for_history
from checkout.history.replay import Past, find_purchases, in_order, replay, without_purchase
from checkout.history.report import HistoryReport, KeptAs
from checkout.history.rows import Columns, Document, History, HistoryFileError, read_history
from checkout.history.store import first_new, joined_accounts, last_moved, load_past, numbers_here, write_pasts
from checkout.shop import Shop
from checkout.standing import Standing
from checkout.timeline import bring_everyone_up_to_date
from kernel.clock import start_of_day
from kernel.database import Transaction, among
from kernel.test_clock import DatabaseClock, TimeGoesBack, move
from members.book import open_book
from members.ledger.queries import sums_by_kind
from members.register import members_t, register
from members.tiers.queries import tier_distribution
from program.config import Program, Programs
from program.document import read_document

BATCH = 50

Progress = Callable[[int, int], None]
"""Told how many members are done, of how many."""


def import_history(
    shop: Shop,
    source: Path,
    *,
    document: Mapping[str, Any],
    not_goods: frozenset[str],
    until: datetime,
    columns: Columns,
    progress: Progress,
) -> HistoryReport:
    """Owns its transactions: one for the program, one for each batch of members. The same file again changes nothing.

    `until`: the instant up to which everything due has happened in the end; documents after it are left out. A test
    clock stands there afterwards, unless it stands later already.

    Raises:
        HistoryFileError: the file cannot be read, or nothing in it counts.
        Refused: the program's document is wrong, or the shop cannot take it.
    """
    program = read_document(document)
    history = read_history(source, program, columns, not_goods, until)
    if not history.documents:
        raise HistoryFileError(f"{source.name} has no row that counts")
    with shop.db.write() as tx:
        _find_accounts(tx, history)
        since = first_new(tx, history.documents)
        publish_for_history(tx, document, _first_day(program, history), since, shop.clock.now())
        # A version's start may have moved, which the shop's own shelf does not look at.
        programs = shop.shelf.reload(tx)
    report = HistoryReport(rows=history.rows, left_out=history.left_out)
    _import_members(shop, programs, history, until, report, progress)
    _move_test_clock(shop, until)
    with shop.db.read() as conn:
        members = tier_distribution(conn)
        report.members_by_tier = {tier.code: members.get(tier.code, 0) for tier in program.tiers}
        report.points = sums_by_kind(conn)
    return report


def _move_test_clock(shop: Shop, to: datetime) -> None:
    """Lets time go on, and with it happen what is due for members of whom the file tells nothing (R11)."""
    if not isinstance(shop.clock, DatabaseClock):
        return
    try:
        with shop.db.write() as tx:
            move(tx, to)
    except TimeGoesBack:
        return
    bring_everyone_up_to_date(shop)


def _find_accounts(tx: Transaction, history: History) -> None:
    """Documents are booked where the account is by now: with the one that it has been joined to."""
    joined = joined_accounts(tx, sorted({document.member for document in history.documents}))
    for document in history.documents:
        document.account = joined.get(document.member, document.member)


def _first_day(program: Program, history: History) -> datetime:
    first = min(document.at for document in history.documents)
    return start_of_day(first.astimezone(program.zone).date(), program.zone)


def _import_members(
    shop: Shop, programs: Programs, history: History, until: datetime, report: HistoryReport, progress: Progress
) -> None:
    """Members do not touch each other's accounts, so each plays alone, from first to last."""
    by_member: defaultdict[str, list[Document]] = defaultdict(list)
    for document in history.documents:
        by_member[document.account].append(document)
    done = 0
    for batch in _batches(sorted(by_member), BATCH):
        with shop.db.write() as tx:
            _import_batch(tx, programs, {number: by_member[number] for number in batch}, until, report)
        done += len(batch)
        progress(done, len(by_member))


def _import_batch(
    tx: Transaction,
    programs: Programs,
    by_member: Mapping[str, Sequence[Document]],
    until: datetime,
    report: HistoryReport,
) -> None:
    known = _known_members(tx, list(by_member))
    here = numbers_here(tx, [name for documents in by_member.values() for each in documents for name in each.names()])
    taken = set(here)
    pasts: list[Past] = []
    for number, documents in by_member.items():
        if number in known:
            past, fresh = _known_past(tx, load_past(tx, known[number]), in_order(documents), here, report)
        else:
            past, fresh = _new_past(tx, programs, number, in_order(documents), report)
        for document in fresh:
            document.shared = document.kept_as() in taken
            taken.add(document.kept_as())
            _play(past, programs, document, report)
        advance(past.standing, programs, until)
        pasts.append(past)
        report.no_purchase.extend(past.no_purchase)
        report.orders += sum(order.is_new for order in past.orders)
        report.returns += len(past.returns)
    write_pasts(tx, pasts)


def _play(past: Past, programs: Programs, document: Document, report: HistoryReport) -> None:
    """Plays a document that is new, and tells where it is called otherwise here."""
    before = len(past.orders) + len(past.returns)
    replay(past, programs, document)
    report.return_documents += document.is_return
    if document.kept_as() != document.number and len(past.orders) + len(past.returns) > before:
        report.renamed.append(KeptAs(document.number, document.member, document.kept_as()))


def _known_members(tx: Transaction, numbers: Sequence[str]) -> dict[str, str]:
    rows = tx.execute(select(members_t.c.number, members_t.c.id).where(among(members_t.c.number, numbers)))
    return dict(rows.all())


def _new_past(
    tx: Transaction, programs: Programs, number: str, documents: list[Document], report: HistoryReport
) -> tuple[Past, list[Document]]:
    joined = documents[0].at
    member_id = register(tx, None, "", program=programs.at(joined).program, now=joined, number=number)
    book = open_book(tx, member_id)
    assert book is not None
    report.members += 1
    return Past(Standing(book)), documents


def _known_past(
    tx: Transaction, past: Past, documents: list[Document], here: Mapping[str, str | None], report: HistoryReport
) -> tuple[Past, list[Document]]:
    """A member who is here already: documents that are new, and come after all that has happened, are played.

    `here`: whose documents have which numbers. Nothing is booked for a member who has left.
    """
    account = past.standing.book.account
    moved = last_moved(tx, account.member_id)
    fresh: list[Document] = []
    late: list[Document] = []
    for document in documents:
        if any(here.get(name) == account.member_id for name in document.names()):
            report.known_documents += 1
        elif account.closed_at is not None:
            report.closed_documents.append(document.number)
        elif moved is None or document.at > moved:
            fresh.append(document)
        else:
            late.append(document)
    _tell_late(past, late, report)
    return past, fresh


def _tell_late(past: Past, late: Sequence[Document], report: HistoryReport) -> None:
    """A return came too late if it has a purchase, here or among those that came too late; else it has none."""
    bought: set[str] = set()
    for document in late:
        skus = {line.sku for line in document.lines.values()}
        if not document.is_return:
            bought |= skus
            report.late_documents.append(document.number)
            continue
        taken, left = find_purchases(past, document)
        missing = {sku: quantity for sku, quantity in left.items() if sku not in bought}
        past.no_purchase.extend(without_purchase(document, missing))
        if taken or missing.keys() < left.keys():
            report.late_documents.append(document.number)


def _batches(numbers: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
