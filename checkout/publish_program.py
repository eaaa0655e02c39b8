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
from program.config import Program
from program.versions import check_publication, publish
from staff import audit


def publish_program(
    shop: Shop,
    document: Mapping[str, Any],
    effective_at: datetime | None,
    actor: str,
    *,
    follows: int | None = None,
) -> int:
    """Owns its transactions. Returns the new version's number. Absent `effective_at`: from now on.

    `follows`: the newest version that `actor` has seen. What is due by now happens first, under the versions there
    are, whoever would have noticed it later (R11): it decides which tiers have members, and a settlement at this
    very instant is not the new version's.

    Raises:
        Refused: with a path into the document for whatever is wrong with it; or `follows` is not the newest.
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
            follows=follows,
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


def preview_program(shop: Shop, document: Mapping[str, Any], effective_at: datetime | None) -> Program:
    """The program that would be published. Nothing is written.

    Raises:
        Refused: as `publish_program`.
    """
    bring_everyone_up_to_date(shop)
    with shop.db.read() as conn:
        return check_publication(
            conn,
            document,
            effective_at=None if effective_at is None else utc(effective_at),
            now=shop.clock.now(),
            tiers_in_use=tiers_in_use(conn) | required_tiers(conn),
            orders_exist=any_order(conn),
        )
