"""The program that a history runs under: published as of its first day (R14, R15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from checkout.orders import orders_t
from kernel.database import Transaction
from kernel.refusals import Refusals, invalid
from members.tiers.queries import tiers_in_use
from program.document import read_document
from program.versions import add_version, begin_first_version, read_versions

PUBLISHED_BY = "import-history"


def publish_for_history(tx: Transaction, document: Mapping[str, Any], first_day: datetime, now: datetime) -> None:
    """Puts a program in force from the first day on, unless it is in force there already.

    The one case in which a version begins in the past. Runs inside the caller's transaction.

    Raises:
        Refused: the document is wrong or lacks a tier in use, or the shop has orders under another program.
    """
    program = read_document(document)
    programs = read_versions(tx)
    if programs.at(first_day).program == program and programs.versions[0].effective_at <= first_day:
        return
    refusals = Refusals()
    if tx.execute(select(exists().select_from(orders_t))).scalar():
        refusals.add(invalid(("program",), "history_needs_program"))
    for code in sorted(tiers_in_use(tx)):
        if not program.has_tier(code):
            refusals.add(invalid(("program", "tiers", "levels"), "tier_in_use", tier=code))
    refusals.raise_any()
    begin_first_version(tx, first_day)
    if programs.versions[0].program != program:
        add_version(tx, document, program, first_day, now, PUBLISHED_BY)
