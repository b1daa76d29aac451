"""Rules that need no database: enterprise numbers, the days of a mandate, the law's own times, the data files."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.kit.clock import BRUSSELS
from services.kit.fields import is_kbo_number
from services.kit.policy import SEATS, Role
from services.partner_directory.data import FOLDER, current_undertaking, law_rows, municipality_rows
from services.partner_directory.errors import (
    ClearanceMissing,
    ClearanceNotAsked,
    LegalBasisNotForKind,
    LegalBasisNotForRegion,
    LegalBasisNotInForce,
    MandateOver,
    MandateReversed,
    MandateTooLong,
)
from services.partner_directory.model import (
    ALLOWS,
    PARTNER_KINDS,
    REGIONS,
    SPEAK,
    LegalBasis,
    Mandate,
    MandateState,
    Window,
    clearance_end,
    legal_basis_on,
    years_after,
)

DAYS = st.dates(date(1900, 1, 1), date(2190, 1, 1))


@given(st.integers(0, 19_999_999))
@example(97)
@example(96)
def test_of_all_check_digits_exactly_one_fits(first_eight: int) -> None:
    fitting = [two for two in range(100) if is_kbo_number(f"{first_eight:08}{two:02}")]
    assert fitting == [97 - first_eight % 97]


@given(st.integers(0, 19_999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first_eight: int, place: int, change: int) -> None:
    number = f"{first_eight:08}{97 - first_eight % 97:02}"
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    assert is_kbo_number(number)
    assert not is_kbo_number(wrong)


@pytest.mark.parametrize(
    "text", ["", "041749710", "04174971066", "2417497106", "041749710x", "٠٤١٧٤٩٧١٠٦", " 417497106"]
)
def test_what_is_no_enterprise_number(text: str) -> None:
    assert is_kbo_number("0417497106")
    assert not is_kbo_number(text)


@given(DAYS, st.integers(0, 6 * 366), st.integers(-3, 3))
@example(date(2024, 2, 29), 5 * 365 + 1, 0)
def test_invariant_25_a_window_is_whole_days_in_brussels(first: date, length: int, today_offset: int) -> None:
    last = first + timedelta(days=length)
    today = last + timedelta(days=today_offset)
    if last >= years_after(first, 5):
        with pytest.raises(MandateTooLong):
            Window.of(first, last, today)
        return
    if last < today:
        with pytest.raises(MandateOver):
            Window.of(first, last, today)
        return
    window = Window.of(first, last, today)
    starts, ends = window.starts_at.astimezone(BRUSSELS), window.ends_at.astimezone(BRUSSELS)
    assert (starts.date(), starts.time()) == (first, datetime.min.time())
    assert (ends.date(), ends.time()) == (last + timedelta(days=1), datetime.min.time())
    mandate = mandate_of(window)
    assert mandate.last_day == last
    assert mandate.state_at(window.ends_at - timedelta(microseconds=1)) is MandateState.ACTIVE
    assert mandate.state_at(window.ends_at) is MandateState.ENDED
    assert mandate.state_at(window.starts_at - timedelta(microseconds=1)) is MandateState.PLANNED


@given(DAYS, st.integers(1, 1000))
def test_a_window_does_not_end_before_it_begins(first: date, back: int) -> None:
    with pytest.raises(MandateReversed):
        Window.of(first, first - timedelta(days=back), date(1900, 1, 1))


@pytest.mark.parametrize(
    ("day", "starts_at", "ends_at", "hours"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC), 23),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), 25),
        (date(2026, 11, 24), datetime(2026, 11, 23, 23, tzinfo=UTC), datetime(2026, 11, 24, 23, tzinfo=UTC), 24),
    ],
)
def test_invariant_25_both_clock_changes(day: date, starts_at: datetime, ends_at: datetime, hours: int) -> None:
    window = Window.of(day, day, day)
    assert (window.starts_at, window.ends_at) == (starts_at, ends_at)
    assert window.ends_at - window.starts_at == timedelta(hours=hours)
    assert mandate_of(window).last_day == day


def mandate_of(window: Window) -> Mandate:
    """A mandate of these days, with nothing else."""
    mandate = Mandate(starts_at=window.starts_at, ends_at=window.ends_at)
    mandate.settle()
    return mandate


@given(DAYS, DAYS, DAYS, DAYS)
def test_a_legal_basis_counts_for_mandates_within_its_time(a: date, b: date, c: date, d: date) -> None:
    (in_force_from, in_force_to), (first, last) = sorted((a, b)), sorted((c, d))
    basis = LegalBasis(code="law", in_force_from=in_force_from, in_force_to=in_force_to)
    days = (first, last)
    assert basis.covers(*days) == all(in_force_from <= day <= in_force_to for day in days)


def test_the_version_in_force_is_found_and_gaps_are_explained() -> None:
    old = LegalBasis(code="law", in_force_from=date(2000, 1, 1), in_force_to=date(2009, 12, 31))
    new = LegalBasis(code="law", in_force_from=date(2010, 6, 1), in_force_to=None)
    assert legal_basis_on([old, new], date(2009, 1, 1), date(2009, 12, 31)) is old
    assert legal_basis_on([old, new], date(2010, 6, 1), date(2014, 1, 1)) is new
    with pytest.raises(LegalBasisNotInForce) as refused:
        legal_basis_on([old, new], date(2009, 12, 31), date(2010, 6, 1))
    assert refused.value.expected == "a mandate within its time, from 2000-01-01 to 2009-12-31, from 2010-06-01"


def test_a_legal_basis_is_for_its_kinds_and_regions() -> None:
    basis = LegalBasis(code="decree", partner_kinds=["caw", "clb"], regions=["flanders"])
    basis.expect_for("caw", {"flanders"})
    with pytest.raises(LegalBasisNotForKind):
        basis.expect_for("local_police", {"flanders"})
    with pytest.raises(LegalBasisNotForRegion):
        basis.expect_for("caw", {"flanders", "brussels"})
    LegalBasis(code="law", partner_kinds=[], regions=[]).expect_for("local_police", {"wallonia"})


def test_invariant_03_who_needs_a_clearance() -> None:
    window = Window.of(date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 1))
    ends_at = datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert clearance_end(Role.INFORMATION_OFFICER, date(2026, 6, 30), window) == ends_at
    assert clearance_end(Role.POLICE_CHIEF, None, window) is None
    assert clearance_end(Role.MAYOR, None, window) is None
    for missing in (None, date(2025, 12, 31)):
        with pytest.raises(ClearanceMissing):
            clearance_end(Role.INFORMATION_OFFICER, missing, window)
    with pytest.raises(ClearanceNotAsked):
        clearance_end(Role.MAYOR, date(2026, 6, 30), window)


@given(st.integers(1_770_000_000, 4_000_000_000))
def test_invariant_07_an_undertaking_lasts_a_year_at_most_the_mandate(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    whole_day = moment.astimezone(BRUSSELS).date()
    long, short = (
        mandate_of(Window.of(whole_day, last, whole_day))
        for last in (whole_day + timedelta(days=800), whole_day + timedelta(days=100))
    )
    long.undertake("2026-1", at=moment)
    short.undertake("2026-1", at=moment)
    assert long.undertaken_until is not None
    last_day = (long.undertaken_until - timedelta(microseconds=1)).astimezone(BRUSSELS).date()
    assert last_day == years_after(whole_day, 1) - timedelta(days=1)
    assert short.undertaken_until == short.ends_at


def test_an_undertaking_is_inherited_within_the_time_of_the_mandate() -> None:
    day = date(2026, 5, 1)
    earlier, longer, shorter = (mandate_of(Window.of(day, day + timedelta(days=days), day)) for days in (400, 500, 10))
    longer.inherit_undertaking(earlier)
    assert longer.undertaken_until is None
    earlier.undertake("2026-1", at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    longer.inherit_undertaking(earlier)
    shorter.inherit_undertaking(earlier)
    assert (longer.undertaken_until, longer.undertaking_version) == (earlier.undertaken_until, "2026-1")
    assert shorter.undertaken_until == shorter.ends_at


def test_a_mandate_overlaps_its_like_only() -> None:
    organisation_id = uuid4()

    def like(days: int = 0, role: str = "participant", towns: tuple[str, ...] = ("24001",)) -> Mandate:
        window = Window.of(date(2026, 1, 1) + timedelta(days=days), date(2026, 1, 31) + timedelta(days=days), date.min)
        times = {"starts_at": window.starts_at, "ends_at": window.ends_at}
        return Mandate(organisation_id=organisation_id, role=role, nis_codes=list(towns), **times)

    assert like().covers_some_of(like(30))
    assert not like().covers_some_of(like(31))
    assert not like().covers_some_of(like(role="minute_taker"))
    assert not like().covers_some_of(like(towns=("24008",)))


def test_the_municipalities_are_the_countrys() -> None:
    rows = municipality_rows()
    codes = {row["nis_code"] for row in rows}
    present = [row for row in rows if row["valid_to"] is None]
    assert (len(rows), len(codes), len(present)) == (594, 594, 565)
    assert all(row["successor"] in codes for row in rows if row["valid_to"] is not None)
    assert {row["region"] for row in rows} == set(REGIONS)


@given(st.dates(date(2018, 9, 24), date(2099, 12, 31)))
def test_on_every_day_one_legal_basis_lets_people_speak(day: date) -> None:
    speaking = [row for row in law_rows() if SPEAK in row["allows"]]
    later = date(9999, 12, 31)
    assert sum(row["in_force_from"] <= day <= (row["in_force_to"] or later) for row in speaking) == 1


def test_the_legal_bases_name_known_kinds_and_regions() -> None:
    for row in law_rows():
        assert set(row["allows"]) <= ALLOWS
        assert row["allows"]
        assert all(row[f"{text}_{code}"] for text in ("title", "name") for code in ("nl", "fr", "de", "en"))
        assert set(row["partner_kinds"]) <= PARTNER_KINDS
        assert set(row["regions"]) <= set(REGIONS)
        assert row["source"]


def test_the_undertaking_is_there_in_four_languages() -> None:
    current = current_undertaking(date(2026, 11, 24))
    assert current.version == "2026-1"
    assert all((current.nl, current.fr, current.de, current.en))


def test_the_seats_of_the_law_are_the_seats_of_the_platform() -> None:
    (version,) = json.loads((FOLDER / "mandatory_seats.json").read_text())
    assert {seat: frozenset(roles) for seat, roles in version["seats"].items()} == SEATS


def test_no_retention_term_passes_the_hard_maximum() -> None:
    (terms,) = json.loads((FOLDER / "retention_terms.json").read_text())
    assert terms["longest_years_from_listing"] == 5
    assert terms["case_no_action_months"] <= terms["case_closed_months"] <= 12 * terms["longest_years_from_listing"]
