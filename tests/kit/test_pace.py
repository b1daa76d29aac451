"""A pace gives no more than its burst and its rate, tells truly when to come again, and keeps bounded memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.pace import Pace

BURSTS = st.floats(min_value=1, max_value=1_000)
RATES = st.floats(min_value=0.01, max_value=1_000)
STEPS = st.lists(st.tuples(st.floats(min_value=0, max_value=100), st.floats(min_value=0, max_value=1)), max_size=60)


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@given(burst=BURSTS, rate=RATES, steps=STEPS)
def test_in_any_span_a_key_takes_at_most_its_burst_and_its_rate(
    burst: float, rate: float, steps: list[tuple[float, float]]
) -> None:
    clock = Hand()
    pace = Pace(burst, rate, clock)
    taken: list[tuple[float, float]] = []
    for pause, share in steps:
        clock.now += pause
        cost = share * burst
        if pace.take("key", cost) == 0.0:
            taken.append((clock.now, cost))
    for first in range(len(taken)):
        span = clock.now - taken[first][0]
        assert sum(cost for _, cost in taken[first:]) <= burst + rate * span + 1e-4


@given(burst=BURSTS, rate=RATES, steps=STEPS)
def test_who_waits_as_long_as_told_is_let_in_and_who_comes_earlier_is_not(
    burst: float, rate: float, steps: list[tuple[float, float]]
) -> None:
    clock = Hand()
    pace = Pace(burst, rate, clock)
    for pause, share in steps:
        clock.now += pause
        if (wait := pace.take("key", share * burst)) > 1e-6:
            clock.now += wait / 2
            assert pace.take("key", share * burst) > 0.0
            clock.now += wait / 2 + 1e-9
            assert pace.take("key", share * burst) == 0.0


def test_a_refused_take_costs_nothing_and_no_other_key() -> None:
    clock = Hand()
    pace = Pace(2, 0.5, clock)
    assert [pace.take("one") for _ in range(4)] == [0.0, 0.0, 2.0, 2.0]
    assert pace.take("other") == 0.0
    clock.now += 2
    assert (pace.take("one"), pace.take("one")) == (0.0, 2.0)
    pace.forget("one")
    assert pace.take("one") == 0.0


def test_memory_is_bounded_and_who_comes_often_is_not_forgotten() -> None:
    clock = Hand()
    pace = Pace(1, 0.001, clock, most_keys=100)
    assert pace.take("often") == 0.0
    for number in range(10_000):
        assert pace.take(number) == 0.0
        assert pace.take("often") > 0.0
    assert len(pace) == 100


@pytest.mark.parametrize("cost", [-1, 3])
def test_a_cost_that_no_bucket_ever_holds_is_a_mistake(cost: float) -> None:
    with pytest.raises(ValueError, match="no bucket"):
        Pace(2, 1).take("key", cost)


@pytest.mark.parametrize(("burst", "rate", "keys"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_a_pace_of_nothing_is_a_mistake(burst: float, rate: float, keys: int) -> None:
    with pytest.raises(ValueError, match="greater than nothing"):
        Pace(burst, rate, most_keys=keys)
