"""People known in part: one name, a year of birth, an estimated age; and who is treated as a minor."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.age import MARGIN, Age, Minority, age_of, born_between, decide_minor
from services.case.commands.propose_case import propose_case
from services.case.errors import BestInterestMissing, BirthInFuture, BirthTooLongAgo, MinorContradicted
from services.case.person import EstimatedAge, PersonConcerned
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import Invalid
from services.kit.fields import FieldMalformed, FieldMissing
from services.kit.partial_dates import PartialDay, age_on
from tests.case.story import SIGNAL, Story, story
from tests.harness import Harness

TODAY = date(2026, 11, 24)
"""Of the harness' clock."""


def known(birth: PartialDay | EstimatedAge | None, given_name: str = "Milan", **more: Any) -> PersonConcerned:
    """Somebody of whom this is known."""
    day, age = (birth, None) if isinstance(birth, PartialDay) else (None, birth)
    return PersonConcerned(given_name, more.pop("family_name", ""), day, "", age, **more)


async def entered(our: Story, person: PersonConcerned, minor: bool | None = None) -> Any:
    """The signal about somebody, as its coordinator reads it."""
    await our.enter(person=person, minor=minor)
    return await our.coordinator.run(read_signal, ReadSignal(our.signal.id))


async def test_one_name_and_a_year_are_enough_and_go_with_the_case(harness: Harness) -> None:
    our = await story(harness)
    person = known(PartialDay(2010), also_known_as="Mil, de lange")
    view = await entered(our, person)
    assert (view.person, view.age, view.frame.minor) == (person, Age(15, 16), True)
    our._keep(await our.coordinator.run(propose_case, our.proposal()))
    case = await our.read(our.mayor)
    assert (case.person, case.age) == (person, Age(15, 16))


async def test_an_estimated_age_is_kept_with_its_day(harness: Harness) -> None:
    our = await story(harness)
    person = known(EstimatedAge(16, date(2025, 11, 24)), given_name="", family_name="Claes")
    view = await entered(our, person)
    assert (view.person, view.age, view.age.minor) == (person, Age(15, 19), Minority.POSSIBLY)


@pytest.mark.parametrize(
    ("birth", "error", "field"),
    [
        (PartialDay(2091, 11, 24), BirthInFuture, "person.birth_date"),
        (PartialDay(2026, 11, 25), BirthInFuture, "person.birth_date"),
        (PartialDay(2026, 12), BirthInFuture, "person.birth_date"),
        (PartialDay(2027), BirthInFuture, "person.birth_date"),
        (EstimatedAge(16, date(2026, 11, 25)), BirthInFuture, "person.estimated_age.as_of"),
        (PartialDay(1904), BirthTooLongAgo, "person.birth_date"),
        (PartialDay(1905, 11, 24), BirthTooLongAgo, "person.birth_date"),
        (EstimatedAge(60, date(1960, 1, 1)), BirthTooLongAgo, "person.estimated_age.as_of"),
    ],
)
async def test_who_is_not_born_yet_or_older_than_people_get_is_refused(
    harness: Harness, birth: PartialDay | EstimatedAge, error: type[Invalid], field: str
) -> None:
    our = await story(harness)
    assert await our.enter(person=known(PartialDay(2026)), minor=None)
    assert await our.enter(person=known(PartialDay(1905, 11, 25)), minor=None)
    with pytest.raises(error) as refused:
        await our.enter(person=known(birth), minor=None)
    assert (refused.value.field, refused.value.expected) == (field, "today or before, and not more than 120 years ago")


@pytest.mark.parametrize(
    ("birth", "stated", "minor"),
    [
        (None, True, True),
        (None, False, False),
        (PartialDay(2009), None, True),
        (PartialDay(2009), True, True),
        (PartialDay(2008), None, True),
        (PartialDay(2008), True, True),
        (PartialDay(2008), False, True),
        (PartialDay(2008, 11), False, True),
        (PartialDay(2008, 11, 25), None, True),
        (PartialDay(2008, 11, 24), None, False),
        (PartialDay(2008, 10), None, False),
        (PartialDay(2007), False, False),
        (EstimatedAge(15, TODAY), None, True),
        (EstimatedAge(17, TODAY), False, True),
        (EstimatedAge(20, TODAY), None, False),
        (EstimatedAge(17, date(2022, 1, 1)), None, False),
    ],
)
def test_invariant_10_whoever_may_be_a_minor_is_treated_as_one(
    birth: PartialDay | EstimatedAge | None, stated: bool | None, minor: bool
) -> None:
    assert decide_minor(known(birth), stated, TODAY) is minor


@pytest.mark.parametrize(
    ("birth", "right", "wrong", "error"),
    [
        (PartialDay(2010), True, False, MinorContradicted),
        (PartialDay(1990, 4, 2), False, True, MinorContradicted),
        (EstimatedAge(40, TODAY), None, True, MinorContradicted),
        (None, False, None, FieldMissing),
    ],
)
async def test_invariant_10_a_statement_against_the_birth_and_none_at_all_are_refused(
    harness: Harness,
    birth: PartialDay | EstimatedAge | None,
    right: bool | None,
    wrong: bool | None,
    error: type[Invalid],
) -> None:
    our = await story(harness)
    assert await our.enter(person=known(birth), minor=right)
    with pytest.raises(error) as refused:
        await our.enter(person=known(birth), minor=wrong)
    assert refused.value.field == "minor"


async def test_invariant_10_the_case_of_whoever_may_be_a_minor_needs_the_best_interest(harness: Harness) -> None:
    our = await story(harness)
    view = await entered(our, known(PartialDay(2008)), minor=False)
    assert (view.frame.minor, view.age) == (True, Age(17, 18))
    with pytest.raises(BestInterestMissing):
        await our.coordinator.run(propose_case, our.proposal(best_interest=""))
    our._keep(await our.coordinator.run(propose_case, our.proposal()))
    assert (await our.read(our.mayor)).frame.minor


async def test_the_day_counts_in_brussels_and_the_mark_stays_as_it_was_decided(harness: Harness) -> None:
    """A quarter of an hour before and after midnight of the eighteenth birthday, of which UTC knows nothing yet."""
    our = await story(harness)
    harness.clock.now = datetime(2027, 3, 11, 22, 45, tzinfo=UTC)
    view = await entered(our, known(PartialDay(2009, 3, 12)))
    assert (view.frame.minor, view.age) == (True, Age(17, 17))
    harness.clock.advance(minutes=30)
    later = await our.coordinator.run(read_signal, ReadSignal(our.signal.id))
    assert (later.frame.minor, later.age) == (True, Age(18, 18))


@given(st.integers(0, 120), st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_an_estimate_is_right_within_its_margin(years: int, as_of: date) -> None:
    earliest, latest = born_between(known(EstimatedAge(years, as_of))) or (as_of, as_of)
    assert (age_on(as_of, latest), age_on(as_of, earliest)) == (max(years - MARGIN, 0), years + MARGIN)
    assert age_on(as_of, earliest - timedelta(days=1)) == years + MARGIN + 1


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_who_is_known_better_is_as_old_within_bounds(born: date, today: date) -> None:
    ages = [
        age_of(known(birth), today)
        for birth in (PartialDay.of(born), PartialDay(born.year, born.month), PartialDay(born.year))
    ]
    exact, *wider = [age for age in ages if age]
    assert exact.least == exact.most
    for age in wider:
        assert 0 <= age.least <= exact.least <= exact.most <= age.most
        assert age.minor in (exact.minor, Minority.POSSIBLY)


def test_what_was_sealed_before_still_opens() -> None:
    before = {"given_name": "Milan", "family_name": "Claes", "address": "Kerkstraat 1"}
    future = PartialDay(2091, 11, 24)
    for birth_date, read in (("2010-04-02", PartialDay(2010, 4, 2)), (None, None), (str(future), future)):
        person = PersonConcerned.from_json(json.dumps(before | {"birth_date": birth_date}))
        assert person == PersonConcerned("Milan", "Claes", read, "Kerkstraat 1")
    assert age_of(person, TODAY) == Age(0, 0)


@pytest.mark.parametrize(
    "person",
    [
        SIGNAL.person, known(None), known(PartialDay(2009, 3), also_known_as="Mil"), known(EstimatedAge(16, TODAY)),
    ],
)  # fmt: skip
def test_what_is_sealed_is_read_again(person: PersonConcerned) -> None:
    assert PersonConcerned.from_json(person.to_json()) == person


def test_nobody_is_without_a_name_and_nobody_is_born_twice() -> None:
    with pytest.raises(FieldMissing) as nameless:
        replace(SIGNAL.person, given_name="", family_name="")
    with pytest.raises(FieldMalformed) as twice:
        replace(SIGNAL.person, estimated_age=EstimatedAge(16, TODAY))
    assert (nameless.value.field, twice.value.field) == ("given_name", "estimated_age")
    assert replace(SIGNAL.person, birth_date=None, estimated_age=EstimatedAge(16, TODAY), given_name="")
