"""Names folded: pairs of real forms, and what holds of any name."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.case.folding import _SPELLINGS, _plain, _ruled, fold_name, read_name
from services.case.name_marks import SIZE, asked_forms, kept_forms
from services.case.person import EstimatedAge, PersonConcerned
from services.case.same_person import births_agree, pairs_of, perhaps_same
from services.kit.partial_dates import PartialDay
from tests.case.name_pairs import FILE, TODAY, NamePair, name_pairs

PAIRS = name_pairs()
REAL = sorted({name for pair in PAIRS for who in (pair.one, pair.other) for name in (who.given_name, who.family_name)})
LETTERS = st.characters(categories=["Lu", "Ll", "Lo"])
MARKS = st.sampled_from(" -'’.\u0301\u0308\u0327\u200d")
PIECES = st.one_of(
    LETTERS, MARKS, st.sampled_from(["van ", "de ", "el-", "d'", "ij", "Ĳ", "ch", "kh", "ou", "ss", "ş"])
)
NAMES = st.one_of(st.sampled_from(REAL), st.lists(PIECES, max_size=12).map("".join))
BIRTHS = st.one_of(
    st.none(),
    st.integers(2000, 2001).map(PartialDay),
    st.builds(PartialDay, st.integers(2000, 2001), st.integers(1, 3)),
    st.builds(PartialDay, st.integers(2000, 2001), st.integers(1, 3), st.integers(1, 3)),
)


@st.composite
def people(draw: st.DrawFn) -> PersonConcerned:
    """Somebody known by one name or two, whole, in part or not at all by birth."""
    told, family = draw(NAMES), draw(NAMES)
    assume(told or family)
    return PersonConcerned(told, family, draw(BIRTHS), "")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.one.given_name}-{pair.one.family_name}")
def test_each_pair_is_found_or_rightly_not(pair: NamePair) -> None:
    assert perhaps_same(pair.one, pair.other) == (pair.said == "found")
    assert perhaps_same(pair.other, pair.one) == (pair.said == "found")


def test_the_pairs_are_two_hundred_and_of_all_kinds() -> None:
    said = Counter(pair.said for pair in PAIRS)
    assert said["found"] + said["not"] >= 200
    assert min(said.values()) >= 10
    text = FILE.read_text()
    assert unicodedata.normalize("NFC", text) != text
    assert unicodedata.normalize("NFD", text) != text


@given(NAMES)
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@given(NAMES)
def test_composed_and_decomposed_are_one_name(name: str) -> None:
    assert fold_name(unicodedata.normalize("NFC", name)) == fold_name(unicodedata.normalize("NFD", name))


@given(NAMES)
def test_what_has_a_letter_is_never_folded_to_nothing(name: str) -> None:
    assert bool(fold_name(name)) == any(letter.isalpha() for letter in name)


@given(people(), people())
def test_the_order_of_names_makes_no_difference(one: PersonConcerned, other: PersonConcerned) -> None:
    turned = PersonConcerned(one.family_name, one.given_name, one.birth_date, "")
    assert perhaps_same(one, other) == perhaps_same(turned, other) == perhaps_same(other, one)
    assert set(kept_forms(one)) == set(kept_forms(turned))


@given(people(), people())
def test_whoever_is_found_is_found_by_the_index(one: PersonConcerned, other: PersonConcerned) -> None:
    """What forms are left out for their number is another matter: see the test below."""
    assume(max(len(kept_forms(one)), len(kept_forms(other))) < SIZE - 1)
    if perhaps_same(one, other):
        assert set(asked_forms(one)) & set(kept_forms(other))


@given(people())
def test_whoever_has_two_names_is_like_themselves(one: PersonConcerned) -> None:
    assert perhaps_same(one, one) or not pairs_of(one)
    assert len(kept_forms(one)) < SIZE


def test_every_pair_found_is_found_by_the_index() -> None:
    """Real names never have more forms than there are marks."""
    for pair in PAIRS:
        if pair.said == "found":
            assert set(asked_forms(pair.one)) & set(kept_forms(pair.other)), pair
            assert set(asked_forms(pair.other)) & set(kept_forms(pair.one)), pair
        assert max(len(kept_forms(pair.one)), len(kept_forms(pair.other))) < SIZE - 1


def test_an_age_alone_tells_nothing() -> None:
    def aged(years: int) -> PersonConcerned:
        return PersonConcerned("Yassine", "", None, "", EstimatedAge(years, TODAY))

    assert not perhaps_same(aged(16), aged(16))
    assert kept_forms(aged(16)) == ()


def test_a_spelling_stands_for_one_name() -> None:
    lines = [{_ruled(_plain(name)) for name in line.split()} for line in _SPELLINGS.strip().splitlines()]
    counted = Counter(name for line in lines for name in line)
    assert [name for name, times in counted.items() if times > 1] == []


def test_no_name_is_none() -> None:
    for nobody in ("", "?", "...", "N.N.", "X", "onbekend", "INCONNU", "niet gekend", "M."):
        assert read_name(nobody) is None
    for somebody in ("Bo", "Al", "Ben", "李", "Li"):
        assert read_name(somebody) is not None


@given(BIRTHS, BIRTHS)
def test_births_agree_both_ways_and_never_across_years(one: PartialDay | None, other: PartialDay | None) -> None:
    assert births_agree(one, other) == births_agree(other, one)
    assert births_agree(one, one)
    if one and other and one.year != other.year:
        assert not births_agree(one, other)
