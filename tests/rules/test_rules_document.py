"""The examples in docs/rules.md say what the rules compute."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BEGINNING = FENCE.findall(TEXT)[0]
RULES = re.findall(r"^## (R\d+) .*?$(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)


def test_every_rule_has_its_chapter_in_order():
    assert [number for number, _ in RULES] == [f"R{i}" for i in range(1, 16)]


@pytest.mark.parametrize(("number", "chapter"), RULES, ids=[number for number, _ in RULES])
def test_the_examples_are_right(number, chapter):
    examples = "".join(FENCE.findall(chapter))
    assert ">>>" in examples, f"{number} has no example"
    test = doctest.DocTestParser().get_doctest(BEGINNING + examples, {}, number, str(DOCUMENT), 0)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(test, out=told.append)
    assert not told, "".join(told)
