"""Sets of products as numbers, how they are written down, and how what is found is ranked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.finding.found import rank
from catalog.finding.numbers import BLOCK, above, below, highest_first, joined, lowest_first, numbers_of
from catalog.finding.postings import pack, unpack
from catalog.finding.terms import KIND, NAME, SKU, TEXT
from kernel.paging import Window

OFFSETS = st.sets(st.integers(0, BLOCK - 1), max_size=400)
SEVERAL = st.sets(st.integers(0, 5 * BLOCK), max_size=60)
ANYTHING = st.one_of(st.integers(-3, 6 * BLOCK), st.sampled_from([-(2**63), 2**62]))


@given(OFFSETS)
def test_a_posting_is_read_as_it_was_written(offsets):
    assert unpack(pack(numbers_of(offsets))) == numbers_of(offsets)


@given(OFFSETS)
def test_no_posting_is_longer_than_its_block_and_a_rare_word_takes_two_bytes_for_each_product(offsets):
    assert len(pack(numbers_of(offsets))) <= 1 + min(16 * len(offsets), BLOCK // 8)
    assert len(pack(1 << 4000 | 1)) == 5


def test_a_full_block_is_a_bit_for_each_number():
    full = (1 << BLOCK) - 1
    assert len(pack(full)) == 1 + BLOCK // 8
    assert unpack(pack(full)) == full


@given(SEVERAL)
def test_numbers_come_in_their_order_both_ways(several):
    assert list(lowest_first(numbers_of(several))) == sorted(several)
    assert list(highest_first(numbers_of(several))) == sorted(several, reverse=True)


@given(SEVERAL)
def test_blocks_make_the_whole(several):
    blocks = {}
    for number in several:
        blocks[number // BLOCK] = blocks.get(number // BLOCK, 0) | 1 << number % BLOCK
    assert joined(blocks) == numbers_of(several)


@given(SEVERAL, ANYTHING)
def test_a_window_may_begin_anywhere_even_where_no_number_is(several, number):
    found = numbers_of(several)
    assert set(lowest_first(below(found, number))) == {each for each in several if each < number}
    assert set(lowest_first(above(found, number))) == {each for each in several if each > number}


def test_the_weakest_term_decides_the_rank_and_a_whole_sku_comes_first():
    wool = {NAME: numbers_of([1, 2, 9]), TEXT: numbers_of([3])}
    scarf = {NAME: numbers_of([1]), KIND: numbers_of([2, 4]), TEXT: numbers_of([3])}
    found = rank([wool, scarf], sku=numbers_of([7]))
    assert {rank: list(highest_first(numbers)) for rank, numbers in found.ranks.items()} == {
        SKU: [7],
        NAME: [1],
        KIND: [2],
        TEXT: [3],
    }
    assert list(rank([wool, scarf], sku=0, narrowing=numbers_of([2, 3, 4])).within(Window())) == [(2, KIND), (3, TEXT)]
    assert list(rank([], sku=0).within(Window())) == []


LEVELS = st.dictionaries(st.sampled_from([NAME, KIND, TEXT]), st.sets(st.integers(1, 40)).map(numbers_of))


@given(st.lists(LEVELS, min_size=1, max_size=3), st.sets(st.integers(1, 40), max_size=2).map(numbers_of), st.data())
def test_windows_that_begin_at_any_row_go_on_from_it_both_ways(terms, sku, data):
    found = rank(terms, sku)
    rows = list(found.within(Window()))
    assert len({number for number, _ in rows}) == len(rows) == found.numbers.bit_count()
    if rows:
        at = data.draw(st.integers(0, len(rows) - 1))
        key = (rows[at][1], rows[at][0])
        assert list(found.within(Window(after=key))) == rows[at + 1 :]
        assert list(found.within(Window(before=key, backwards=True))) == rows[:at][::-1]
