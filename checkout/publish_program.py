"""Publishes a new version of the program, with what members and orders demand of it (R15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.required_tiers import required_tiers
from checkout.orders import any_order
from checkout.shop import Shop
from checkout.timeline import bring_everyone_up_to_date
from kernel.clock import utc
from members.tiers.queries import tiers_in_use
from program.versions import publish
from staff import audit


def publish_program(shop: Shop, document: Mapping[str, Any], effective_at: datetime | None, actor: str) -> int:
    """Owns its transactions. Returns the new version's number. Absent `effective_at`: from now on.

    What is due by now happens first, under the versions there are, whoever would have noticed it later (R11):
    it decides which tiers have members, and a settlement at this very instant is not the new version's.

    Raises:
        Refused: with a path into the document for whatever is wrong with it.
    """
    bring_everyone_up_to_date(shop)
    now = shop.clock.now()
    with shop.db.write() as tx:
        version = publish(
            tx,
            document,
            effective_at=None if effective_at is None else utc(effective_at),
            now=now,
            published_by=actor,
            tiers_in_use=tiers_in_use(tx) | required_tiers(tx),
            orders_exist=any_order(tx),
        )
        audit.record(
            tx,
            at=now,
            actor=actor,
            action="publishProgram",
            subject_id=version.id,
            after={"version": version.version, "effectiveAt": version.effective_at.isoformat()},
        )
    return version.version
