"""Under which words goods are found, and what a search asks for."""

from __future__ import annotations

import pytest

from catalog.finding.terms import MAX_TERMS, Term, read_search, taken_apart
from catalog.finding.words import words_of


def asked(search):
    return [(term.word, term.prefix) for term in read_search(search).terms]


@pytest.mark.parametrize(
    ("text", "found", "missed"),
    [
        ("T-Shirts", {"t", "shirt", "shirts", "tshirts", "tshirt"}, {"t-shirts"}),
        ("Batteries & boxes", {"battery", "batteries", "box", "boxes"}, {"&"}),
        ("Glass dress bus", {"glass", "dress", "bus"}, {"glas", "dres", "bu"}),
        ("Café CRÈME", {"cafe", "creme"}, {"café"}),
        ("ＳＨＩＲＴ １２", {"shirt", "12"}, set()),
        ("iPhone15", {"iphone15", "iphone", "15"}, set()),
        ("羽绒服", {"羽绒", "绒服", "羽", "绒", "服"}, {"羽绒服"}),
        ("男士T恤", {"男士", "t", "恤"}, {"士恤"}),
        ("Nähmaschine", {"nahmaschine"}, set()),
        ("👕 tee", {"👕", "tee"}, set()),
        ("100% _cotton_ \\ *", {"100", "cotton"}, {"%", "_", "\\", "*"}),
        ("", set(), set()),
    ],
)
def test_goods_are_found_under_folded_words_and_pairs_of_chinese_characters(text, found, missed):
    words = set(words_of(text))
    assert found <= words
    assert not missed & words


def test_of_a_long_text_single_characters_are_left_out():
    assert set(words_of("纯棉羽绒", singles=False)) == {"纯棉", "棉羽", "羽绒"}
    assert set(words_of("棉", singles=False)) == {"棉"}


def test_a_word_is_never_longer_than_the_index_takes():
    assert all(len(word) <= 40 for word in words_of("x" * 500))


def test_a_search_asks_for_stems_and_for_the_last_word_as_far_as_it_is_typed():
    assert asked("T-Shirts") == [("t", None), ("shirt", "shirts")]
    assert asked("batteries box") == [("battery", None), ("box", "box")]
    assert asked("羽绒服") == [("羽绒", None), ("绒服", None)]
    assert asked("男士羽绒服") == [("男士", None), ("羽绒", None), ("绒服", None)]
    assert asked("服") == [("服", None)]
    assert asked("羽绒 shi") == [("羽绒", None), ("shi", "shi")]
    assert asked("shi 羽绒") == [("shi", None), ("羽绒", None)]


def test_a_pair_that_nothing_has_is_asked_for_by_its_characters():
    there, missing = read_search("运动鞋男 red").terms[0], read_search("鞋男").terms[0]
    red = Term("red", "red")
    assert taken_apart((there, missing, red), {missing, red}) == (there, Term("鞋", None), Term("男", None), red)


def test_the_same_word_twice_is_asked_for_once():
    assert asked("shirt shirts red") == [("shirt", None), ("red", "red")]


def test_a_search_has_an_end():
    assert len(asked(" ".join(f"word{i}" for i in range(50)))) == MAX_TERMS
    assert len(asked("羽绒服" * 700)) <= MAX_TERMS
    assert asked("mug" + " " * 300 + "shirt") == [("mug", "mug")]


@pytest.mark.parametrize("search", ["!!!", "%", "_", "\\", "***", "\0"])
def test_what_holds_no_word_asks_for_nothing_that_there_is(search):
    found = read_search(search)
    assert found.terms == ()
    assert not found.is_blank


@pytest.mark.parametrize("search", ["", "   ", "\n\t", "　"])
def test_a_blank_search_is_none(search):
    assert read_search(search).is_blank


def test_a_whole_sku_is_asked_for_however_it_is_typed():
    assert read_search(" ts-001 a ").sku == read_search("TS-001A").sku == "=ts-001a"
