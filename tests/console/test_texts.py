from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import console
from console.texts import TEXTS, catalogue, common, govern, members, orders, program, selling, sheets, start

ROOT = Path(console.__file__).parent
MODULES = (catalogue, common, govern, members, orders, program, selling, sheets, start)

USED = re.compile(r"""(?:\bt|\btell|text)\(\s*["']([A-Za-z0-9_.-]+)["']\s*[,)]""")


def test_every_text_is_there_in_both_languages_with_the_same_blanks():
    for key, (chinese, english) in TEXTS.items():
        assert chinese.strip(), key
        assert english.strip(), key
        blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (chinese, english)]
        assert blanks[0] == blanks[1], key


def test_no_two_desks_use_one_key_for_different_texts():
    assert len(TEXTS) == sum(len(module.TEXTS) for module in MODULES)


def test_every_text_that_pages_ask_for_is_written():
    asked = {
        (path.name, key)
        for path in [*ROOT.rglob("*.py"), *ROOT.rglob("*.html")]
        for key in USED.findall(path.read_text())
    }
    assert len(asked) > 40
    assert {(name, key) for name, key in asked if key not in TEXTS} == set()


def test_templates_hold_no_words_of_their_own():
    for path in ROOT.rglob("*.html"):
        # What Jinja fills in first: a comparison inside of a tag looks like the tag's end.
        markup = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", " ", path.read_text(), flags=re.DOTALL)
        bare = re.sub(r"<[^>]*>", " ", markup)
        assert not re.search(r"[A-Za-z]{3,}|[一-鿿]", bare), (path.name, bare.split())
