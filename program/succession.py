"""Which program may follow which: no member, product or order is left without what it stands on (R15)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kernel.refusals import Refusal, invalid
from program.config import Program, Programs, ProgramVersion


def check_succession(
    programs: Programs,
    program: Program,
    start: datetime,
    now: datetime,
    tiers_in_use: Collection[str],
    *,
    orders_exist: bool,
) -> list[Refusal]:
    """What speaks against a program that is to be in force from `start` on, among those published at `now`.

    A tier counts as in use, too, where a member may reach it before the start: one of a version in force until
    then. Versions that are planned for later must go with the new one in the same way.
    """
    found: list[Refusal] = []
    current = programs.at(now).program
    before = _in_force_between(programs, now, start)
    reachable = {tier.code for version in before for tier in version.program.tiers} if start > now else set[str]()
    for code in sorted({*tiers_in_use, *reachable}):
        if not program.has_tier(code):
            found.append(invalid(("document", "tiers", "levels"), "tier_in_use", tier=code))
    planned = [version for version in _to_come_into_force(programs) if version.effective_at > start]
    for version in planned:
        for tier in program.tiers:
            if not version.program.has_tier(tier.code):
                facts = {"tier": tier.code, "version": version.version}
                found.append(invalid(("document", "tiers", "levels"), "planned_version_lacks_tier", **facts))
    # Orders may be placed before a version that only begins later, this one or one that follows it.
    if orders_exist or start > now or planned:
        for name, new, fixed in (
            ("currency", program.currency, current.currency),
            ("timezone", program.zone, current.zone),
        ):
            if new != fixed:
                reason = "fixed_by_orders" if orders_exist else "fixed_by_orders_to_come"
                found.append(invalid(("document", name), reason, value=fixed))
    return found


def check_history(programs: Programs, program: Program, since: datetime) -> list[Refusal]:
    """What speaks against bringing in orders of a past that `program` was made for, from an instant on (R14).

    They are in its currency, so each version in force from then on has to be in it, too. And members may reach any
    tier on the way: what one version has, those after it have as well.
    """
    found: list[Refusal] = []
    reachable: dict[str, None] = {}
    later = (version for version in _to_come_into_force(programs) if version.effective_at > since)
    for version in (programs.at(since), *later):
        own = version.program
        for code in reachable:
            if not own.has_tier(code):
                facts = {"tier": code, "version": version.version}
                found.append(invalid(("tiers", "levels"), "later_version_lacks_tier", **facts))
        reachable.update(dict.fromkeys(tier.code for tier in own.tiers))
        if own.currency != program.currency:
            facts = {"value": own.currency, "version": version.version}
            found.append(invalid(("currency",), "later_version_differs", **facts))
        if own.zone != program.zone:
            facts = {"value": own.zone, "version": version.version}
            found.append(invalid(("timezone",), "later_version_differs", **facts))
    return found


def _in_force_between(programs: Programs, now: datetime, start: datetime) -> list[ProgramVersion]:
    later = (version for version in _to_come_into_force(programs) if now < version.effective_at < start)
    return [programs.at(now), *later]


def _to_come_into_force(programs: Programs) -> list[ProgramVersion]:
    """Without the plans that were replaced: of two that start together, only the later published is ever in force."""
    return list({version.effective_at: version for version in programs.versions}.values())
