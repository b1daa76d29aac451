"""Wrong tries bring growing waits, per key, in bounded memory, and fade."""

from __future__ import annotations

from dataclasses import replace

from services.gate.tries import Measure, Tries
from tests.gate.clock import Seconds

MEASURE = Measure(free=3, first=10, most=60, fades=100, ceiling=8)


def test_the_first_are_free_and_then_each_wait_is_twice_the_last_up_to_the_most() -> None:
    clock = Seconds()
    tries = Tries(replace(MEASURE, fades=1e9), clock)
    waits = []
    for _ in range(7):
        tries.charge("a")
        waits.append(round(tries.wait("a")))
        clock.now += tries.wait("a")
    assert waits == [0, 0, 10, 20, 40, 60, 60]
    assert tries.wait("b") == 0, "another key is nobody's business"


def test_what_was_not_tried_again_fades() -> None:
    clock = Seconds()
    tries = Tries(MEASURE, clock)
    for _ in range(20):
        tries.charge("a")
    assert tries.level("a") == 8, "an attacker of a day is not held against the owner for a week"
    clock.now += 500
    assert tries.level("a") == 3
    clock.now += 10_000
    assert tries.level("a") == 0


def test_a_try_that_was_right_is_taken_back_with_its_wait() -> None:
    clock = Seconds()
    tries = Tries(MEASURE, clock)
    for _ in range(3):
        tries.charge("a")
    assert tries.wait("a") > 0
    tries.take_back("a")
    assert (tries.level("a"), tries.wait("a")) == (2, 0)
    tries.take_back("nobody")
    assert len(tries) == 1


def test_in_a_queue_one_waits_from_the_first_time_one_came_and_not_from_the_last() -> None:
    clock = Seconds()
    tries = Tries(MEASURE, clock)
    assert tries.wait("a", queue=30) == 30
    clock.now += 20
    assert tries.wait("a", queue=30) == 10
    clock.now += 10
    assert tries.wait("a", queue=30) == 0
    tries.charge("a")
    assert tries.wait("a", queue=30) == 30, "one try each time"


def test_memory_is_bounded_and_the_longest_unseen_goes() -> None:
    clock = Seconds()
    tries = Tries(MEASURE, clock, most_keys=100)
    for number in range(1000):
        tries.charge(number)
        tries.charge("always")
    assert len(tries) == 100
    assert tries.level("always") == 8
    assert tries.level(0) == 0
