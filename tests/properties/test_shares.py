"""Whatever is shared out or comes back in parts adds up."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from checkout.pricing.earning import EarningRates, points_earned
from checkout.pricing.gift_card_shares import gift_card_shares
from checkout.returns.apportion import Figures, KeptLine, goes_back, is_full, kept_figures
from kernel.money import Money, split

CNY = "CNY"
ZERO = Figures(Money(0, CNY), Money(0, CNY), 0, 0)
rates = st.decimals(0, 10, places=4)
earning = st.builds(
    lambda rate, card, times: EarningRates(rate, min(rate, card), times), rates, rates, st.decimals(0, 5, places=2)
)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
@example(1, [1, 1, 1])
@example(100, [0, 1, 0])
def test_any_split_adds_up_and_no_part_is_a_unit_off(whole, weights):
    if sum(weights) == 0:
        whole = 0
    parts = split(whole, weights)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        exact = Decimal(whole) * weight / (sum(weights) or 1)
        assert abs(part - exact) < 1
        assert part == 0 or weight > 0


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=10))
def test_a_gift_card_covers_goods_first_and_no_line_gets_more_than_its_cash(payment, cash):
    shares, for_shipping = gift_card_shares(Money(payment, CNY), [Money(c, CNY) for c in cash])
    assert sum(share.minor for share in shares) + for_shipping.minor == payment
    assert for_shipping.minor == max(0, payment - sum(cash))
    assert all(share.minor <= c for share, c in zip(shares, cash, strict=True))


@st.composite
def lines(draw):
    """Order lines as charged: a unit price, points, and any part of the cash paid by gift card."""
    found = []
    for i in range(draw(st.integers(1, 4))):
        quantity = draw(st.integers(1, 12))
        cash = draw(st.integers(0, 50_000)) * quantity
        found.append(
            KeptLine(
                id=str(i),
                variant_id=None,
                exchange_offer_id=None,
                quantity=quantity,
                returned=0,
                cash=Money(cash, CNY),
                gift_card=Money(draw(st.integers(0, cash)), CNY),
                points=draw(st.integers(0, 2_000)) * quantity,
                rates=draw(earning),
            )
        )
    return found


@st.composite
def returned_in_parts(draw):
    """Lines, and a series of returns that takes back some or all of their units."""
    found = draw(lines())
    units = [line.id for line in found for _ in range(line.quantity)]
    units = draw(st.permutations(units))
    units = units[: draw(st.integers(0, len(units)))]
    series, i = [], 0
    while i < len(units):
        size = draw(st.integers(1, len(units) - i))
        part = units[i : i + size]
        series.append({line: part.count(line) for line in part})
        i += size
    return found, series


def _play(found, series):
    back = []
    for taken in series:
        back.append(goes_back(found, taken))
        for line in found:
            line.returned += taken.get(line.id, 0)
    return back


def _kept(found):
    return sum((kept_figures(line, line.kept) for line in found), ZERO)


@given(returned_in_parts())
def test_what_was_charged_is_what_is_kept_plus_all_that_went_back(played):
    found, series = played
    charged = _kept(found)
    back = _play(found, series)
    assert sum(back, _kept(found)) == charged


@given(returned_in_parts())
def test_nothing_ever_goes_back_the_wrong_way(played):
    found, series = played
    for part in _play(found, series):
        assert part.cash >= part.gift_card >= Money(0, CNY)
        assert part.points >= 0
        assert part.earned >= 0


@given(returned_in_parts(), st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_number_of_returns_matters(played, random):
    found, series = played
    again = [KeptLine(**{name: getattr(line, name) for name in KeptLine.__slots__}) for line in found]
    units = [line for taken in series for line, count in taken.items() for _ in range(count)]
    random.shuffle(units)
    one_by_one = [{unit: 1} for unit in units]
    assert sum(_play(found, series), ZERO) == sum(_play(again, one_by_one), ZERO)


@given(returned_in_parts())
def test_what_is_kept_earns_what_it_would_have_earned_alone(played):
    found, series = played
    _play(found, series)
    for line in found:
        kept = kept_figures(line, line.kept)
        assert kept.earned == points_earned(kept.cash, kept.gift_card, line.rates)


@given(returned_in_parts())
def test_only_everything_in_one_go_is_a_full_return(played):
    found, series = played
    everything = {line.id: line.quantity for line in found}
    assert is_full(found, everything)
    if series:
        assert is_full(found, series[0]) == (series[0] == everything)
        _play(found, series)
        assert not is_full(found, {line.id: line.kept for line in found})
