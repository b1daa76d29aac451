"""Days known in part, and ages by them: what a day may be, and how old somebody is at least and at most."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.fields import DateOutOfRange, FieldMalformed
from services.kit.partial_dates import OLDEST, PartialDay, age_on, last_born, parse_age, parse_partial_day

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
YEARS = st.integers(0, OLDEST)


@given(DAYS)
def test_the_less_is_known_the_wider_it_is(day: date) -> None:
    exact, month, year = PartialDay.of(day), PartialDay(day.year, day.month), PartialDay(day.year)
    assert exact.first == exact.last == day
    assert year.first <= month.first <= day <= month.last <= year.last
    assert (month.first.day, (month.last + timedelta(days=1)).day) == (1, 1)
    assert (year.first, year.last) == (date(day.year, 1, 1), date(day.year, 12, 31))


@given(DAYS)
def test_its_text_is_an_iso_date_cut_short_and_read_again(day: date) -> None:
    iso = day.isoformat()
    for known, text in ((PartialDay.of(day), iso), (PartialDay(day.year, day.month), iso[:7])):
        assert (str(known), PartialDay.from_text(text), parse_partial_day(text, "f")) == (text, known, known)
    assert str(PartialDay(day.year)) == iso[:4]


@given(DAYS, DAYS)
def test_an_age_is_the_number_of_birthdays(one_day: date, another: date) -> None:
    born, day = sorted((one_day, another))
    age = age_on(day, born)
    assert 0 <= age <= day.year - born.year
    assert last_born(day, age + 1) < born <= last_born(day, age)


@given(DAYS, YEARS)
def test_the_last_day_of_birth_is_the_last(day: date, years: int) -> None:
    born = last_born(day, years)
    assert age_on(day, born) == years
    assert age_on(day, born + timedelta(days=1)) == years - 1


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 11, 29), date(2026, 11, 29), 18),
        (date(2008, 11, 30), date(2026, 11, 29), 17),
    ],
)
def test_birthdays_on_and_about_a_leap_day(born: date, day: date, age: int) -> None:
    assert age_on(day, born) == age


@pytest.mark.parametrize(
    "text",
    [
        "", "09", "209", "20090", "2009-", "2009-3", "2009-13", "2009-00", "2009-03-00", "2009-02-30", "2009-02-29",
        "2009-03-12T", "２００９", "2009/03", "03/2009", "20090312", "2009-W10", " 2009", "0000", "9" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_such_text_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(FieldMalformed) as refused:
        parse_partial_day(text, "person.birth_date")
    assert refused.value.field == "person.birth_date"
    assert "2009-03" in (refused.value.expected or "")
    assert parse_partial_day("2008-02-29", "f") == PartialDay(2008, 2, 29)


@pytest.mark.parametrize("text", ["1899", "1899-12", "1899-12-31", "2200"])
def test_what_is_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(DateOutOfRange):
        parse_partial_day(text, "f")
    assert parse_partial_day("1900", "f") == PartialDay(1900)


def test_a_day_has_its_month() -> None:
    with pytest.raises(ValueError, match="month"):
        PartialDay(2009, None, 12)


@pytest.mark.parametrize("years", [-1, OLDEST + 1])
def test_an_age_nobody_has_is_refused(years: int) -> None:
    assert (parse_age(0, "f"), parse_age(OLDEST, "f")) == (0, OLDEST)
    with pytest.raises(FieldMalformed):
        parse_age(years, "f")
