"""Every sentence stands in both languages, with the same blanks; every refusal that the code can raise is worded."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from schema import messages
from schema.messages import REASONS, REFUSALS, THINGS, WARNINGS, Sentences, entry_text, price_step_text, say

ROOMS = ("kernel", "program", "members", "catalog", "media", "staff", "checkout", "schema", "console", "api")
ROOT = Path(__file__).resolve().parents[2]

TABLES = {name: table for name, table in vars(messages).items() if name.isupper() and isinstance(table, dict) and table}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of the shop's own code, with the name of what is called and where."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    called = node.func
                    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", name, node


def constants(node: ast.expr) -> list[str]:
    """The texts that an expression may be."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_sentence_is_there_in_both_languages_with_the_same_blanks(table: Sentences) -> None:
    for key, (zh, en) in table.items():
        assert zh.strip(), key
        assert en.strip(), key
        assert blanks(zh) == blanks(en), key


def test_every_reason_that_the_code_gives_is_worded_and_fills_its_blanks() -> None:
    wrong: list[str] = []
    for place, name, call in calls():
        if name not in ("invalid", "wrong") or len(call.args) < 2:
            continue
        given = {keyword.arg for keyword in call.keywords}
        for reason in constants(call.args[1]):
            if reason not in REASONS:
                wrong.append(f"{place}: {reason} has no sentence")
            elif None not in given and not blanks(REASONS[reason][0]) <= given:
                wrong.append(f"{place}: {reason} lacks {blanks(REASONS[reason][0]) - given}")
    assert not wrong, "\n".join(wrong)


def test_everything_that_may_not_be_found_has_a_name() -> None:
    wrong = [
        f"{place}: {what}"
        for place, name, call in calls()
        if name in ("NotFound", "Unavailable")
        for keyword in call.keywords
        if keyword.arg == "what"
        for what in constants(keyword.value)
        if what not in THINGS
    ]
    assert not wrong, "\n".join(wrong)


def test_no_sentence_is_left_over() -> None:
    sources = (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.name != "messages.py")
    said = "\n".join(path.read_text() for path in sources)
    left = [key for table in (REASONS, REFUSALS, THINGS, WARNINGS) for key in table if f'"{key}"' not in said]
    assert not left


def test_a_reason_without_words_says_itself() -> None:
    assert say(REASONS, "something_new", "en") == "something new"


def test_steps_and_entries_are_told_in_the_viewers_language() -> None:
    facts = {"tier": "VIP", "rate": "0.98", "price_class": "SALE"}
    assert price_step_text("TIER_DISCOUNT_EXCLUDED", facts, "VIP", "zh-CN") == "促销商品不再享受 VIP 折扣"
    assert price_step_text("TIER_DISCOUNT", facts, "VIP", "en") == "VIP price: regular price × 0.98"
    assert entry_text("ADJUSTED", "sorry", "en") == "Adjusted by customer service: sorry"
    assert entry_text("EXPIRED", None, "zh-CN") == "积分过期"
