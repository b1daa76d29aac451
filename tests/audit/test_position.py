"""How far the numbers reach, against a plain set of numbers, in every order and with repeats."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.audit.model.position import FindingKind, Missing, Position
from services.audit.model.record import Source
from tests.harness import START

SOURCE = Source("case", UUID(int=1))
MINUTE = timedelta(minutes=1)


@given(st.lists(st.integers(1, 40)))
def test_gaps_are_what_a_set_of_numbers_lacks(numbers: list[int]) -> None:
    position, seen = Position(SOURCE), set[int]()
    for number in numbers:
        assert position.take(number, START) is (number not in seen)
        seen.add(number)
        lacking = {number for gap in position.gaps for number in range(gap.first, gap.last + 1)}
        assert lacking == set(range(1, position.highest)) - seen
        assert position.highest == max(seen)
        assert position.contiguous == next(number for number in range(50) if number + 1 not in seen)
        assert position.gaps == sorted(position.gaps, key=lambda gap: gap.first)


def test_what_is_missing_is_found_when_its_producer_was_heard_a_minute_later() -> None:
    hole = Missing(SOURCE, FindingKind.HOLE, 2, 3, START)
    assert not hole.is_finding({})
    assert not hole.is_finding({"case": START + MINUTE - timedelta(seconds=1)})
    assert not hole.is_finding({"meeting": START + MINUTE})
    assert hole.is_finding({"case": START + MINUTE})


def test_a_height_counts_from_when_it_was_first_said_and_not_reached() -> None:
    position = Position(SOURCE)
    position.reach(2, START)
    position.reach(3, START + MINUTE)
    assert list(position.missing()) == [Missing(SOURCE, FindingKind.HEIGHT_MISSED, 1, 3, START)]
    for number in (1, 2, 3):
        position.take(number, START + MINUTE)
    assert list(position.missing()) == []
    position.reach(4, START + 2 * MINUTE)
    assert list(position.missing()) == [Missing(SOURCE, FindingKind.HEIGHT_MISSED, 4, 4, START + 2 * MINUTE)]


def test_an_older_height_says_nothing() -> None:
    position = Position(SOURCE)
    for number in (1, 2, 3):
        position.take(number, START)
    position.reach(2, START)
    assert list(position.missing()) == []
