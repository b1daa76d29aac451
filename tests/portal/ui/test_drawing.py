"""Where things stand in the pictures, and that their words fit."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.ui.drawing import LETTER, MonthAxis, heights, ring_positions, seat_radius, shorten

days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(st.integers(2, 40))
def test_seats_stand_round_the_table_and_do_not_touch(seats: int) -> None:
    places, radius = ring_positions(seats, 125, 160), seat_radius(seats, 125, 33)
    assert places[0] == (160, 35)
    assert len(places) == seats
    assert all(dist(pair, other) > 2 * radius for pair, other in pairwise(places))


@given(st.text("abcdeéW -", min_size=1).filter(str.strip), st.integers(2, 40))
def test_a_name_fits_in_its_seat(name: str, seats: int) -> None:
    radius = seat_radius(seats, 125, 33)
    said = shorten(name, radius)
    assert said
    assert len(said) <= max(2 * radius / LETTER, 1)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CAW", "CAW"),
        ("Jeugdhuis De Sluis", "Jeugdhuis"),
        ("Informatieambtenaar", "Informat."),
        ("Burgemeester", "Burgem."),
    ],
)
def test_names_are_shortened_as_people_would(name: str, said: str) -> None:
    assert shorten(name, 33) == said


def test_bars_are_as_high_as_their_share_and_none_of_nothing() -> None:
    assert heights([0, 1, 50, 100], 60) == [0, 2, 30, 60]
    assert heights([], 60) == []
    assert heights([0, 0], 60) == [0, 0]


@given(st.lists(days, min_size=1, max_size=8), days)
def test_the_axis_holds_every_day_and_bars_stay_inside(found: list[date], today: date) -> None:
    axis = MonthAxis.over(found, today)
    assert axis.months[0] == min([*found, today]).replace(day=1)
    assert 1 <= len(axis.labelled) <= 6
    for day in found:
        begins, wide = axis.place(day), axis.width(day, max(day, today))
        assert 0 <= begins < 100
        assert wide > 0
        assert begins + wide <= 100.01


def test_months_are_as_long_as_they_are() -> None:
    axis = MonthAxis.over([date(2026, 7, 6)], date(2026, 8, 24))
    assert axis.months == [date(2026, 7, 1), date(2026, 8, 1)]
    assert axis.place(date(2026, 7, 1)) == 0
    assert axis.place(date(2026, 8, 1)) == 50
    assert axis.width(date(2026, 7, 1), date(2026, 7, 31)) == 50
