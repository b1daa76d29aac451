"""Which looks a run takes: the same for the same seed, a sixth over all, and in time every one."""

from __future__ import annotations

import pytest

from tests.pages.looks import LOCALES, SHARE, base, drawn, further, taken
from tests.pages.pages import PAGES

ALL = [look for language in LOCALES for look in further(language)]


def test_there_are_twelve_looks_and_two_of_them_are_always_taken() -> None:
    always = [base(language) for language in LOCALES]
    assert len({*ALL, *always}) == len(ALL) + len(always) == 12


def test_the_same_seed_draws_the_same_and_another_something_else() -> None:
    first, again, other = ([drawn(page, by=seed) for page in PAGES] for seed in ("a", "a", "b"))
    assert first == again
    assert first != other


def test_every_state_is_drawn_for_and_a_sixth_of_all() -> None:
    counts = [len(drawn(page, by=str(seed))) for seed in range(50) for page in PAGES]
    assert min(counts) == 1
    assert sum(counts) / (len(counts) * len(ALL)) == pytest.approx(1 / SHARE, rel=0.05)


def test_in_time_every_look_at_every_state_is_drawn() -> None:
    for page in PAGES:
        assert {look for seed in range(200) for look in drawn(page, by=str(seed))} == set(ALL)


def test_a_full_run_takes_all_and_a_usual_one_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGES[0]
    monkeypatch.setenv("RONDETAFEL_PAGES", "drawn")
    assert [look for language in LOCALES for look in taken(page, language)] != ALL
    assert {look for language in LOCALES for look in taken(page, language)} == set(drawn(page))
    monkeypatch.setenv("RONDETAFEL_PAGES", "full")
    assert [look for language in LOCALES for look in taken(page, language)] == ALL
