"""Somebody who came through the mini-program binds a phone that an account has already: both become one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from checkout.basket import BasketLine
from checkout.cart import cart_lines, set_cart_line
from checkout.joining.sign_in_with_wechat import sign_in_with_wechat
from kernel.database import Transaction
from kernel.refusals import InvalidInput, NotFound
from kernel.sessions import MEMBER_LIFETIME, open_session
from members.account import accounts_by_id
from members.addresses import SaveAddress, addresses_of, save_address
from members.gift_cards import add_gift_card, issue_gift_card
from members.openids import identity_of
from members.profile import ProfileChange, members_by_id, update_profile
from members.tiers.queries import tier_distribution
from members.viewer import authenticate_member
from members.wechat import Visitor
from staff.audit import audit_t
from tests.support.at_once import at_once, done, refusals
from tests.support.joining import OPENID, PHONE, bind, by_phone, by_wechat
from tests.support.shop import refused

OTHER_PHONE = "+8613900139000"


def record(shop, member):
    with shop.db.read() as conn:
        return members_by_id(conn, [member])[member]


def adjusted(shop, member):
    return [(e.points, e.source, e.note) for e in shop.entries(member) if e.source.startswith("merge:")]


def test_a_phone_that_nobody_has_is_simply_bound(shop):
    bo = by_wechat(shop)
    assert bind(shop, bo) == bo
    assert record(shop, bo).phone == PHONE
    assert bind(shop, bo) == bo
    with refused(InvalidInput) as told:
        bind(shop, bo, OTHER_PHONE)
    assert told.the(InvalidInput).reason == "has_another_phone"


def test_points_move_by_two_entries_that_name_the_merge(shop):
    ana, bo = by_phone(shop, points=300), by_wechat(shop)
    shop.adjust(bo, 500)
    assert bind(shop, bo) == ana
    out, in_ = adjusted(shop, bo)[0], adjusted(shop, ana)[0]
    assert (out[0], in_[0]) == (-500, 500)
    assert out[1] == in_[1]
    assert out[2] == f"accounts_joined:{record(shop, ana).number}"
    assert in_[2] == f"accounts_joined:{record(shop, bo).number}"
    assert (shop.points(ana), shop.points(bo)) == (800, 0)
    assert len(adjusted(shop, ana)) == len(adjusted(shop, bo)) == 1


def test_no_points_need_no_entries(shop):
    ana, bo = by_phone(shop, points=300), by_wechat(shop)
    bind(shop, bo)
    assert (shop.ledger(ana), shop.ledger(bo)) == ([("ADJUSTED", 300)], [])
    assert shop.expiry(ana) == "2027-01-02T00:00"


@pytest.mark.parametrize("first", ["phone", "wechat"])
def test_all_points_live_until_the_later_of_the_two_expiries(shop, first):
    ana = by_phone(shop)
    bo = by_wechat(shop)
    early, late = (ana, bo) if first == "phone" else (bo, ana)
    shop.adjust(early, 100)
    shop.at("2026-03-01T09:00")
    shop.adjust(late, 200)
    shop.at("2026-06-01T09:00")
    bind(shop, bo)
    assert (shop.points(ana), shop.expiry(ana)) == (300, "2027-03-02T00:00")


def test_points_that_come_to_an_empty_account_get_a_year_as_any_adjustment_gives_it(shop):
    ana, bo = by_phone(shop), by_wechat(shop)
    shop.adjust(bo, 100)
    shop.at("2026-06-01T09:00")
    bind(shop, bo)
    assert (shop.points(ana), shop.expiry(ana)) == (100, "2027-06-02T00:00")
    assert shop.entries(ana)[-1].expires_at_after == shop.account(ana).expires_at


def test_points_that_an_unpaid_order_holds_are_held_by_the_joined_account(shop):
    shop.stock("shirt", "199.00")
    shop.offer("shirt+", "shirt", "169.00", 300)
    ana, bo = by_phone(shop, points=50), by_wechat(shop)
    shop.adjust(bo, 400)
    order = shop.reserve(bo, {"shirt+": 1})
    bind(shop, bo)
    assert shop.ledger(bo) == [("ADJUSTED", 400), ("HELD", -300), ("RELEASED", 300), ("ADJUSTED", -400)]
    assert shop.ledger(ana) == [("ADJUSTED", 50), ("ADJUSTED", 400), ("HELD", -300)]
    assert (shop.points(ana), shop.pending(ana).held_points, shop.pending(bo).held_points) == (150, 300, 0)
    shop.cancel(order)
    assert shop.points(ana) == 450
    assert shop.ledger(ana)[-1] == ("RELEASED", 300)


def test_orders_of_both_settle_when_their_time_comes_and_in_the_order_they_were_placed(shop):
    shop.stock("gold", "1000.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    first = shop.buy(bo, {"gold": 1})
    second = shop.buy(ana, {"gold": 1})
    third = shop.buy(bo, {"gold": 1})
    for order in (third, second, first):
        shop.ship(order)
    bind(shop, bo)
    assert shop.account(bo).next_due_at is None
    assert [shop.order(order).member_id for order in (first, second, third)] == [ana] * 3
    shop.days_later(30)
    assert [e.order_id for e in shop.entries(ana)] == [first, second, third]
    assert (shop.points(ana), shop.tier(ana)) == (6_000, "VIP")
    another = shop.buy(ana, {"gold": 1})
    shop.days_later(1)
    assert shop.pending(ana).pending_points == 2_940
    shop.cancel(another)


def test_a_return_that_is_open_goes_along_and_is_finished_there(shop):
    shop.stock("shirt", "199.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    order = shop.sell(bo, {"shirt": 2})
    asked = shop.return_units(order, {"shirt": 1})
    bind(shop, bo)
    assert shop.returned(asked).member_id == ana
    assert shop.receive(asked).pending_points_reversed == 398
    shop.days_later(30)
    assert shop.points(ana) == 398


def test_a_purchase_in_time_still_saves_the_points_that_moved(shop):
    shop.stock("shirt", "199.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    shop.adjust(bo, 1_000)
    shop.at("2026-12-31T12:00")
    order = shop.buy(bo, {"shirt": 1})
    shop.at("2027-01-15T12:00")
    assert shop.points(bo) == 1_000
    bind(shop, bo)
    shop.days_later(400)
    # An adjustment gives a year to an account that held nothing, and the order goes on waiting beyond it.
    assert shop.points(ana) == 1_000
    shop.ship(order)
    shop.days_later(30)
    assert shop.points(ana) == 1_398


def test_the_better_tier_stays_with_its_validity_and_the_counters_add_up(shop):
    shop.stock("gold", "1000.00")
    shop.stock("shirt", "150.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    shop.sell_and_settle(ana, {"gold": 1})
    shop.sell_and_settle(bo, {"gold": 2})
    shop.sell_and_settle(bo, {"shirt": 1})
    assert (shop.tier(bo), shop.spend(bo), shop.spend(ana)) == ("VIP", "147.00", "1000.00")
    review = shop.review(bo)
    bind(shop, bo)
    assert (shop.tier(ana), shop.review(ana), shop.spend(ana)) == ("VIP", review, "1147.00")
    period = shop.tier_periods(ana)[-1]
    assert (period.tier_code, period.reason) == ("VIP", "MANUAL")
    assert period.note == f"accounts_joined:{record(shop, bo).number}"
    shop.sell_and_settle(ana, {"gold": 2})
    assert (shop.tier(ana), shop.spend(ana)) == ("SVIP", "0.00")


def test_a_counter_that_is_above_the_next_level_counts_at_the_next_settlement(shop):
    shop.stock("gold", "1900.00")
    shop.stock("sock", "10.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    shop.sell_and_settle(ana, {"gold": 1})
    shop.sell_and_settle(bo, {"gold": 1})
    bind(shop, bo)
    assert (shop.tier(ana), shop.spend(ana)) == ("ORDINARY", "3800.00")
    shop.sell_and_settle(ana, {"sock": 1})
    assert (shop.tier(ana), shop.spend(ana)) == ("VIP", "0.00")


def test_a_lower_tier_changes_nothing_and_of_two_equal_ones_the_later_review_holds(shop):
    ana, bo = by_phone(shop, tier="SVIP"), by_wechat(shop)
    shop.set_tier(bo, "VIP")
    shop.at("2026-02-01T09:00")
    bind(shop, bo)
    assert (shop.tier(ana), shop.review(ana)) == ("SVIP", "2027-01-02T00:00")
    cleo, dan = by_phone(shop, "Cleo", OTHER_PHONE, tier="VIP"), by_wechat(shop, "another openid")
    shop.at("2026-03-01T09:00")
    shop.set_tier(dan, "VIP")
    bind(shop, dan, OTHER_PHONE)
    assert (shop.tier(cleo), shop.review(cleo)) == ("VIP", "2027-03-02T00:00")


def test_a_late_return_lowers_the_counter_for_orders_of_either_current_window_and_no_other(shop):
    shop.stock("gold", "2000.00")
    shop.stock("shirt", "100.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    old = shop.sell_and_settle(bo, {"gold": 1})  # moves bo up: its window is over
    mine = shop.sell_and_settle(ana, {"shirt": 2})
    theirs = shop.sell_and_settle(bo, {"shirt": 2})
    bind(shop, bo)
    assert shop.spend(ana) == "396.00"
    shop.take_back(old, {"gold": 1}, by="staff")
    assert shop.spend(ana) == "396.00"
    shop.take_back(theirs, {"shirt": 1}, by="staff")
    assert shop.spend(ana) == "298.00"
    shop.take_back(mine, {"shirt": 1}, by="staff")
    assert shop.spend(ana) == "198.00"


def test_gift_cards_addresses_and_the_cart_move(shop):
    shop.stock("shirt", "199.00")
    shop.stock("sock", "9.90")
    ana, bo = by_phone(shop, gift_card="10.00"), by_wechat(shop)
    card = shop.gift_card(bo, "20.00")
    for member, sku, quantity in ((ana, "shirt", 1), (bo, "shirt", 3), (bo, "sock", 2)):
        set_cart_line(shop.shop, member, BasketLine(shop.variants[sku], None, quantity))
    bind(shop, bo)
    assert (shop.gift_cards(ana), shop.gift_cards(bo)) == (["10.00", "20.00"], [])
    with shop.db.read() as conn:
        assert [(a.line, a.is_default) for a in addresses_of(conn, ana)] == [("1", True), ("mini", False)]
        assert addresses_of(conn, bo) == []
        assert [line.quantity for line in cart_lines(conn, ana)] == [3, 2]
        assert cart_lines(conn, bo) == []
    shop.addresses[ana] = shop.addresses[bo]
    shop.buy(ana, {"shirt": 1}, gift_card="25.00")
    assert shop.gift_cards(ana) == ["0.00", "5.00"]
    assert card


def test_twenty_addresses_of_each_are_all_kept_and_no_more_are_taken(shop):
    ana, bo = by_phone(shop), by_wechat(shop)
    new = SaveAddress(recipient="Ana", phone=PHONE, region="上海", line="x")
    for member in (ana, bo):
        for _ in range(19):
            with shop.db.write() as tx:
                save_address(tx, member, new)
    bind(shop, bo)
    with shop.db.read() as conn:
        assert len(addresses_of(conn, ana)) == 40
        assert sum(a.is_default for a in addresses_of(conn, ana)) == 1
    with refused(InvalidInput), shop.db.write() as tx:
        save_address(tx, ana, new)


def test_the_device_stays_signed_in_and_is_the_other_member_now(shop):
    ana, bo = by_phone(shop), by_wechat(shop)
    with shop.db.write() as tx:
        session = open_session(tx, bo, now=shop.now, lifetime=MEMBER_LIFETIME)
    bind(shop, bo)
    with shop.db.read() as conn:
        viewer = authenticate_member(conn, session.session_id)
    assert viewer is not None
    assert viewer.member_id == ana
    assert sign_in_with_wechat(shop.shop, Visitor(OPENID, None)).subject_id == ana


def test_an_order_or_a_return_that_is_sent_again_after_the_merge_is_the_same(shop):
    shop.stock("shirt", "199.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    order = shop.buy(bo, {"shirt": 1}, key="the order")
    shop.ship(order)
    asked = shop.return_units(order, {"shirt": 1}, key="the return")
    bind(shop, bo)
    shop.addresses[ana] = shop.addresses[bo]
    assert shop.buy(ana, {"shirt": 1}, key="the order") == order
    assert shop.return_units(order, {"shirt": 1}, key="the return") == asked


def test_what_only_one_account_told_is_kept_and_the_closed_record_tells_nothing(shop):
    ana, bo = by_phone(shop, "Ana"), by_wechat(shop)
    with shop.db.write() as tx:
        told = ProfileChange(nickname="Bo", gender="FEMALE", region="上海")
        update_profile(tx, bo, told, now=shop.now, zone=shop.program.zone)
    bind(shop, bo)
    now, closed = record(shop, ana), record(shop, bo)
    assert (now.nickname, now.gender, now.region, now.phone) == ("Ana", "FEMALE", "上海", PHONE)
    assert (closed.nickname, closed.gender, closed.region, closed.phone) == ("", "UNDISCLOSED", None, None)
    assert closed.merged_into == ana


def test_binding_twice_and_at_once_is_one_merge(shop):
    ana, bo = by_phone(shop, points=10), by_wechat(shop)
    shop.adjust(bo, 5)
    assert at_once(*[lambda: bind(shop, bo)] * 4) == [ana] * 4
    assert bind(shop, bo) == ana
    assert bind(shop, ana) == ana
    assert shop.points(ana) == 15
    assert shop.ledger(bo) == [("ADJUSTED", 5), ("ADJUSTED", -5)]


def test_a_phone_whose_account_has_another_wechat_is_refused_and_nothing_changes(shop):
    ana, bo, cleo = by_phone(shop), by_wechat(shop), by_wechat(shop, "another openid")
    bind(shop, bo)
    shop.adjust(cleo, 70)
    with refused(InvalidInput) as told:
        bind(shop, cleo)
    assert told.the(InvalidInput).reason == "phone_has_another_wechat"
    assert (shop.points(ana), shop.points(cleo)) == (0, 70)
    with refused(InvalidInput) as told:
        sign_in_with_wechat(shop.shop, Visitor("a third openid", PHONE))
    assert told.the(InvalidInput) == InvalidInput(path=("phoneCode",), reason="phone_has_another_wechat")
    with refused(InvalidInput) as told:
        sign_in_with_wechat(shop.shop, Visitor(OPENID, OTHER_PHONE))
    assert told.the(InvalidInput) == InvalidInput(path=("phoneCode",), reason="has_another_phone")


def test_whoever_signs_in_with_wechat_and_a_phone_for_the_first_time_gets_the_account_of_that_phone(shop):
    ana = by_phone(shop)
    assert sign_in_with_wechat(shop.shop, Visitor(OPENID, PHONE)).subject_id == ana
    assert sign_in_with_wechat(shop.shop, Visitor(OPENID, None)).subject_id == ana
    new = sign_in_with_wechat(shop.shop, Visitor("new", OTHER_PHONE)).subject_id
    assert record(shop, new).phone == OTHER_PHONE
    assert sign_in_with_wechat(shop.shop, Visitor("new", OTHER_PHONE)).subject_id == new


def test_a_first_visit_that_arrives_many_times_at_once_is_one_member(shop):
    results = at_once(*[lambda: sign_in_with_wechat(shop.shop, Visitor(OPENID, PHONE)).subject_id] * 6)
    assert refusals(results) == []
    assert len(set(done(results))) == 1


def test_two_people_who_claim_one_phone_at_once_do_not_both_get_it(shop):
    ana = by_phone(shop, points=1)
    first, second = by_wechat(shop), by_wechat(shop, "another openid")
    results = at_once(lambda: bind(shop, first), lambda: bind(shop, second))
    assert done(results) == [ana]
    assert refusals(results) == [InvalidInput]


def test_orders_placed_while_accounts_are_joined_are_lost_nowhere(shop):
    shop.stock("sock", "10.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    buying = [lambda: shop.buy(bo, {"sock": 1}), lambda: shop.buy(ana, {"sock": 1})]
    results = at_once(*buying, lambda: bind(shop, bo), *buying)
    placed = [result for result in done(results) if result != ana]
    assert [shop.order(order).member_id for order in placed] == [ana] * len(placed)
    assert set(refusals(results)) <= {NotFound}
    with shop.db.read() as conn:
        assert accounts_by_id(conn, [ana])[ana].orders == len(placed)
    shop.buy(ana, {"sock": 1})


def test_nothing_moves_a_closed_account_any_more(shop):
    shop.stock("sock", "10.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    shop.set_tier(bo, "VIP")
    bind(shop, bo)
    address = SaveAddress(recipient="Ana", phone=PHONE, region="上海", line="x")
    with shop.db.write() as tx:
        _, code = _card(tx, shop)
    for deed in (
        lambda: shop.adjust(bo, 5),
        lambda: shop.set_tier(bo, "VIP"),
        lambda: shop.buy(bo, {"sock": 1}),
        lambda: set_cart_line(shop.shop, bo, BasketLine(shop.variants["sock"], None, 1)),
        lambda: _in(shop, lambda tx: save_address(tx, bo, address)),
        lambda: _in(shop, lambda tx: add_gift_card(tx, bo, code)),
    ):
        with refused(NotFound) as told:
            deed()
        assert told.the(NotFound).what == "member"
    shop.days_later(800)
    assert shop.run_jobs() == 1
    assert shop.ledger(bo) == []
    assert len(shop.tier_periods(bo)) == 2
    with shop.db.read() as conn:
        assert tier_distribution(conn) == {"ORDINARY": 1}
    assert ana


def _card(tx: Transaction, shop) -> tuple[str, str]:
    return issue_gift_card(
        tx,
        secret=b"test",
        amount=Decimal(5),
        currency="CNY",
        member_id=None,
        staff_id="stf_x",
        idempotency_key="card",
        now=shop.now,
    )


def _in(shop, deed):
    with shop.db.write() as tx:
        return deed(tx)


def test_the_audit_log_tells_both_accounts_before_and_after_under_either_name(shop):
    ana, bo = by_phone(shop, points=10), by_wechat(shop)
    shop.adjust(bo, 5)
    bind(shop, bo)
    with shop.db.read() as conn:
        rows = conn.execute(select(audit_t).where(audit_t.c.action == "bindPhone")).all()
    assert {row.subject_id for row in rows} == {ana, bo}
    for row in rows:
        assert (row.before["into"]["available"], row.before["from"]["available"]) == (10, 5)
        assert (row.after["into"]["available"], row.after["from"]["available"]) == (15, 0)
        assert (row.after["into"]["addresses"], row.after["from"]["closed"]) == (2, True)
        assert PHONE not in str(row)
        assert OPENID not in str(row)


def test_who_has_signed_in_with_the_phone_meanwhile_is_seen_as_one_person(shop):
    ana, bo = by_phone(shop), by_wechat(shop)
    bind(shop, bo)
    with shop.db.write() as tx:
        who = identity_of(tx, bo)
        assert who is not None
        assert (who.member_id, who.phone, who.openid) == (ana, PHONE, OPENID)
        assert tx.execute(select(func.count()).select_from(audit_t)).scalar_one() >= 2


def test_due_things_of_both_happen_before_they_are_joined(shop):
    shop.stock("shirt", "100.00")
    ana, bo = by_phone(shop), by_wechat(shop)
    shop.sell(bo, {"shirt": 1})
    shop.sell(ana, {"shirt": 1})
    shop.later(days=31)
    bind(shop, bo)
    settled = shop.now - timedelta(days=1)
    assert next((e.kind, e.points, e.occurred_at) for e in shop.entries(bo)) == ("EARNED", 200, settled)
    assert [kind for kind, _ in shop.ledger(ana)] == ["EARNED", "ADJUSTED"]
    assert shop.spend(ana) == "200.00"
