"""The demo shop, made once on SQLite and looked at from all sides."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from api.demo.diary import DAYS
from api.demo.make_demo import DemoRefused, make_demo
from api.demo.people import PASSWORD, PEOPLE
from api.demo.sign_ins import demo_is_there
from catalog.columns import categories_t, offers_t, pictures_t, products_t, specials_t, translations_t, variants_t
from catalog.save_category import SaveCategory, save_category
from catalog.tables import SpecialPriceClass
from checkout.points import points_liability
from checkout.tables import OrderRow, OrderStatus, PaymentRow, ReturnKind, ReturnRow, ReturnStatus
from kernel.database import table_of
from media.storage import open_store, read_image
from members.account import accounts_t
from members.register import members_t
from members.tables import EntryKind, LedgerEntryRow, TierChangeReason, TierPeriodRow
from members.tiers.queries import tier_distribution
from staff.accounts import sign_in, staff_t
from staff.tables import Role
from tests.support.demo import NOW, open_shop

orders_t = table_of(OrderRow)
payments_t = table_of(PaymentRow)
returns_t = table_of(ReturnRow)
entries_t = table_of(LedgerEntryRow)
periods_t = table_of(TierPeriodRow)


@pytest.fixture
def databases(sqlite_databases):
    return sqlite_databases


@pytest.fixture
def empty_shop(sqlite_databases):
    with sqlite_databases.migrated() as url:
        yield open_shop(sqlite_databases.opened(url))


@pytest.fixture
def shop(demo):
    return demo.shop


@pytest.fixture
def conn(shop):
    with shop.db.read() as conn:
        yield conn


def count(conn, table, *where):
    return conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def counts(conn, column):
    return dict(list(conn.execute(select(column, func.count()).group_by(column))))


def test_its_progress_is_told_step_by_step(demo):
    assert demo.steps == [(i, 64 + DAYS) for i in range(1, 64 + DAYS + 1)]


def test_there_are_sixty_products_and_more_in_eight_categories(conn):
    by_category = counts(conn, products_t.c.category_id)
    assert len(by_category) == 8
    assert None not in by_category
    assert sum(by_category.values()) >= 60


def test_every_product_and_category_has_both_languages(conn):
    for table, columns in ((products_t, ("name", "description")), (categories_t, ("name",))):
        for row in conn.execute(table.select()).mappings():
            english = conn.execute(
                translations_t.select().where(
                    translations_t.c.subject_id == row["id"], translations_t.c.locale == "en"
                )
            ).mappings().one()  # fmt: skip
            for column in columns:
                assert any("\u4e00" <= letter <= "\u9fff" for letter in row[column])
                assert english[column]
                assert not any(letter >= "\u3000" for letter in english[column])


def test_every_product_has_a_picture_of_its_own(conn, demo):
    pictures = conn.execute(pictures_t.select()).all()
    assert {picture.product_id for picture in pictures} == set(conn.execute(select(products_t.c.id)).scalars())
    assert len({picture.image_key for picture in pictures}) == len(pictures)
    store = open_store(demo.media)
    for picture in pictures:
        data = read_image(store, picture.image_key)
        assert data is not None
        assert Image.open(BytesIO(data)).size == (picture.width, picture.height) == (800, 800)
        assert picture.placeholder


def test_goods_differ_in_what_the_rules_ask_of_them(conn):
    assert count(conn, products_t, products_t.c.third_party) >= 3
    assert count(conn, products_t, products_t.c.points_rate.is_not(None)) >= 2
    assert {"VIP", "SVIP"} <= set(counts(conn, products_t.c.required_tier_code))
    assert count(conn, variants_t, variants_t.c.on_hand == variants_t.c.reserved) >= 3
    assert count(conn, variants_t, variants_t.c.name != "") > 100


@pytest.mark.parametrize("price_class", SpecialPriceClass)
def test_special_prices_are_past_running_and_planned(conn, price_class):
    c = specials_t.c
    of_class = c.price_class == price_class.value
    assert count(conn, specials_t, of_class, c.ends_at <= NOW)
    assert count(conn, specials_t, of_class, c.starts_at <= NOW, c.ends_at > NOW)
    assert count(conn, specials_t, of_class, c.starts_at > NOW)


def test_there_are_fifteen_exchange_offers_of_several_kinds(conn):
    c = offers_t.c
    assert count(conn, offers_t) == 15
    assert count(conn, offers_t, c.starts_at <= NOW, (c.ends_at.is_(None)) | (c.ends_at > NOW)) == 15
    for kind in (c.quota, c.per_member_limit, c.required_tier_code):
        assert count(conn, offers_t, kind.is_not(None)) >= 2
    assert count(conn, offers_t, c.cash == 0) == 1
    assert count(conn, offers_t, c.redeemed > 0) >= 10


def test_members_of_every_tier_have_a_year_behind_them(conn):
    assert count(conn, members_t) == len(PEOPLE) >= 30
    assert all(tier_distribution(conn)[tier] >= 5 for tier in ("ORDINARY", "VIP", "SVIP"))
    assert count(conn, orders_t) > 200
    first = conn.execute(select(func.min(orders_t.c.placed_at))).scalar_one()
    assert (NOW - first).days >= 365
    assert conn.execute(select(func.max(orders_t.c.placed_at))).scalar_one() < NOW
    assert set(counts(conn, periods_t.c.reason)) == set(TierChangeReason)
    assert {kind.value for kind in EntryKind} - {"GRANTED"} == set(counts(conn, entries_t.c.kind))


def test_orders_and_returns_ended_in_all_ways_and_some_wait_for_staff(conn):
    assert {"PAID", "SHIPPED", "SETTLED", "CANCELLED", "RETURNED"} <= set(counts(conn, orders_t.c.status))
    assert count(conn, orders_t, orders_t.c.status == OrderStatus.PAID.value) >= 3
    assert count(conn, payments_t, payments_t.c.status == "PENDING") >= 3
    statuses = counts(conn, returns_t.c.status)
    assert {status.value for status in ReturnStatus} - {"REFUNDING", "REFUND_FAILED"} == set(statuses)
    for kind in ReturnKind:
        requested = returns_t.c.status == ReturnStatus.REQUESTED.value
        assert count(conn, returns_t, returns_t.c.kind == kind.value, requested) >= 1
    assert count(conn, returns_t, returns_t.c.full.is_(True))
    assert count(conn, returns_t, returns_t.c.full.is_(False))


def test_the_ledger_adds_up(conn):
    balances = conn.execute(select(accounts_t.c.member_id, accounts_t.c.balance))
    sums = conn.execute(select(entries_t.c.member_id, func.sum(entries_t.c.points)).group_by(entries_t.c.member_id))
    assert {member: balance for member, balance in balances if balance} == {
        member: sum_ for member, sum_ in sums if sum_
    }
    l = points_liability(conn)  # noqa: E741
    assert l.issued + l.adjusted == l.pending + l.available + l.held + l.redeemed + l.expired + l.reversed
    assert l.expired > 0


def test_nothing_is_left_that_was_due(conn):
    assert count(conn, accounts_t, accounts_t.c.next_due_at <= NOW) == 0


def test_one_member_of_staff_for_each_role_can_sign_in(shop, conn):
    staff = conn.execute(staff_t.select()).all()
    assert sorted(person.role for person in staff) == sorted(Role)
    assert sign_in(shop.db, shop.clock, staff[0].email, PASSWORD).subject_id == staff[0].id


def test_a_second_time_nothing_happens(demo, conn):
    before = count(conn, orders_t), count(conn, entries_t), count(conn, products_t)
    assert not make_demo(demo.shop, media_root=demo.media, secret=b"s" * 40)
    assert before == (count(conn, orders_t), count(conn, entries_t), count(conn, products_t))


def test_an_interrupted_demo_leaves_the_shop_empty(empty_shop, tmp_path):
    def interrupt(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_demo(empty_shop, media_root=tmp_path, secret=b"s" * 40, progress=interrupt)
    with empty_shop.db.read() as conn:
        assert not demo_is_there(conn)
        assert count(conn, products_t) == count(conn, staff_t) == count(conn, categories_t) == 0


def test_a_shop_with_goods_of_its_own_is_left_alone(empty_shop, tmp_path):
    with empty_shop.db.write() as tx:
        save_category(tx, SaveCategory("own", "Own"))
    with pytest.raises(DemoRefused, match="JIFEN_DATABASE_URL"):
        make_demo(empty_shop, media_root=tmp_path, secret=b"s" * 40)


def test_production_refuses_the_demo(jifen, environment):
    environment.setenv("JIFEN_ENV", "production")
    environment.setenv("JIFEN_SECRET_KEY", "s" * 40)
    outcome = jifen("demo")
    assert outcome.code == 1
    assert "production" in outcome.err


def test_its_addresses_are_told_as_they_will_be_served(demo, jifen, environment):
    environment.setenv("JIFEN_DATABASE_URL", demo.url)
    outcome = jifen("demo", "--port", "9000")
    assert outcome.code == 0, outcome.err
    assert "http://127.0.0.1:9000/console" in outcome.out
