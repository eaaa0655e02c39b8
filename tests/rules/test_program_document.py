"""A program document: read whole, or refused with a path to everything that is wrong with it (R15)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.refusals import InvalidInput, Refused
from program.document import read_document
from tests.support.programs import REMOVED, retail, vancl


def wrong(document):
    with pytest.raises(Refused) as told:
        read_document(document)
    return [(".".join(r.path), r.reason) for r in told.value.refusals if isinstance(r, InvalidInput)]


def paths(document, prefix=""):
    """Every place in a document, by its dotted path."""
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items:
        yield f"{prefix}{key}"
        if isinstance(value, dict | list):
            yield from paths(value, f"{prefix}{key}.")


def keys(document):
    return [path for path in paths(document) if not path.rpartition(".")[2].isdigit()]


def sections(document, prefix=""):
    yield prefix
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items:
        if isinstance(value, dict):
            yield from sections(value, f"{prefix}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for i, item in enumerate(value):
                yield from sections(item, f"{prefix}{key}.{i}.")


def test_the_reference_program_is_read():
    program = read_document(vancl())
    assert (program.currency, str(program.zone), program.settlement_days) == ("CNY", "Asia/Shanghai", 30)
    assert [tier.code for tier in program.tiers] == ["ORDINARY", "VIP", "SVIP"]
    assert [tier.rank for tier in program.tiers] == [0, 1, 2]
    assert program.tier("VIP").price_rate == Decimal("0.98")
    assert str(program.tier("SVIP").acquire) == "2500.00"
    assert program.rates["SALE"] == Decimal("0.5")


def test_another_currency_and_zone_are_read():
    program = read_document(retail())
    assert (program.currency, str(program.zone), str(program.shipping_fee)) == ("GBP", "Europe/London", "3.95")


@pytest.mark.parametrize("name", ["vancl", "retail"])
def test_the_programs_that_are_shared_are_read(shared, name):
    import json

    read_document(json.loads(shared(f"programs/{name}.json").read_text()))


def test_the_shared_reference_is_ours(shared):
    import json

    assert json.loads(shared("programs/vancl.json").read_text()) == vancl()


@pytest.mark.parametrize("path", keys(vancl()))
def test_every_key_is_needed(path):
    assert (path, "missing") in wrong(vancl(**{path: REMOVED}))


@pytest.mark.parametrize("section", list(sections(vancl())))
def test_an_unknown_key_is_refused_wherever_it_stands(section):
    assert wrong(vancl(**{f"{section}surprise": "1"})) == [(f"{section}surprise", "unknown_key")]


@pytest.mark.parametrize("key", ["acquire", "keep"])
def test_the_entry_level_has_no_thresholds(key):
    assert wrong(vancl(**{f"tiers.levels.0.{key}": "1.00"})) == [(f"tiers.levels.0.{key}", "unknown_key")]


NUMBERS = [
    "points.rates.REGULAR", "points.third_party_rate", "points.gift_card_rate", "points.value_of_100",
    "orders.shipping_fee", "orders.free_shipping_from", "tiers.levels.1.acquire", "tiers.levels.1.keep",
    "tiers.levels.0.price_rate", "tiers.levels.2.points_multiplier", "exchange.discount_share_guidance.0",
]  # fmt: skip


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", [0.5, True, None, "half", "", "NaN", "Infinity", [], {}, "-1", -2, "1e30"])
def test_rates_and_money_are_texts_or_whole_numbers_that_make_sense(path, value):
    assert path in [found for found, _ in wrong(vancl(**{path: value}))]


@pytest.mark.parametrize("path", ["points.rates.REGULAR", "points.value_of_100", "tiers.levels.2.points_multiplier"])
@pytest.mark.parametrize("value", [2, "3", "2.0", "2.00"])
def test_a_number_may_be_a_text_or_whole(path, value):
    read_document(vancl(**{path: value}))


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("currency", "YUAN", "unknown_currency"),
        ("currency", 156, "unknown_currency"),
        ("currency", "XXX", "unknown_currency"),
        ("currency", "XTS", "unknown_currency"),
        ("currency", "XAU", "unknown_currency"),
        ("currency", "XDR", "unknown_currency"),
        ("currency", "CLF", "unknown_currency"),
        ("timezone", "Mars/Olympus", "unknown_timezone"),
        ("timezone", "localtime", "unknown_timezone"),
        ("timezone", "Factory", "unknown_timezone"),
        ("timezone", "posixrules", "unknown_timezone"),
        ("timezone", "posix/Asia/Shanghai", "unknown_timezone"),
        ("timezone", "right/Asia/Shanghai", "unknown_timezone"),
        ("timezone", "asia/shanghai", "unknown_timezone"),
        ("name", "", "empty"),
        ("name", "x" * 201, "too_long"),
        ("name", 5, "not_a_text"),
        ("points", [], "not_an_object"),
        ("points.value_of_100", "2.001", "not_an_amount"),
        ("points.rates.SALE", "0.0000001", "too_many_places"),
        ("tier_discount.excluded_classes", "SALE", "not_a_list"),
        ("settlement.days", -1, "not_between"),
        ("settlement.days", 1.5, "not_a_whole_number"),
        ("settlement.days", "soon", "not_a_whole_number"),
        ("returns.window_days", 99_999, "not_between"),
        ("orders.pay_within_minutes", 0, "not_between"),
        ("exchange.discount_share_guidance", ["0.30", "0.10"], "not_rising"),
        ("exchange.discount_share_guidance", ["0.30"], "not_a_pair"),
        ("tiers.levels", [], "empty"),
        ("tiers.levels", {}, "not_a_list"),
        ("tiers.levels.1.code", "ORDINARY", "repeated"),
        ("tiers.levels.1.code", 5, "not_a_text"),
        ("tiers.levels.1.code", "", "empty"),
        ("tiers.levels.1.code", "V\0IP", "bad_characters"),
        ("tiers.levels.1.code", "V" * 201, "too_long"),
        ("tiers.levels.1.benefits", "MEMBER_PRICE", "not_a_list"),
    ],
)
def test_a_wrong_value_is_told_by_its_path(path, value, reason):
    expected = f"{path}.code" if reason == "nothing" else path
    assert (expected, reason) in wrong(vancl(**{path: value}))


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        ("tier_discount.excluded_classes", ["SALE", "REGULAR"], "tier_discount.excluded_classes.1"),
        ("returns.refresh_expiry_on", ["full_return"], "returns.refresh_expiry_on.0"),
        ("returns.refund_shipping", "always", "returns.refund_shipping"),
        ("points.expiry.policy", "never", "points.expiry.policy"),
        ("tiers.policy", "best_friend", "tiers.policy"),
        ("exchange.discount_share_guidance", ["0.1", "1.1"], "exchange.discount_share_guidance.1"),
        ("tiers.levels.0.price_rate", "0", "tiers.levels.0.price_rate"),
        ("tiers.levels.0.price_rate", "1.01", "tiers.levels.0.price_rate"),
    ],
)
def test_a_choice_that_there_is_not_is_told_at_its_place(path, value, at):
    assert at in [found for found, _ in wrong(vancl(**{path: value}))]


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("points.expiry.policy", "fifo_lots"),
        ("points.expiry.policy", "calendar_year_end"),
        ("tier_discount.special_rule", "stack"),
        ("returns.shortfall", "debt"),
        ("returns.shortfall", "waive"),
    ],
)
def test_a_policy_that_is_not_built_is_refused_and_not_ignored(path, policy):
    assert wrong(vancl(**{path: policy})) == [(path, "policy_not_available")]


def test_the_rolling_window_is_refused_as_not_built_and_read_by_its_own_keys():
    rolling = vancl(
        **{
            "tiers.policy": "rolling_window",
            "tiers.window_months": 3,
            "tiers.levels.1.keep": REMOVED,
            "tiers.levels.2.keep": REMOVED,
        }
    )
    assert wrong(rolling) == [("tiers.policy", "policy_not_available")]
    rolling["tiers"]["levels"][2]["acquire"] = "2000.00"
    assert ("tiers.levels.2.acquire", "not_rising") in wrong(rolling)


def test_everything_that_is_wrong_is_told_at_once():
    document = vancl(**{"currency": REMOVED, "points.rates.SALE": 0.5, "tiers.levels.1.keep": "x", "extra": 1})
    assert {path for path, _ in wrong(document)} == {"currency", "points.rates.SALE", "tiers.levels.1.keep", "extra"}


@pytest.mark.parametrize("document", [None, [], "vancl", 5])
def test_what_is_no_object_is_no_program(document):
    assert wrong(document)[0] == ("", "not_an_object")


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ({"zh-CN": "金卡", "en": "Gold"}, []),
        ({"zh-CN": "金卡"}, [("tiers.levels.1.name.en", "missing")]),
        ({"zh-CN": "金卡", "en": "Gold", "fr": "Or"}, [("tiers.levels.1.name.fr", "unknown_key")]),
        ({"zh-CN": "", "en": "Gold"}, [("tiers.levels.1.name.zh-CN", "empty")]),
    ],
)
def test_a_name_is_one_text_or_one_for_each_language(name, reasons):
    document = vancl(**{"tiers.levels.1.name": name})
    if reasons:
        assert wrong(document) == reasons
    else:
        assert read_document(document).tier("VIP").name == name


def test_benefits_are_known_codes_or_the_shops_own_words():
    own = {"code": "TEA", "name": {"zh-CN": "下午茶", "en": "Tea"}, "description": "Every Friday"}
    program = read_document(vancl(**{"tiers.levels.1.benefits": ["MEMBER_PRICE", "Free alterations", own]}))
    assert [b.code for b in program.tier("VIP").benefits] == ["MEMBER_PRICE", "Free alterations", "TEA"]
