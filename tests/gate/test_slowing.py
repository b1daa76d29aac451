"""Guessing is slowed, whoever is guessed at is not: the attacks one by one, with a clock that the test moves."""

from __future__ import annotations

from services.gate.attempt import Step
from services.gate.slowing import ADDRESS, DEVICE, PAIR, QUARTER, Slowing
from tests.gate.clock import Seconds

HERE, THERE = "192.0.2.1", "198.51.100.9"
NELE, KARIM = "nele", "karim"
OWN = {NELE: "device-1"}


def wrong(slowing: Slowing, step: Step, address: str, account: str, times: int = 1) -> float:
    """Try wrongly until it is refused or so often; the wait after that."""
    for _ in range(times):
        if (wait := slowing.ask(step, address, {account}, {}).wait) > 0:
            return wait
    return 0.0


def test_wrong_tries_from_one_address_bring_waits_there_and_nowhere_else() -> None:
    slowing = Slowing(Seconds())
    assert wrong(slowing, Step.PASSWORD, HERE, NELE, 5) == 0
    assert wrong(slowing, Step.PASSWORD, HERE, NELE) == PAIR[Step.PASSWORD].first
    assert slowing.ask(Step.PASSWORD, THERE, {NELE}, {}).wait == 0, "the same account from another address"
    assert slowing.ask(Step.PASSWORD, HERE, {KARIM}, {}).wait == 0, "another account from the same address"


def test_many_at_once_count_each() -> None:
    """They are counted before Keycloak answers: a hundred open requests are not a hundred free tries."""
    slowing = Slowing(Seconds())
    permits = [slowing.ask(Step.PASSWORD, HERE, {NELE}, {}) for _ in range(100)]
    assert sum(permit.wait == 0 for permit in permits) == 5


def test_a_device_that_signed_in_before_is_never_slowed_by_others() -> None:
    slowing = Slowing(Seconds())
    for number in range(200):
        for _ in range(6):
            slowing.ask(Step.PASSWORD, f"203.0.113.{number}", {NELE}, {})
    wrong(slowing, Step.PASSWORD, HERE, NELE, 50)
    assert slowing.ask(Step.PASSWORD, HERE, {NELE}, {}).wait > 0
    assert slowing.ask(Step.PASSWORD, HERE, {NELE}, OWN).wait == 0, "at the attacker's own address even"


def test_a_stolen_device_cookie_does_not_guess_without_end_nor_shut_its_owner_out() -> None:
    clock = Seconds()
    slowing = Slowing(clock)
    allowed = sum(slowing.ask(Step.PASSWORD, THERE, {NELE}, OWN).wait == 0 for _ in range(100))
    assert allowed == DEVICE.free + PAIR[Step.PASSWORD].free
    assert slowing.ask(Step.PASSWORD, HERE, {NELE}, OWN).wait == 0, "the owner elsewhere, with the very same cookie"
    in_a_day = 0
    for _ in range(24 * 60):
        clock.now += 60
        in_a_day += slowing.ask(Step.PASSWORD, THERE, {NELE}, OWN).wait == 0
    assert in_a_day < 250


def test_guessing_from_many_places_makes_new_ones_wait_a_quarter_of_an_hour_at_most() -> None:
    clock = Seconds()
    slowing = Slowing(clock)
    guesses = 0
    for number in range(5000):
        guesses += slowing.ask(Step.PASSWORD, f"10.0.{number % 250}.{number // 250}", {NELE}, {}).wait == 0
    assert guesses < 50, "not five thousand, and not one for each address"
    wait = slowing.ask(Step.PASSWORD, THERE, {NELE}, {}).wait
    assert 0 < wait <= QUARTER
    clock.now += QUARTER
    for number in range(5000):
        slowing.ask(Step.PASSWORD, f"10.1.{number % 250}.{number // 250}", {NELE}, {})
    assert slowing.ask(Step.PASSWORD, THERE, {NELE}, {}).wait == 0, "nobody takes the turn of another address"


def test_spraying_many_accounts_from_one_address_is_slowed() -> None:
    clock = Seconds()
    slowing = Slowing(clock)
    assert sum(slowing.ask(Step.PASSWORD, HERE, {f"someone{n}"}, {}).wait == 0 for n in range(1000)) == ADDRESS.free
    in_an_hour = 0
    for number in range(3600):
        clock.now += 1
        in_an_hour += slowing.ask(Step.PASSWORD, HERE, {f"other{number}"}, {}).wait == 0
    assert in_an_hour <= 200
    assert slowing.ask(Step.PASSWORD, HERE, {NELE}, OWN).wait == 0, "a colleague behind the same address"
    assert slowing.ask(Step.PASSWORD, THERE, {"someone1"}, {}).wait == 0


def test_codes_have_one_turn_for_all_strange_devices() -> None:
    """Who is asked for a code knew the password: from a thousand addresses it is some thirty guesses a day."""
    clock = Seconds()
    slowing = Slowing(clock)
    guesses = 0
    for number in range(24 * 60 * 6):
        clock.now += 10
        guesses += slowing.ask(Step.CODE, f"10.0.{number % 250}.{number % 4}", {NELE}, {}).wait == 0
    assert guesses <= 40
    assert slowing.ask(Step.CODE, HERE, {NELE}, OWN).wait == 0
    assert slowing.ask(Step.PASSWORD, HERE, {NELE}, {}).wait == 0, "a code is not a password"


def test_what_was_right_clears_the_pair_and_is_no_burden_to_the_nets() -> None:
    slowing = Slowing(Seconds())
    for _ in range(1000):
        permit = slowing.ask(Step.PASSWORD, HERE, {NELE}, {})
        assert permit.wait == 0
        permit.right(alone=True)
    wrong(slowing, Step.PASSWORD, HERE, NELE, 4)
    slowing.ask(Step.PASSWORD, HERE, {NELE}, {}).right(alone=True)
    assert wrong(slowing, Step.PASSWORD, HERE, NELE, 5) == 0


def test_the_own_success_does_not_clear_what_was_tried_on_another() -> None:
    """A sign-in that named both counts for both; signing in to one's own account there gives no new tries."""
    slowing = Slowing(Seconds())
    wrong(slowing, Step.PASSWORD, HERE, NELE, 4)
    slowing.ask(Step.PASSWORD, HERE, {NELE, KARIM}, {}).right(alone=False)
    assert wrong(slowing, Step.PASSWORD, HERE, NELE, 1) == 0
    assert wrong(slowing, Step.PASSWORD, HERE, NELE, 1) > 0


def test_what_keycloak_never_saw_costs_nothing() -> None:
    slowing = Slowing(Seconds())
    for _ in range(100):
        slowing.ask(Step.PASSWORD, HERE, {NELE}, {}).untried()
    assert slowing.ask(Step.PASSWORD, HERE, {NELE}, {}).wait == 0
