"""The program that a history runs under: published as of its first day (R14, R15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.required_tiers import required_tiers
from checkout.orders import any_order
from kernel.database import Transaction
from kernel.refusals import Refusals, invalid
from members.tiers.queries import tiers_in_use
from program.document import read_document
from program.versions import add_version, begin_first_version, hold_versions, read_versions

IMPORT_HISTORY = "import-history"
"""Who stands behind all that an import writes."""


def publish_for_history(tx: Transaction, document: Mapping[str, Any], first_day: datetime, now: datetime) -> None:
    """Puts a program in force from the first day on, unless it is in force there already.

    The one case in which a version begins in the past. Runs inside the caller's transaction.

    Raises:
        Refused: the document is wrong or lacks a tier that members have or goods ask for, or the shop has orders
            under another program.
    """
    program = read_document(document)
    hold_versions(tx)
    programs = read_versions(tx)
    if programs.at(first_day).program == program and programs.versions[0].effective_at <= first_day:
        return
    refusals = Refusals()
    if any_order(tx):
        refusals.add(invalid(("program",), "history_needs_program"))
    for code in sorted(tiers_in_use(tx) | required_tiers(tx)):
        if not program.has_tier(code):
            refusals.add(invalid(("program", "tiers", "levels"), "tier_in_use", tier=code))
    refusals.raise_any()
    begin_first_version(tx, first_day)
    if programs.versions[0].program != program:
        add_version(tx, document, program, first_day, now, IMPORT_HISTORY)
