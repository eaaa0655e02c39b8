"""A sheet follows the rules by which goods are saved, and leaves the same traces."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from catalog import stock
from catalog.columns import movements_t, offers_t, postings_t, price_changes_t, specials_t, translations_t, variants_t
from catalog.imports import apply as writing
from catalog.imports import import_catalog as planning
from catalog.imports.import_catalog import ImportCatalog, import_catalog
from catalog.imports.report import Effect, Subject
from catalog.movements import Cause
from kernel.clock import FixedClock
from kernel.database import Database
from tests.support.catalog import DAY, offer, product_and_variants, put_on_sale, stock_goods
from tests.support.members import NOON, PROGRAM


def bring_in(db: Database, *lines: str, at: Any = NOON, **more: Any):
    data = "\n".join(lines).encode()
    return import_catalog(db, FixedClock(at), PROGRAM, ImportCatalog(data, **{"actor": "ana@shop", **more}), None)


def told(report):
    return [(problem.line, problem.column, problem.reason) for problem in report.problems]


def all_of(db, table, *columns):
    with db.read() as conn:
        return [tuple(row) for row in conn.execute(select(*(table.c[name] for name in columns)).order_by(table.c.id))]


HAT = ("slug,name,name:en,category,sku,price,stock", "hat,帽子,Hat,服饰 > 帽子,HAT,9.90,5")


def test_new_goods_leave_the_histories_and_the_index_that_saving_them_leaves(db):
    report = bring_in(db, *HAT)
    assert (report.done, told(report), report.categories.added) == (True, [], 2)
    assert all_of(db, movements_t, "kind", "on_hand", "on_hand_after", "actor") == [("IMPORTED", 5, 5, "ana@shop")]
    assert all_of(db, price_changes_t, "event", "price_before", "price", "actor") == [
        ("REGULAR", None, 990, "ana@shop")
    ]
    with db.read() as conn:
        words = set(conn.execute(select(postings_t.c.word)).scalars())
        assert conn.execute(select(translations_t.c.name)).scalars().all() == ["Hat"]
    assert {"帽子", "hat", "服饰"} <= words


def test_a_second_time_nothing_is_written(db):
    bring_in(db, *HAT)
    report = bring_in(db, *HAT)
    assert {change.effect for change in report.changes} == {Effect.UNCHANGED}
    assert len(all_of(db, movements_t, "id")) == 1
    assert len(all_of(db, price_changes_t, "id")) == 1


def test_a_dry_run_shows_what_would_change_and_changes_nothing(db):
    bring_in(db, *HAT)
    report = bring_in(
        db, "slug,name,sku,price,special_price", "hat,Cap,HAT,8.90,5", "bag,Bag,BAG,5.00,", dry_run=True
    )  # fmt: skip
    assert (report.done, report.dry_run) == (False, True)
    found = {(change.subject, change.key): (change.effect, change.fields) for change in report.changes}
    assert found[Subject.PRODUCT, "hat"] == (Effect.CHANGED, (("name", "帽子", "Cap"),))
    assert found[Subject.VARIANT, "HAT"] == (Effect.CHANGED, (("price", "9.90", "8.90"),))
    assert found[Subject.SPECIAL_PRICE, "HAT"][0] is Effect.NEW
    assert found[Subject.PRODUCT, "bag"][0] is Effect.NEW
    assert product_and_variants(db, "hat")[0].name == "帽子"


def test_prices_alone_are_changed_by_sku_and_nothing_else(db):
    stock_goods(db, "A")
    stock_goods(db, "B")
    report = bring_in(db, "sku,price", "A,80", "B,100.00", "C,1")
    assert told(report) == [(4, "sku", "sku_unknown")]
    report = bring_in(db, "sku,price", "A,80", "B,100.00", "C,1", skip_broken=True)
    assert (report.variants.changed, report.variants.unchanged, report.products.changed) == (1, 1, 1)
    assert product_and_variants(db, "a")[1]["A"].regular_price == 8000
    assert product_and_variants(db, "a")[0].name == "A"


def test_what_is_blank_is_taken_away_and_what_the_sheet_has_no_column_for_stays(db):
    bring_in(db, "slug,name,name:en,description,sku,price,low_stock_at", "hat,Hat,Hut,warm,HAT,9.90,3")
    bring_in(db, "slug,name,name:en,sku,low_stock_at", "hat,Hat,,HAT,")
    product, variants = product_and_variants(db, "hat")
    assert (product.description, variants["HAT"].regular_price) == ("warm", 990)
    assert all_of(db, variants_t, "low_stock_at") == [(None,)]
    with db.read() as conn:
        assert conn.execute(select(translations_t.c.name)).all() == []


def test_counted_stock_is_set_and_never_below_what_is_reserved(db):
    id_ = stock_goods(db, "A", on_hand=10)
    with db.write() as tx:
        stock.reserve(tx, {id_: 4}, Cause(NOON, order_id="ord"))
    assert told(bring_in(db, "sku,counted_stock", "A,3")) == [(2, "counted_stock", "stock_below_zero")]
    bring_in(db, "sku,counted_stock,stock", "A,7,99")
    assert product_and_variants(db, "a")[1]["A"].on_hand == 7
    assert all_of(db, movements_t, "kind", "on_hand", "on_hand_after", "reserved_after")[-1] == ("IMPORTED", -3, 7, 4)


def test_a_product_always_has_something_to_sell(db):
    bring_in(db, "slug,name,sku,price", "hat,Hat,A,1", "hat,Hat,B,1")
    assert told(bring_in(db, "sku,active", "A,no", "B,no")) == [(2, "active", "nothing_left_to_sell")]
    assert bring_in(db, "sku,active", "A,no").done
    assert not product_and_variants(db, "hat")[1]["A"].active


def test_options_are_those_of_the_sheet_and_of_its_variants(db):
    report = bring_in(
        db,
        "slug,name,options,sku,price,option_values",
        "hat,Hat,Colour | Size: M,A,1,red | M",
        "hat,,,B,1,blue | M",
    )  # fmt: skip
    assert told(report) == []
    wrong = bring_in(db, "slug,name,sku,price,option_values", "hat,Hat,C,1,green | M", "hat,Hat,D,1,red")
    assert told(wrong) == [(2, "option_values", "not_one_of"), (3, "option_values", "one_for_each_option")]


SPECIAL = "sku,special_price,special_class,special_from,special_until"


def special(price, start, end="", class_="SALE"):
    return f"A,{price},{class_},{start and start.isoformat()},{end and end.isoformat()}"


def test_special_prices_follow_their_rules(db):
    stock_goods(db, "A")
    wrong = bring_in(
        db,
        SPECIAL,
        special(100, NOON + DAY),
        special(80, NOON + 9 * DAY, NOON + 8 * DAY),
        special("x", NOON),
        "A,,SALE,,",
        special(70, NOON + 3 * DAY, class_="CHEAP"),
    )
    assert [problem for problem in told(wrong) if problem[2] != "variant_left_out"] == [
        (4, "special_price", "not_a_number"),
        (5, "special_price", "empty"),
        (6, "special_class", "not_one_of"),
    ]
    wrong = bring_in(db, SPECIAL, special(100, NOON + DAY), special(80, NOON + 9 * DAY, NOON + 8 * DAY))
    assert told(wrong) == [(2, "special_price", "not_below_regular"), (3, "special_until", "ends_before_start")]
    overlapping = bring_in(db, SPECIAL, special(80, NOON + DAY), special(70, NOON + 2 * DAY))
    assert set(told(overlapping)) == {(3, "special_from", "overlaps"), (2, "sku", "variant_left_out")}


def test_a_planned_price_is_replaced_and_one_that_has_begun_ends_now(db):
    stock_goods(db, "A")
    put_on_sale(db, "A", "80.00", starts_at=NOON + DAY, ends_at=NOON + 2 * DAY)
    put_on_sale(db, "A", "90.00", ends_at=NOON + DAY / 2)
    later = NOON + timedelta(hours=1)
    report = bring_in(
        db, SPECIAL, special(75, NOON + DAY, NOON + 2 * DAY), special(85, NOON, NOON + DAY / 2), at=later
    )  # fmt: skip
    assert (told(report), report.specials.changed) == ([], 2)
    found = sorted(all_of(db, specials_t, "price", "starts_at", "ends_at"))
    assert found == [
        (7500, NOON + DAY, NOON + 2 * DAY),
        (8500, later, NOON + DAY / 2),
        (9000, NOON, later),
    ]
    events = [event for (event,) in all_of(db, price_changes_t, "event")]
    assert events[-4:] == ["ENDED", "WITHDRAWN", "PLANNED", "PLANNED"]
    again = bring_in(db, SPECIAL, special(75, NOON + DAY, NOON + 2 * DAY), special(85, NOON, NOON + DAY / 2), at=later)
    assert (again.specials.unchanged, again.specials.changed) == (2, 0)


def test_what_is_over_is_told_and_left_out(db):
    stock_goods(db, "A")
    report = bring_in(db, SPECIAL, special(80, NOON - 2 * DAY, NOON - DAY))
    assert (report.done, report.broken, told(report)) == (True, False, [(2, "special_until", "is_over")])
    assert all_of(db, specials_t, "id") == []


def test_a_regular_price_stays_above_what_is_live(db):
    stock_goods(db, "A")
    offer(db, "A", cash="60.00")
    assert told(bring_in(db, "sku,price", "A,60")) == [(2, "price", "live_price_not_below")]
    assert bring_in(db, "sku,price", "A,60.01").done


OFFER = "sku,offer_points,offer_cash,offer_quota,offer_tier"


def test_offers_are_found_by_their_points_and_cash_and_otherwise_new(db):
    stock_goods(db, "A")
    offer(db, "A", cash="60.00", points=1000, quota=5)
    report = bring_in(db, OFFER, "A,1000,60,9,", "A,2000,50,,VIP")
    assert (report.offers.changed, report.offers.added) == (1, 1)
    assert all_of(db, offers_t, "points", "cash", "quota", "required_tier_code") == [
        (1000, 6000, 9, None),
        (2000, 5000, None, "VIP"),
    ]
    assert bring_in(db, OFFER, "A,1000,60,9,", "A,2000,50,,VIP").offers.unchanged == 2
    wrong = bring_in(db, OFFER, "A,0,100,0,GOLD")
    assert set(told(wrong)) == {
        (2, "offer_points", "points_below_one"),
        (2, "offer_cash", "not_below_regular"),
        (2, "offer_quota", "not_between"),
        (2, "offer_tier", "tier_unknown"),
    }


def test_categories_are_made_with_their_slugs_and_names_and_never_moved(db):
    head = "slug,name,category,category_slugs,category:en,sku,price"
    assert bring_in(db, head, "a,A,服饰 > 帽子,wear > hats,Wear > Hats,A,1", ",,鞋,shoes,Shoes,,").done
    report = bring_in(db, head, "b,B,鞋 > 帽子,shoes > hats,,B,1")
    assert told(report) == [(2, "category_slugs", "category_elsewhere")]
    assert told(bring_in(db, head, "b,B,鞋 > 帽子,shoes,,B,1"))[0] == (2, "category_slugs", "wrong_number_of_parts")
    again = bring_in(db, head, "b,B,服饰 > 帽子,wear > hats,,B,1")
    assert (again.categories.added, again.products.added) == (0, 1)


def test_skus_and_slugs_that_come_again_are_told(db):
    report = bring_in(db, "slug,name,sku,price", "a,A,X,1", "b,B,X,1", "b,B,Y,1", skip_broken=True)
    assert told(report) == [(3, "sku", "repeated_from_line")]
    assert (report.products.added, report.variants.added) == (2, 2)


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("name", "", "empty"),
        ("name", "x" * 201, "too_long"),
        ("slug", "Not A Slug", "not_a_slug"),
        ("published", "perhaps", "not_one_of"),
        ("published_from", "soon", "not_a_time"),
        ("points_rate", "1001", "not_between"),
        ("required_tier", "GOLD", "tier_unknown"),
        ("price", "1.005", "not_an_amount"),
        ("price", "-1", "negative"),
        ("stock", "1.5", "not_a_whole_number"),
        ("stock", "-1", "not_between"),
        ("attributes", "wool", "not_pairs"),
        ("options", "a: b: c", "not_pairs"),
        ("name:xxxxxxxx-y", "Hat", "not_a_locale"),
        ("description", "x" * 2001, "too_long"),
    ],
)
def test_every_wrong_cell_is_told_by_line_column_and_reason(db, column, cell, reason):
    cells = {"slug": "hat", "name": "Hat", "sku": "HAT", "price": "9.90", column: cell}
    report = bring_in(db, ",".join(cells), ",".join(cells.values()))
    assert (2, column, reason) in told(report)
    assert not report.done


class Ticking:
    """A minute goes by at every look."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self):
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets something happen in the shop after a sheet has been planned, and says how often one was."""
    plans = []

    def let(happen):
        plan = planning._plan

        def planned(*given):
            steps = plan(*given)
            plans.append(len(steps))
            if len(plans) == 1:
                happen()
            return steps

        monkeypatch.setattr(planning, "_plan", planned)
        return plans

    return let


def test_while_a_sheet_is_planned_others_write(db, meanwhile):
    """Whatever they do to goods that it names is what the sheet then changes."""
    bring_in(db, *HAT)

    def counted():
        with db.write() as tx:
            stock.put_back(tx, {product_and_variants(db, "hat")[1]["HAT"].id: 3}, Cause(NOON, return_id="ret"))

    plans = meanwhile(counted)
    report = bring_in(db, "sku,counted_stock", "HAT,20")
    assert len(plans) == 2
    assert all_of(db, movements_t, "on_hand", "on_hand_after") == [(5, 5), (3, 8), (12, 20)]
    assert [each.fields for each in report.changes if each.subject is Subject.VARIANT] == [
        (("counted_stock", "8", "20"),)
    ]


def test_what_others_do_to_other_goods_leaves_the_plan_as_it_is(db, meanwhile):
    bring_in(db, *HAT)
    plans = meanwhile(lambda: stock_goods(db, "OTHER"))
    assert bring_in(db, "sku,price", "HAT,8.00").done
    assert len(plans) == 1


def test_a_slug_that_is_taken_while_a_sheet_is_planned_is_that_product_s(db, meanwhile):
    plans = meanwhile(lambda: bring_in(db, *HAT))
    report = bring_in(db, "slug,name,sku,price", "hat,Cap,HAT,9.90")
    assert (len(plans), report.products.added, report.products.changed) == (3, 0, 1)


def test_two_rows_of_one_product_are_planned_again_as_they_were_the_first_time(db, meanwhile):
    bring_in(db, *HAT, "hat,,,,CAP,5.00,1")
    plans = meanwhile(lambda: bring_in(db, "sku,price", "HAT,7.77"))
    report = bring_in(db, "sku,price", "HAT,8.00", "CAP,6.00")
    assert (len(plans), told(report)) == (3, [])
    variants = product_and_variants(db, "hat")[1]
    assert (variants["HAT"].regular_price, variants["CAP"].regular_price) == (800, 600)


def test_a_special_price_without_a_start_begins_when_it_is_written(db):
    bring_in(db, *HAT)
    clock = Ticking()
    import_catalog(db, clock, PROGRAM, ImportCatalog(b"sku,special_price\nHAT,8.00\n"), None)
    assert all_of(db, specials_t, "starts_at") == [(clock.at,)]


def test_a_special_price_that_ends_while_a_sheet_is_planned_is_left_out(db):
    bring_in(db, *HAT)
    until = (NOON + timedelta(seconds=90)).isoformat()
    sheet = f"sku,special_price,special_from,special_until\nHAT,8.00,{NOON.isoformat()},{until}\n"
    report = import_catalog(db, Ticking(), PROGRAM, ImportCatalog(sheet.encode()), None)
    assert told(report) == [(2, "special_until", "is_over")]
    assert all_of(db, specials_t, "id") == []


def test_prices_and_stock_leave_the_words_alone_under_which_goods_are_found(db, monkeypatch):
    bring_in(db, *HAT)
    indexed = []
    monkeypatch.setattr(writing, "index_products", lambda tx, ids, tree: indexed.extend(ids))
    bring_in(db, "sku,price,counted_stock", "HAT,8.00,7")
    assert indexed == []
    bring_in(db, "sku,variant", "HAT,grün")
    bring_in(db, "slug,sku,name:en", "hat,HAT,Cap")
    assert len(indexed) == 2
