"""Whatever two accounts have been through, joining them loses nothing, and the ledger adds up before and after (R9)."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from checkout.points import points_liability
from checkout.queries import order_page
from members.openids import give_openid, give_phone
from tests.properties.history import EVERYTHING, Story, histories, replayed
from tests.properties.test_histories import FEW, SLOW, story
from tests.support.joining import OPENID, PHONE, bind


def _nothing() -> None:
    pass


def _all_that_two_have(played: Story, members: list[str]) -> dict[str, Any]:
    """Sums over both accounts, by which it must not matter in which of them something is."""
    shop = played.shop
    accounts = [shop.account(member) for member in members]
    pending = [shop.pending(member) for member in members]
    with played.db.read() as conn:
        orders = [o for member in members for o in order_page(conn, EVERYTHING, member_id=member).items]
        whole = points_liability(conn)
    return {
        "available": sum(account.balance for account in accounts),
        "pending": sum(each.pending_points for each in pending),
        "held": sum(each.held_points for each in pending),
        "spend": sum(account.qualifying_spend for account in accounts),
        "tier": max(shop.program.tier(account.tier_code).rank for account in accounts if account.closed_at is None),
        "cards": sorted(card for member in members for card in shop.gift_cards(member)),
        "orders": sorted((o.id, o.status, o.points_to_earn, o.settles_at) for o in orders),
        "whole": whole,
    }


@settings(max_examples=FEW * 2, suppress_health_check=SLOW)
@given(histories, histories)
def test_joining_loses_nothing_and_the_ledger_adds_up_ever_after(sqlite_databases, before, after):
    with story(sqlite_databases) as played:
        ana, bo = played.members[:2]
        with played.db.write() as tx:
            give_phone(tx, ana, PHONE)
            give_openid(tx, bo, OPENID)
        played.play(before, before=_nothing, after=_nothing, wait=False)
        had = _all_that_two_have(played, [ana, bo])
        lived_until = [played.shop.account(member).expires_at for member in (ana, bo)]
        assert bind(played.shop, bo) == ana
        replayed(played)
        assert _all_that_two_have(played, [ana, bo]) == had
        assert played.shop.account(bo).balance == 0
        expiry = played.shop.account(ana).expires_at
        assert all(each is None or (expiry is not None and each <= expiry) for each in lived_until)
        closed = len(played.shop.entries(bo))
        # Nobody is the other member any more; what is done in their name is done for nobody.
        played.shop.addresses[bo] = played.shop.addresses[ana]
        played.play(after, before=_nothing, after=lambda: replayed(played), wait=False)
        assert len(played.shop.entries(bo)) == closed
