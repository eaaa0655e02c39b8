"""Members leave: nothing says any more who they were, and the books go on adding up."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog.queries import variants_by_id
from checkout.cart import cart_lines, set_cart_line
from checkout.leaving import export_data as taking
from checkout.leaving.delete_account import delete_account, refunds_t
from checkout.leaving.export_data import export_data, take_turn
from checkout.points import points_liability
from checkout.queries import returns_t
from checkout.refusals import OrderStateRefused, ReturnStateRefused
from kernel.clock import FixedClock
from kernel.outbox import enqueue
from kernel.refusals import NotFound, Refused
from kernel.sessions import open_session, sessions_of
from members.addresses import SaveAddress, save_address
from members.gift_cards import add_gift_card, issue_gift_card
from members.openids import hold_openid, member_with_openid
from members.profile import ProfileChange, members_by_id, update_profile
from members.register import members_t, register
from members.sign_in import Codes, codes_t, request_code, sign_in
from members.sms import SMS_CODE
from members.tiers.queries import tier_distribution, tiers_in_use
from migrations.tables import METADATA
from staff import audit
from tests.support.at_once import at_once, done
from tests.support.joining import bind, by_phone, by_wechat
from tests.support.shop import PlayShop, refused

PHONE = "+8613900139000"

# What would say who she was, wherever it stands.
TRACES = ("安娜", "13900139000", "Nanjing Road", "Pudong", "gardener", "1990-02-28", "openid-of-ana", "front door")


class Quiet:
    """Sends codes nowhere."""

    def send_code(self, *_arguments, **_more) -> None:
        pass


@pytest.fixture
def ana(shop: PlayShop) -> str:
    """A member of whom the shop knows all that it can know."""
    with shop.db.write() as tx:
        member = register(tx, PHONE, "安娜", program=shop.program, now=shop.now)
        address = SaveAddress(recipient="安娜", phone=PHONE, region="Pudong", line="Nanjing Road 1", is_default=True)
        shop.addresses[member] = save_address(tx, member, address)
        change = ProfileChange(birthday=date(1990, 2, 28), region="Pudong", occupation="gardener", gender="FEMALE")
        update_profile(tx, member, change, now=shop.now, zone=shop.program.zone)
        tx.execute(members_t.update().where(members_t.c.id == member).values(openid="openid-of-ana"))
        audit.record(
            tx,
            at=shop.now,
            actor="ann@shop.test",
            action="registerMember",
            subject_id=member,
            after={"number": "1", "nickname": "安娜", "was": [{"phone": PHONE}]},
        )
    shop.stock("mug", "100.00")
    shop.stock("pot", "300.00")
    request_code(shop.db, shop.clock, Codes(key=b"k" * 32, sender=Quiet()), PHONE)
    return member


def cart_of(shop: PlayShop, member: str) -> int:
    with shop.db.read() as conn:
        return len(cart_lines(conn, member))


def leave(shop: PlayShop, member: str):
    return delete_account(shop.shop, member)


def everything(shop: PlayShop) -> str:
    """All that stands in the database."""
    with shop.db.read() as conn:
        return "\n".join(
            f"{table.name}: {dict(row._mapping)}"
            for table in METADATA.sorted_tables
            for row in conn.execute(table.select())
        )


def with_a_past(shop: PlayShop, member: str) -> str:
    """An order that settled, and one of its units that came back; the order."""
    shop.adjust(member, 500)
    order = shop.sell(member, {"mug": 3})
    back = shop.return_units(order, {"mug": 1})
    with shop.db.write() as tx:
        tx.execute(returns_t.update().where(returns_t.c.id == back).values(reason="left at the front door"))
    shop.receive(back)
    shop.days_later(31)
    shop.points(member)
    return order


def test_nothing_in_the_database_says_any_more_who_the_member_was(shop, ana) -> None:
    with_a_past(shop, ana)
    before = everything(shop)
    assert [trace for trace in TRACES if trace not in before and trace != "1990-02-28"] == []
    leave(shop, ana)
    after = everything(shop)
    assert [trace for trace in TRACES if trace in after] == []
    assert "datetime.date(1990" not in after


def test_what_was_noted_of_a_refund_paid_out_by_hand_is_erased(shop, ana) -> None:
    order = shop.reserve(ana, {"mug": 1})
    shop.pay(order)
    shop.cancel(order)
    with shop.db.write() as tx:
        tx.execute(
            refunds_t.update().values(status="PAID_OUT", completed_at=shop.now, note="in cash, at the front door")
        )
    leave(shop, ana)
    with shop.db.read() as conn:
        assert conn.execute(refunds_t.select()).one().note is None


def test_accounts_that_were_joined_to_hers_are_erased_as_well(shop, ana) -> None:
    other, third = shop.enrol("安娜之一"), shop.enrol("安娜之二")
    with shop.db.write() as tx:
        for record, into in ((other, ana), (third, other)):
            tx.execute(members_t.update().where(members_t.c.id == record).values(merged_into=into))
    leave(shop, ana)
    assert "安娜" not in everything(shop)


def test_orders_and_ledger_stay_without_a_name(shop, ana) -> None:
    order = with_a_past(shop, ana)
    before, entries = shop.order(order), shop.entries(ana)
    leave(shop, ana)
    after = shop.order(order)
    assert after.address is None
    assert (after.number, after.status, after.goods, after.member_id) == (
        before.number,
        before.status,
        before.goods,
        ana,
    )
    assert shop.entries(ana)[: len(entries)] == entries
    with shop.db.read() as conn:
        member = members_by_id(conn, [ana])[ana]
    assert (member.phone, member.nickname, member.left_at) == (None, "", shop.now)


def test_the_balance_ends_as_one_entry_that_says_why_and_nothing_falls_due_any_more(shop, ana) -> None:
    with_a_past(shop, ana)
    shop.set_tier(ana, "VIP")
    balance = shop.points(ana)
    assert balance > 0
    leave(shop, ana)
    last = shop.entries(ana)[-1]
    assert (last.kind, last.points, last.balance_after, last.note) == ("EXPIRED", -balance, 0, "member_left")
    assert last.expires_at_after is None
    account = shop.account(ana)
    assert (account.balance, account.expires_at, account.tier_review_at, account.next_due_at) == (0, None, None, None)
    entries = len(shop.entries(ana))
    shop.days_later(800)
    shop.run_jobs()
    assert len(shop.entries(ana)) == entries


def test_the_cart_goes_too(shop, ana) -> None:
    set_cart_line(shop.shop, ana, shop.basket({"pot": 2})[0])
    assert cart_of(shop, ana) == 1
    leave(shop, ana)
    assert cart_of(shop, ana) == 0


def test_an_empty_account_ends_without_an_entry(shop, ana) -> None:
    leave(shop, ana)
    assert shop.entries(ana) == []


def test_the_books_of_the_whole_program_add_up_before_and_after(shop, ana) -> None:
    ben = shop.enrol("Ben", points=300)
    shop.buy(ben, {"pot": 1})
    with_a_past(shop, ana)
    balance = shop.points(ana)
    before = shop.liability()
    leave(shop, ana)
    with shop.db.read() as conn:
        after = points_liability(conn)
    assert after.available == before.available - balance
    assert after.expired == before.expired + balance
    assert after.issued + after.adjusted == sum(
        (after.pending, after.available, after.held, after.redeemed, after.expired, after.reversed)
    )


def test_a_late_return_that_staff_open_works_as_always(shop, ana) -> None:
    shop.adjust(ana, 500)
    shop.offer("pot-offer", "pot", "200.00", 100)
    order = shop.sell_and_settle(ana, {"pot-offer": 1})
    leave(shop, ana)
    returned = shop.take_back(order, {"pot-offer": 1}, by="staff")
    assert (returned.status, returned.points_returned) == ("COMPLETED", 100)
    found = shop.liability()
    assert found.issued + found.adjusted == sum(
        (found.pending, found.available, found.held, found.redeemed, found.expired, found.reversed)
    )
    shop.days_later(800)
    assert shop.points(ana) == 0


def test_whoever_has_left_is_in_no_tier(shop, ana) -> None:
    shop.enrol("Ben")
    shop.set_tier(ana, "VIP")
    leave(shop, ana)
    with shop.db.read() as conn:
        assert {tier: n for tier, n in tier_distribution(conn).items() if n} == {"ORDINARY": 1}
        assert tiers_in_use(conn) == {"ORDINARY"}


def test_open_orders_and_returns_are_each_named_as_the_reason_to_wait(shop, ana) -> None:
    reserved = shop.reserve(ana, {"mug": 1})
    paid = shop.buy(ana, {"mug": 1})
    shipped = shop.sell(ana, {"pot": 1})
    back = shop.return_units(shipped, {"pot": 1})
    before = everything(shop)
    with refused(OrderStateRefused, OrderStateRefused, OrderStateRefused, ReturnStateRefused) as told:
        leave(shop, ana)
    orders = [(refusal.path, refusal.status, refusal.number) for refusal in told.refusals[:3]]
    assert orders == [
        (("orders", order), status, shop.order(order).number)
        for order, status in ((reserved, "AWAITING_PAYMENT"), (paid, "PAID"), (shipped, "SHIPPED"))
    ]
    last = told.the(ReturnStateRefused)
    assert (last.path, last.status, last.number) == (("returns", back), "REQUESTED", shop.returned(back).number)
    assert everything(shop) == before


@pytest.mark.parametrize(("status", "waits"), [("PENDING", True), ("FAILED", True), ("SUCCEEDED", False)])
def test_money_on_its_way_back_for_a_cancelled_order_is_a_reason_to_wait(shop, ana, status, waits) -> None:
    order = shop.reserve(ana, {"mug": 1})
    shop.pay(order)
    shop.cancel(order)
    refund = {"status": status, "cause": f"order:{order}", "currency": "CNY", "amount": 10_000, "order_id": order}
    with shop.db.write() as tx:
        tx.execute(refunds_t.delete())
        payment = shop.payment(order).id
        tx.execute(refunds_t.insert().values(id="ref_1", payment_id=payment, created_at=shop.now, **refund))
    if not waits:
        leave(shop, ana)
        return
    with refused(OrderStateRefused) as told:
        leave(shop, ana)
    assert told.the(OrderStateRefused).path == ("orders", order)


def test_what_has_come_to_its_end_is_no_reason_to_wait(shop, ana) -> None:
    shop.cancel(shop.reserve(ana, {"mug": 1}))
    unpaid = shop.reserve(ana, {"mug": 1})
    shop.sell_and_settle(ana, {"pot": 1})
    # Its time to pay is over, whoever notices first.
    assert shop.order(unpaid).status == "CANCELLED"
    leave(shop, ana)


def test_leaving_twice_is_leaving_once(shop, ana) -> None:
    shop.adjust(ana, 500)
    first = leave(shop, ana)
    shop.days_later(1)
    before = everything(shop)
    assert leave(shop, ana) == first
    assert everything(shop) == before


def test_leaving_twice_at_once_is_leaving_once(shop, ana) -> None:
    shop.adjust(ana, 500)
    assert len(done(at_once(*[lambda: leave(shop, ana)] * 3))) == 3
    assert shop.ledger(ana) == [("ADJUSTED", 500), ("EXPIRED", -500)]


def test_all_sessions_end_at_once(shop, ana) -> None:
    with shop.db.write() as tx:
        for _ in range(2):
            open_session(tx, ana, now=shop.now, lifetime=timedelta(days=30))
    leave(shop, ana)
    with shop.db.read() as conn:
        assert {session.ended_at for session in sessions_of(conn, ana)} == {shop.now}


def test_the_phone_registers_anew_as_somebody_else(shop, ana) -> None:
    shop.adjust(ana, 500)
    leave(shop, ana)
    codes = Codes(key=b"k" * 32, sender=Quiet(), test_mode=True)
    session = sign_in(shop.db, shop.clock, shop.shop.shelf, codes, PHONE, "000000")
    assert session.subject_id != ana
    assert shop.points(session.subject_id) == 0
    with shop.db.read() as conn:
        assert members_by_id(conn, [session.subject_id])[session.subject_id].left_at is None


def test_a_sign_in_at_the_same_moment_either_ends_with_the_account_or_begins_another(shop, ana) -> None:
    codes = Codes(key=b"k" * 32, sender=Quiet(), test_mode=True)
    results = at_once(
        lambda: leave(shop, ana),
        *[lambda: sign_in(shop.db, shop.clock, shop.shop.shelf, codes, PHONE, "000000")] * 4,
    )
    assert len(done(results)) == 5
    with shop.db.read() as conn:
        assert all(session.ended_at is not None for session in sessions_of(conn, ana))
        with_phone = conn.execute(members_t.select().where(members_t.c.phone == PHONE)).all()
    assert ana not in [row.id for row in with_phone]


def test_whoever_comes_by_wechat_meanwhile_is_waited_for_and_has_no_session_afterwards(shop, ana) -> None:
    """Otherwise a session would be opened for an account that nobody has any more."""
    if shop.db.is_sqlite:
        pytest.skip("one transaction writes at a time")
    leaving = threading.Thread(target=lambda: leave(shop, ana))
    with shop.db.write() as tx:
        hold_openid(tx, "openid-of-ana")
        assert member_with_openid(tx, "openid-of-ana") == ana
        leaving.start()
        leaving.join(0.5)
        assert leaving.is_alive()
        open_session(tx, ana, now=shop.now, lifetime=timedelta(days=30))
    leaving.join(10)
    with shop.db.read() as conn:
        assert members_by_id(conn, [ana])[ana].left_at is not None
        assert [session.ended_at is not None for session in sessions_of(conn, ana)] == [True]


def test_gift_cards_are_free_for_whoever_has_the_code(shop, ana) -> None:
    ben = shop.enrol("Ben")
    with shop.db.write() as tx:
        _, code = issue_gift_card(
            tx,
            secret=b"test",
            amount=Decimal(50),
            currency="CNY",
            member_id=ana,
            staff_id="stf_1",
            idempotency_key="card",
            now=shop.now,
        )
    with pytest.raises(Refused), shop.db.write() as tx:
        add_gift_card(tx, ben, code)
    leave(shop, ana)
    with shop.db.write() as tx:
        add_gift_card(tx, ben, code)
    assert shop.gift_cards(ben) == ["50.00"]


def test_codes_that_were_asked_for_or_are_on_their_way_are_forgotten(shop, ana) -> None:
    with shop.db.write() as tx:
        other = {"code": "sic_2", "phone": "+8613800138001", "locale": "en"}
        enqueue(tx, SMS_CODE, "sic_2", other, subject_id="sic_2", now=shop.now)
    leave(shop, ana)
    with shop.db.read() as conn:
        assert conn.execute(codes_t.select()).all() == []
    assert "sic_2" in everything(shop)


def test_nothing_of_who_it_was_comes_back_from_a_call_that_was_under_way(shop, ana) -> None:
    leave(shop, ana)
    with shop.db.write() as tx:
        update_profile(tx, ana, ProfileChange(nickname="安娜"), now=shop.now, zone=shop.program.zone)
    address = SaveAddress(recipient="安娜", phone=PHONE, region="Pudong", line="Nanjing Road 1")
    with pytest.raises(Refused) as caught, shop.db.write() as tx:
        save_address(tx, ana, address)
    assert caught.value.refusals == (NotFound(what="member"),)
    with pytest.raises(Refused), shop.db.write() as tx:
        issue_gift_card(
            tx,
            secret=b"test",
            amount=Decimal(1),
            currency="CNY",
            member_id=ana,
            staff_id="stf_1",
            idempotency_key="late",
            now=shop.now,
        )
    with pytest.raises(Refused):
        shop.adjust(ana, 5)
    assert [trace for trace in TRACES if trace in everything(shop)] == []


def test_the_stock_of_others_is_not_touched(shop, ana) -> None:
    with_a_past(shop, ana)
    before = shop.shelf("mug")
    leave(shop, ana)
    assert shop.shelf("mug") == before
    with shop.db.read() as conn:
        assert variants_by_id(conn, list(shop.variants.values()), shop.now)


# ---------------------------------------------------------------- taking the data along


def members_of(shop: PlayShop):
    with shop.db.read() as conn:
        return {row.id: row for row in conn.execute(members_t.select())}


def document(shop: PlayShop, member: str):
    with shop.db.read() as conn:
        return export_data(conn, member, "CNY", shop.now, lambda note: note and f"in words: {note}")


def test_the_document_holds_all_that_the_shop_knows(shop, ana) -> None:
    order = with_a_past(shop, ana)
    with shop.db.write() as tx:
        open_session(tx, ana, now=shop.now, lifetime=timedelta(days=30))
    shop.gift_card(ana, "50.00")
    set_cart_line(shop.shop, ana, shop.basket({"pot": 2})[0])
    told = document(shop, ana)
    assert told["cart"] == [{"variantId": shop.variants["pot"], "exchangeOfferId": None, "quantity": 2}]
    text = str(told)
    assert [trace for trace in TRACES if trace not in text] == []
    assert told["member"]["birthday"] == "1990-02-28"
    assert told["addresses"][0]["recipient"] == "安娜"
    (only,) = told["orders"]
    assert (only["number"], only["status"]) == (shop.order(order).number, "SETTLED")
    assert only["goods"] == {"amount": "300.00", "currencyCode": "CNY"}
    assert [(line["sku"], line["quantity"], line["returnedQuantity"]) for line in only["lines"]] == [("mug", 3, 1)]
    assert only["returns"][0]["lines"] == [{"sku": "mug", "quantity": 1}]
    assert only["returns"][0]["refund"] == {"amount": "100.00", "currencyCode": "CNY"}
    assert [(entry["kind"], entry["points"]) for entry in told["pointsEntries"]] == shop.ledger(ana)[::-1]
    assert told["pointsEntries"][0]["order"] == only["number"]
    assert told["giftCards"][0]["balance"] == {"amount": "50.00", "currencyCode": "CNY"}
    assert [session["endedAt"] for session in told["sessions"]] == [None]
    assert told["leftOut"] == {"orders": 0, "pointsEntries": 0}


def test_the_document_holds_the_ledger_of_an_account_that_was_joined_too(shop) -> None:
    ana, bo = by_phone(shop, points=300), by_wechat(shop)
    shop.adjust(bo, 500)
    number, joined = (members_of(shop)[each].number for each in (ana, bo))
    bind(shop, bo)
    told = document(shop, ana)
    assert told["pointsEntries"][0]["note"] == f"in words: accounts_joined:{joined}"
    (other,) = told["joinedAccounts"]
    assert (other["number"], len(other["tierHistory"])) == (joined, 1)
    assert [(entry["points"], entry["balanceAfter"]) for entry in other["pointsEntries"]] == [(-500, 0), (500, 500)]
    assert other["pointsEntries"][0]["note"] == f"in words: accounts_joined:{number}"
    assert told["leftOut"]["pointsEntries"] == 0


def test_the_document_holds_nothing_of_anybody_else(shop, ana) -> None:
    ben = shop.enrol("Benedict", points=77)
    shop.sell(ben, {"pot": 1})
    told = str(document(shop, ana))
    assert "Benedict" not in told
    assert "pot" not in told


def test_very_many_orders_and_entries_are_left_out_and_counted(shop, ana, monkeypatch) -> None:
    monkeypatch.setattr(taking, "BATCH", 2)
    monkeypatch.setattr(taking, "MOST_ORDERS", 4)
    monkeypatch.setattr(taking, "MOST_ENTRIES", 6)
    numbers = []
    for _ in range(5):
        numbers.append(shop.order(shop.sell(ana, {"mug": 1})).number)
        shop.later(minutes=1)
    for _ in range(7):
        shop.adjust(ana, 1)
    told = document(shop, ana)
    assert [order["number"] for order in told["orders"]] == numbers[:0:-1]
    assert [entry["balanceAfter"] for entry in told["pointsEntries"]] == [7, 6, 5, 4, 3, 2]
    assert told["leftOut"] == {"orders": 1, "pointsEntries": 1}


def test_the_document_is_had_once_a_minute(shop, ana) -> None:
    def turn(seconds: int) -> bool:
        with shop.db.write() as tx:
            return take_turn(tx, ana, FixedClock(shop.now + timedelta(seconds=seconds)).now())

    assert [turn(0), turn(1), turn(59), turn(60), turn(61)] == [True, False, False, True, False]
    assert sorted(at_once(*[lambda: turn(200)] * 3)) == [False, False, True]
