"""The register of legal bases changes by new versions and last days alone, and is sound after each act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.errors import Conflict, Invalid
from services.partner_directory.data import law_rows
from services.partner_directory.errors import (
    LegalBasisInPast,
    LegalBasisOver,
    LegalBasisOverlaps,
    LegalBasisReversed,
    LegalBasisUnknown,
    SpeakingGap,
    SpeakingTwice,
)
from services.partner_directory.model import SPEAK, LegalBasis, Register

TODAY = date(2026, 11, 24)
LATER = date(2027, 9, 1)
DECREE, CONSULTATION, OLD = "decree-vl-2021-05-21", "case-consultation", "criminal-code-458ter"


def basis(code: str, first: date, last: date | None = None, *allows: str) -> LegalBasis:
    """One that is for no more than said."""
    return LegalBasis(
        code=code, in_force_from=first, in_force_to=last, allows=list(allows or ("take_part",)), partner_kinds=[],
        regions=[], legal_basis_id=uuid4(), version=1,
    )  # fmt: skip


def shipped() -> list[LegalBasis]:
    """The register as a new platform has it."""
    return [LegalBasis(**row, legal_basis_id=uuid4(), version=1) for row in law_rows()]


def of(versions: Iterable[LegalBasis], code: str) -> LegalBasis:
    """The version of that code."""
    return next(version for version in versions if version.code == code)


def test_a_new_version_ends_the_one_before_the_day_before() -> None:
    versions = shipped()
    before = Register(versions, TODAY).add(basis(DECREE, LATER), "")
    assert before is of(versions, DECREE)
    assert (before.in_force_to, before.version) == (date(2027, 8, 31), 2)


def test_another_code_takes_its_place_when_it_says_so() -> None:
    versions = shipped()
    before = Register(versions, TODAY).add(basis("article-352", LATER, None, SPEAK), CONSULTATION)
    assert before is of(versions, CONSULTATION)
    assert before.in_force_to == date(2027, 8, 31)


def test_one_that_ends_no_other_begins_today_at_the_earliest() -> None:
    versions = shipped()
    assert Register(versions, TODAY).add(basis("decree-new", TODAY), "") is None
    assert all(version.version == 1 for version in versions)


@pytest.mark.parametrize(
    ("added", "replaces", "refusal", "field"),
    [
        (basis("decree-new", TODAY - timedelta(days=1)), "", LegalBasisInPast, "from"),
        (basis(DECREE, TODAY), "", LegalBasisInPast, "from"),
        (basis("decree-new", LATER, LATER - timedelta(days=1)), "", LegalBasisReversed, "to"),
        (basis("decree-new", LATER), "decree-of-nobody", LegalBasisUnknown, "replaces"),
        (basis("decree-new", LATER), OLD, LegalBasisUnknown, "replaces"),
        (basis("speaks-too", LATER, None, SPEAK), "", SpeakingTwice, "from"),
        (basis(CONSULTATION, LATER, date(2028, 1, 1), SPEAK), "", SpeakingGap, "to"),
        (basis(CONSULTATION, LATER, None, "take_part"), "", SpeakingGap, "allows"),
    ],
)
def test_what_is_kept_out(added: LegalBasis, replaces: str, refusal: type[Invalid], field: str) -> None:
    assert Register(shipped(), TODAY).add(basis("decree-new", LATER, LATER), "") is None
    with pytest.raises(refusal) as refused:
        Register(shipped(), TODAY).add(added, replaces)
    assert (refused.value.field, bool(refused.value.expected)) == (field, True)


def test_two_versions_of_a_code_share_no_day() -> None:
    versions = [*shipped(), basis("planned", LATER)]
    apart = basis("planned", TODAY, LATER - timedelta(days=1))
    assert Register(versions, TODAY).add(apart, "") is None
    for first, last in ((LATER, None), (TODAY, LATER), (TODAY, None)):
        with pytest.raises(LegalBasisOverlaps) as refused:
            Register(versions, TODAY).add(basis("planned", first, last), "")
        assert refused.value.field == "from"


def test_an_end_today_or_later_and_nothing_of_the_past() -> None:
    for last_day in (TODAY, LATER):
        ending = of(versions := shipped(), DECREE)
        Register(versions, TODAY).give_last_day(ending, last_day)
        assert (ending.in_force_to, ending.version) == (last_day, 2)
    for code, last_day, refusal in (
        (DECREE, TODAY - timedelta(days=1), LegalBasisInPast), (OLD, LATER, LegalBasisOver),
        (CONSULTATION, LATER, SpeakingGap),
    ):  # fmt: skip
        with pytest.raises(refusal) as refused:
            Register(versions := shipped(), TODAY).give_last_day(of(versions, code), last_day)
        assert refused.value.field == ("legal_basis_id" if code == OLD else "last_day")
    versions = [*shipped(), basis("planned", LATER)]
    with pytest.raises(LegalBasisReversed):
        Register(versions, TODAY).give_last_day(of(versions, "planned"), TODAY)


def test_an_end_is_put_off_until_another_version_begins() -> None:
    versions = [*shipped(), basis("twice", TODAY, TODAY), basis("twice", LATER)]
    Register(versions, TODAY).give_last_day(versions[-2], LATER - timedelta(days=1))
    with pytest.raises(LegalBasisOverlaps) as refused:
        Register(versions, TODAY).give_last_day(versions[-2], LATER)
    assert refused.value.field == "last_day"


def test_those_that_speak_follow_each_other_without_a_day_between() -> None:
    versions = [*shipped(), added := basis("article-352", LATER, None, SPEAK)]
    of(versions, CONSULTATION).end_on(LATER - timedelta(days=1))
    Register(versions, TODAY).give_last_day(of(versions, CONSULTATION), LATER - timedelta(days=1))
    for last_day, refusal in ((LATER - timedelta(days=2), SpeakingGap), (LATER, SpeakingTwice)):
        with pytest.raises(refusal) as refused:
            Register(versions, TODAY).give_last_day(of(versions, CONSULTATION), last_day)
        assert refused.value.field == "last_day"
    assert added.version == 1


CODES = ("a", "b", CONSULTATION)
DAYS = st.integers(-3, 25).map(lambda days: TODAY + timedelta(days=days))
ADDING = st.tuples(
    st.sampled_from(CODES), DAYS, st.none() | DAYS, st.sampled_from(("", *CODES)), st.booleans(), st.integers(0, 6)
)
ENDING = st.tuples(st.integers(0, 12), DAYS, st.integers(0, 6))


@given(st.lists(ADDING | ENDING, max_size=12))
def test_whatever_is_asked_the_register_stays_sound_and_the_past_as_it_was(acts: list[tuple[Any, ...]]) -> None:
    """On each day one lets people speak; of a code one version at most; days that are over keep theirs."""
    versions, today = shipped(), TODAY
    for act in acts:
        today += timedelta(days=act[-1])
        past = in_force(versions, TODAY - timedelta(days=5), today - timedelta(days=1))
        tried = [copied(version) for version in versions]
        try:
            if len(act) == 3:
                Register(tried, today).give_last_day(tried[act[0] % len(tried)], act[1])
            else:
                added = basis(act[0], act[1], act[2], SPEAK if act[4] else "take_part")
                Register(tried, today).add(added, act[3])
                tried.append(added)
        except (Invalid, Conflict):
            continue
        versions = tried
        assert in_force(versions, TODAY - timedelta(days=5), today - timedelta(days=1)) == past
        for codes, speaking in in_force(versions, TODAY, TODAY + timedelta(days=120)):
            assert (len(codes), speaking) == (len(set(codes)), 1)


def copied(version: LegalBasis) -> LegalBasis:
    """A row of its own: what is refused is rolled back."""
    same = basis(version.code, version.in_force_from, version.in_force_to, *version.allows)
    same.version = version.version
    return same


def in_force(versions: Iterable[LegalBasis], first: date, last: date) -> list[tuple[tuple[str, ...], int]]:
    """By day: the codes in force, and how many of them let people speak."""
    known = list(versions)
    found = []
    for days in range((last - first).days + 1):
        day = first + timedelta(days=days)
        there = [version for version in known if version.covers(day, day)]
        found.append((tuple(sorted(version.code for version in there)), sum(version.speaks for version in there)))
    return found
