"""Days, times and births as people type them."""

from __future__ import annotations

from collections import Counter
from datetime import date, time

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from services.kit.partial_dates import PartialDay
from services.portal.model import LANGUAGES
from services.portal.web.ui.forms import NOT_A_BIRTH, NOT_A_DAY, NOT_A_TIME, Form
from services.portal.web.ui.language import Languages
from services.portal.web.ui.sentences import SENTENCES
from services.portal.web.ui.typed import About, birth_of, day_of, months, time_of

WORDS = Languages()
WIDTHS = ("wide", "abbreviated")
HALF_PAST_TWO = [
    "14.30", "14:30", "14,30", "14h30", "14 h 30", "14H30", "14u30", "14u30 ", "14 u 30", "1430", "14 uur 30",
    "14.30 uur", "14.30 u", "14 heures 30", "14:30 h", "14 Uhr 30", "14.30 Uhr", " 14 . 30 ", "14 h 30 min",
    "14\u00a0h\u00a030", "14u.30", "14 u. 30", "14.30 u.", "14.30u.", "14u30 min.",
]  # fmt: skip
TWO = ["14", "14 h", "14h", "14u", "14 uur", "14 heures", "14 Uhr", "14.00", "1400", "14 hours", "14 u.", "14h."]
NO_TIME = [
    "14.3", "14:3", "14h3", "14,3", "14 30 00", "14:30:00", "24.00", "24", "25.10", "14.60", "2460", "130", "930",
    "half drie", "2 pm", "noen", "-1", "14.30.00", "14..30", "9" * 5_000, "14,5", "14.", "14.30.",
]  # fmt: skip

DAY = [
    "24/11/2026", "24-11-2026", "24.11.2026", "24 11 2026", "24. 11. 2026", "24 november 2026", "24 novembre 2026",
    "24. November 2026", "24 nov 2026", "24 nov. 2026", "24-nov-2026", "24 NOVEMBER 2026", "24e november 2026",
    "2026-11-24", "2026/11/24", "24th November 2026",
]  # fmt: skip
NO_DAY = [
    "24 nov", "24/11", "24/11/26", "11/24/2026", "31/2/2026", "29 2 2026", "24112026", "20261124", "november 2026",
    "2026", "24 brumaire 2026", "24 11 1899", "24 11 2200", "0 11 2026", "24 0 2026", "gisteren", "24/11/2026 14:30",
    "24 11 2026 1", "9" * 5_000, "24 november november 2026",
]  # fmt: skip

BIRTHS: list[tuple[str, PartialDay | About]] = [
    ("2009", PartialDay(2009)),
    ("03/2009", PartialDay(2009, 3)),
    ("3/2009", PartialDay(2009, 3)),
    ("2009-03", PartialDay(2009, 3)),
    ("maart 2009", PartialDay(2009, 3)),
    ("mars 2009", PartialDay(2009, 3)),
    ("März 2009", PartialDay(2009, 3)),
    ("Mrt. 2009", PartialDay(2009, 3)),
    ("12/03/2009", PartialDay(2009, 3, 12)),
    ("12.3.2009", PartialDay(2009, 3, 12)),
    ("1er août 2009", PartialDay(2009, 8, 1)),
    ("2009-03-12", PartialDay(2009, 3, 12)),
    ("16", About(16)),
    ("16 jaar", About(16)),
    ("ongeveer 16", About(16)),
    ("ca. 16", About(16)),
    ("circa 16 jaar", About(16)),
    ("± 16", About(16)),
    ("~16", About(16)),
    ("environ 16 ans", About(16)),
    ("à peu près 16 ans", About(16)),
    ("about 16", About(16)),
    ("etwa 16 Jahre", About(16)),
    ("ungefähr 16", About(16)),
    ("0", About(0)),
    ("vers 16 ans", About(16)),
    ("vers les 16 ans", About(16)),
    ("+/- 16", About(16)),
    ("+/-16 jaar", About(16)),
    ("+- 16", About(16)),
    ("ca 16", About(16)),
    ("16 ans environ", About(16)),
    ("16 jaar ongeveer", About(16)),
    ("16 ca.", About(16)),
    ("120", About(120)),
    ("1900", PartialDay(1900)),
]
NO_BIRTH = [
    "09", "16 of 17", "15-17", "rond 2009", "13/2009", "2009-13", "onbekend", "-16", "'09",
    "12/03", "16.5", "16 environ environ", "+16", "0899",
]  # fmt: skip
TOO_LONG_AGO = ["1899", "121", "121 jaar", "ongeveer 130", "12/03/1899", "maart 1850", "1850-03", "200 ans environ"]


@pytest.mark.parametrize("typed", HALF_PAST_TWO)
def test_half_past_two_however_it_is_written(typed: str) -> None:
    assert time_of(typed) == time(14, 30)


@pytest.mark.parametrize("typed", TWO)
def test_on_the_hour(typed: str) -> None:
    assert time_of(typed) == time(14)


@pytest.mark.parametrize("typed", DAY)
def test_a_day_however_it_is_written(typed: str) -> None:
    assert day_of(typed) == birth_of(typed).first == date(2026, 11, 24)  # type: ignore[union-attr]


@pytest.mark.parametrize(("typed", "known"), BIRTHS)
def test_a_birth_as_far_as_it_is_known(typed: str, known: PartialDay | About) -> None:
    assert birth_of(typed) == known


@pytest.mark.parametrize(
    ("read", "typed", "sentence"),
    [
        *(("clock", typed, NOT_A_TIME) for typed in NO_TIME),
        *(("day", typed, NOT_A_DAY) for typed in NO_DAY),
        *(("birth", typed, NOT_A_BIRTH) for typed in NO_BIRTH),
        *(("birth", typed, SENTENCES["BirthTooLongAgo"]) for typed in TOO_LONG_AGO),
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused_at_its_field(read: str, typed: str, sentence: str) -> None:
    right = Form(WORDS["en"], {"f": [{"clock": "14.30", "day": "24/11/2026", "birth": "2009"}[read]]})
    assert getattr(right, read)("f")
    assert right.errors == {}
    form = Form(WORDS["en"], {"f": [typed]})
    assert getattr(form, read)("f") is None
    assert form.errors == {"f": sentence}
    assert form.value("f") == typed


@pytest.mark.parametrize(
    "parts",
    [
        {"day": "24", "month": "11", "year": "2026"},
        {"day": "24.", "month": "november", "year": "2026"},
        {"day": "1er", "month": "août", "year": "2026"},
        {"day": "24/11/2026"},
        {"year": "2026-11-24"},
    ],
)
def test_three_fields_hold_a_day_in_parts_or_whole(parts: dict[str, str]) -> None:
    form = Form(WORDS["fr"], {f"f-{part}": [typed] for part, typed in parts.items()})
    assert form.iso_day("f") in ("2026-11-24", "2026-08-01")
    assert form.errors == {}


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(LANGUAGES), st.sampled_from(WIDTHS))
def test_a_day_as_our_languages_write_it_is_read(day: date, code: str, width: str) -> None:
    name = Locale(code).months["format"][width][day.month]
    assert day_of(f"{day.day} {name} {day.year}") == day_of(f"{day:%d/%m/%Y}") == day_of(day.isoformat()) == day


@given(st.times())
def test_a_time_as_our_pages_write_it_is_read(at: time) -> None:
    minute = at.replace(second=0, microsecond=0)
    for form in ("{0.hour}.{0.minute:02} uur", "{0.hour} h {0.minute:02}", "{0.hour}:{0.minute:02}"):
        assert time_of(form.format(minute)) == minute


@given(st.text(max_size=30))
def test_nothing_breaks_it(typed: str) -> None:
    for read in (time_of, day_of, birth_of):
        read(typed)


def test_no_name_is_that_of_two_months() -> None:
    names: dict[str, set[int]] = {}
    for code in LANGUAGES:
        for width in WIDTHS:
            for number, name in Locale(code).months["format"][width].items():
                names.setdefault(name.lower().rstrip("."), set()).add(number)
    assert {name: found for name, found in names.items() if len(found) > 1} == {}
    assert Counter(months().values()).keys() == set(range(1, 13))
