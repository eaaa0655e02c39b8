from __future__ import annotations

import copy
import json
import re
from html import unescape

import pytest

from program.versions import reference_document
from tests.support.console import plain

NEW = "/console/program/new"


def fields_of(html: str) -> dict[str, str | list[str]]:
    """What a browser would send of the page's form: text fields, hidden ones, chosen boxes and options."""
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or name[1] in ("csrf", "back"):
            continue
        text = unescape(value[1]) if value else ""
        if 'type="checkbox"' in tag:
            if " checked" in tag:
                found.setdefault(name[1], []).append(text)
        else:
            found[name[1]] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', options)[1]
    return found


def send(browser, path: str, fields, **changed: str):
    return browser.client.post(path, data={"csrf": browser.token, **fields, **changed})


def wrong(answer, name: str) -> str:
    """The sentences beside a field."""
    return " ".join(re.findall(rf'id="{re.escape(name)}-error">([^<]*)<', answer.text))


@pytest.fixture
def admin(console):
    return console.as_("ADMIN", "en")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh-CN",
            (
                "正价商品、兑换商品的现金部分：每消费 ¥1.00 得 2 积分",
                "礼品卡支付的部分：每 ¥1.00 最多得 1 积分",
                "VIP 1.5 倍、SVIP 2 倍",
                "所有会员从普通会员开始",
                "VIP 累计消费满 ¥2,500.00",
                "普通会员累计消费满 ¥2,000.00，升为 VIP",
                "SVIP 按正价的 95% 支付",
                "部分退货或换货完成后",
                "建议在 10% 至 30% 之间",
                "下单后 30 分钟内付款",
            ),
        ),
        (
            "en",
            (
                "0.5 points for each ¥1.00 spent on sale goods and group-buy goods",
                "No points for third-party goods",
                "1.5 times as many for VIP and 2 times as many for SVIP",
                "VIP is reached from 普通会员 with ¥2,000.00",
                "SVIP pays 95%",
                "After a partial return or a swap",
                "between 10% and 30% off",
                "paid within 30 minutes",
            ),
        ),
    ],
)
def test_the_version_in_force_is_told_in_plain_words(console, language, expected):
    words = console.as_("MERCHANDISER", language).text("/console/program").replace("CN¥", "¥")
    for sentence in expected:
        assert sentence in words


def test_the_words_follow_the_document_and_not_the_reference(console):
    document = reference_document()
    document["points"]["rates"] = dict.fromkeys(document["points"]["rates"], "3")
    document["points"]["gift_card_rate"] = "0"
    document["settlement"]["days"] = 0
    document["returns"] |= {"window_days": 14, "refresh_expiry_on": [], "refund_shipping": "never"}
    document["tier_discount"]["excluded_classes"] = ["EXCHANGE"]
    document["orders"] |= {"shipping_fee": "12.00", "free_shipping_from": "99.00"}
    console.play.publish(document)
    words = console.as_("ANALYST", "en").text("/console/program").replace("CN¥", "¥")
    for sentence in (
        "3 points for each ¥1.00 spent on goods at their regular price, sale goods, group-buy goods, and",
        "paid by gift card earns no points",
        "as soon as an order ships",
        "within 14 days of shipping",
        "After a partial return or a swap the balance's validity stays as it is",
        "Shipping is never refunded",
        "For sale goods and group-buy goods the lower of the special price",
        "Shipping is ¥12.00, and free from ¥99.00",
    ):
        assert sentence in words


def test_the_form_of_the_version_in_force_states_the_very_same_program(console, admin):
    fields = fields_of(admin.get(NEW).text)
    answer = send(admin, NEW, fields, do="look")
    assert answer.status_code == 200
    assert "Nothing has been changed" in plain(answer.text)
    assert json.loads(fields_of(answer.text)["document"]) == console.play.document


def test_a_new_version_shows_what_differs_before_it_is_published(console, admin):
    fields = fields_of(admin.get(NEW).text)
    looked = send(
        admin,
        NEW,
        fields,
        **{"do": "look", "document.points.rates.SALE": "0.75", "document.tiers.levels.1.acquire": "1800"},
    )
    words = plain(looked.text)
    assert "2 changes against version 1" in words
    assert "points.rates.SALE" in words
    assert "tiers.levels.VIP.acquire" in words
    assert "2,000.00" in words
    assert "1,800.00" in words
    assert newest(console) == 1, "looking has published"
    review = fields_of(looked.text)
    done = send(admin, f"{NEW}/publish", review, do="publish")
    assert done.headers["location"] == "/console/program/versions/2"
    assert newest(console) == 2
    page = admin.text("/console/program")
    assert "0.75 points" in page
    again = send(admin, f"{NEW}/publish", review, do="publish")
    assert again.status_code == 422
    assert "Version 2 has been published meanwhile" in plain(again.text)
    assert newest(console) == 2, "the form sent twice published twice"
    compared = admin.text("/console/program/compare?one=1&other=2")
    assert "0.5" in compared
    assert "0.75" in compared


def test_what_is_wrong_is_told_at_the_field(console, admin):
    fields = fields_of(admin.get(NEW).text)
    bad = {
        "document.tiers.levels.1.acquire": "two thousand",
        "document.tiers.levels.2.price_rate": "1.2",
        "document.points.rates.REGULAR": "",
        "document.settlement.days": "30.5",
        "document.exchange.discount_share_guidance.0": "0.9",
        "document.name.zh-CN": "",
        "document.name.en": "",
        "document.currency": "YUAN",
        "effectiveAt": "2020-01-01T00:00",
    }
    answer = send(admin, NEW, fields, do="look", **bad)
    assert answer.status_code == 422
    for name in bad.keys() - {"document.name.zh-CN", "document.name.en", "document.exchange.discount_share_guidance.0"}:
        if name != "effectiveAt":
            assert wrong(answer, name), name
    assert wrong(answer, "document.exchange.discount_share_guidance")
    assert wrong(answer, "document.name")
    assert 'value="two thousand"' in answer.text
    late = send(admin, NEW, fields, do="look", effectiveAt="2020-01-01T00:00")
    assert wrong(late, "effectiveAt") == "This time has passed."
    assert newest(console) == 1


def test_a_tier_with_members_cannot_be_taken_out_and_a_new_one_can_be_added(console, admin):
    console.play.enrol("Vi", tier="VIP")
    fields = fields_of(admin.get(NEW).text)
    fewer = send(admin, NEW, fields, do="remove.1")
    answer = send(admin, NEW, fields_of(fewer.text), do="look")
    assert "VIP" in wrong(answer, "document.tiers.levels")
    more = fields_of(send(admin, NEW, fields, do="add").text)
    level = "document.tiers.levels.3."
    told = {"code": "GOLD", "name.zh-CN": "金卡", "name.en": "Gold", "acquire": "9000", "keep": "5000"}
    more |= {f"{level}{key}": value for key, value in told.items()} | {f"{level}benefit": "Airport lounge"}
    looked = send(admin, NEW, more, do="look")
    review = fields_of(looked.text)
    added = json.loads(review["document"])["tiers"]["levels"][3]
    assert added["name"] == {"zh-CN": "金卡", "en": "Gold"}
    assert added["benefits"] == ["Airport lounge"]
    send(admin, f"{NEW}/publish", review, do="publish")
    assert "Gold is reached from SVIP" in admin.text("/console/program")


def test_a_planned_version_is_shown_as_planned_and_the_one_in_force_stays(console, admin):
    fields = fields_of(admin.get(NEW).text)
    later = {"document.points.rates.SALE": "1", "effectiveAt": "2026-06-01T00:00"}
    review = fields_of(send(admin, NEW, fields, do="look", **later).text)
    send(admin, f"{NEW}/publish", review, do="publish")
    words = admin.text("/console/program")
    assert "Planned" in words
    assert "spent on sale goods and group-buy goods" in words
    console.play.at("2026-06-01T00:00")
    words = console.as_("ADMIN", "en").text("/console/program")
    assert "1 point for each CN¥1.00 spent on sale goods." in words


def test_the_document_itself_can_be_edited_and_every_wrong_place_is_named(console, admin):
    path = f"{NEW}/document"
    admin.get(path)
    document = copy.deepcopy(console.play.document)
    document["points"]["rates"]["SALE"] = 0.5
    document["tiers"]["levels"][1]["acquire"] = "-1"
    document["more"] = {"\ud800": 1}
    answer = send(admin, path, {"document": json.dumps(document), "do": "look", "follows": "1"})
    told = wrong(answer, "document")
    for place in ("document.points.rates.SALE", "document.tiers.levels.1.acquire", "document.more"):
        assert f"{place}:" in told
    for text in ("{", "[]", "1", "[" * 100_000, '{"a": NaN}', '{"\\ud800": 1}'):
        answer = send(admin, path, {"document": text, "do": "look", "follows": "1"})
        assert answer.status_code == 422, text[:20]
        assert wrong(answer, "document"), text[:20]
    document = copy.deepcopy(console.play.document)
    document["settlement"]["days"] = 14
    looked = send(admin, path, {"document": json.dumps(document), "do": "look", "follows": "1"})
    assert "settlement.days" in plain(looked.text)
    back = send(admin, f"{NEW}/publish", fields_of(looked.text), do="edit")
    assert "<textarea" in back.text
    send(admin, f"{NEW}/publish", fields_of(looked.text), do="publish")
    assert newest(console) == 2


@pytest.mark.parametrize("role", ["MERCHANDISER", "ANALYST"])
def test_whoever_only_reads_finds_no_way_to_publish(console, role):
    browser = console.as_(role, "en")
    answer = browser.get("/console/program")
    assert NEW not in answer.text
    assert "administrators publish" in plain(answer.text)
    assert browser.get(NEW).status_code == 403


def newest(console) -> int:
    with console.play.db.read() as conn:
        return console.play.shop.shelf.programs(conn).latest
