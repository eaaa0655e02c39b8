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
from program.succession import check_history
from program.versions import add_version, begin_first_version, hold_versions, read_versions

IMPORT_HISTORY = "import-history"
"""Who stands behind all that an import writes."""


def publish_for_history(
    tx: Transaction, document: Mapping[str, Any], first_day: datetime, since: datetime | None, now: datetime
) -> None:
    """Puts a program in force from the first day on, unless it is in force there already.

    The one case in which a version begins in the past. `since`: when the first order or return was made that is not
    here yet; None where all are. Runs inside the caller's transaction.

    Raises:
        Refused: the document is wrong or lacks a tier that members have or goods ask for, the shop has orders under
            another program, or versions that are in force later do not go with the history (R15).
    """
    program = read_document(document)
    hold_versions(tx)
    programs = read_versions(tx)
    refusals = Refusals()
    if programs.versions[0].effective_at > first_day or programs.at(first_day).program != program:
        if any_order(tx):
            refusals.add(invalid(("program",), "history_needs_program"))
        for code in sorted(tiers_in_use(tx) | required_tiers(tx)):
            if not program.has_tier(code):
                refusals.add(invalid(("program", "tiers", "levels"), "tier_in_use", tier=code))
        begin_first_version(tx, first_day)
        if read_versions(tx).at(first_day).program != program:
            add_version(tx, document, program, first_day, now, IMPORT_HISTORY)
    if since is not None:
        against = check_history(read_versions(tx), program, since)
        refusals.extend([refusal.under("program") for refusal in against])
    refusals.raise_any()
