"""The written form of a command: the same across releases and processes, and never that of another command."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field, make_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.canonical import canonical

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.uuids()
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=8)
NAMES = ("email", "kbo_number", "nis_codes", "role")


class Colour(StrEnum):
    """A code."""

    RED = "red"


@dataclass(frozen=True)
class Inner:
    """A part of a command."""

    text: str
    more: str = ""


@dataclass(frozen=True)
class Command:
    """One of everything."""

    inner: Inner
    parts: tuple[str, ...]
    colour: Colour
    case_id: UUID
    day: date
    moment: datetime
    number: int = 0
    sure: bool = False
    tags: frozenset[str] = field(default_factory=frozenset)


COMMAND = Command(
    Inner("a"), ("x", "y"), Colour.RED, UUID(int=7), date(2026, 11, 29), datetime(2026, 11, 29, 9, tzinfo=UTC),
    tags=frozenset({"b", "a"}),
)  # fmt: skip
WRITTEN = (
    "2|o179:s7:case_idu32:00000000000000000000000000000007s6:colours3:reds3:dayd10:2026-11-29s5:innero11:s4:texts1:a"
    "s6:momentm25:2026-11-29T09:00:00+00:00s5:partsl8:s1:xs1:ys4:tagsf8:s1:as1:b"
)
"""What is kept for 24 hours: it does not change without another FORM."""


def made(values: dict[str, Any], **defaults: Any) -> Any:
    """A command with these fields in this order, and some with a default."""
    fields: list[Any] = [(name, Any) for name in values]
    fields += [(name, Any, field(default=default)) for name, default in defaults.items()]
    return make_dataclass("Made", fields, frozen=True)(**values)


def typed(value: Any) -> Any:
    """The value with its types: for Python True is 1."""
    return tuple(typed(item) for item in value) if isinstance(value, tuple) else (type(value).__name__, value)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=2), st.randoms())
def test_the_order_of_fields_says_nothing(values: dict[str, Any], random: Any) -> None:
    shuffled = list(values.items())
    random.shuffle(shuffled)
    assert canonical(made(values)) == canonical(made(dict(shuffled)))


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), SCALARS, SCALARS)
def test_an_added_field_with_a_default_changes_nothing_until_it_is_used(
    values: dict[str, Any], default: Any, other: Any
) -> None:
    before, after = made(values), made(values, added=default)
    assert canonical(before) == canonical(after)
    if typed(other) != typed(default):
        assert canonical(replace(after, added=other)) != canonical(before)


@given(VALUES, VALUES)
def test_two_values_share_no_form(first: Any, second: Any) -> None:
    same = typed(first) == typed(second)
    assert (canonical(made({"value": first})) == canonical(made({"value": second}))) is same


@given(st.lists(st.text(max_size=3), max_size=3), st.lists(st.text(max_size=3), max_size=3))
def test_texts_do_not_run_together(first: list[str], second: list[str]) -> None:
    assert (canonical(tuple(first)) == canonical(tuple(second))) is (first == second)
    assert canonical(("a", "bc")) != canonical(("ab", "c"))
    assert canonical(Inner("a", "b")) != canonical(Inner("b", "a"))


def test_a_moment_is_the_same_in_every_zone_and_a_code_is_its_value() -> None:
    brussels = datetime(2026, 11, 29, 10, tzinfo=timezone(timedelta(hours=1)))
    assert canonical(brussels) == canonical(datetime(2026, 11, 29, 9, tzinfo=UTC))
    assert canonical(Colour.RED) == canonical("red")
    assert canonical(1) != canonical(True)
    assert canonical(0) != canonical(None) != canonical("")


def test_another_process_writes_the_same() -> None:
    assert canonical(COMMAND) == WRITTEN
    code = "from tests.kit.test_canonical import COMMAND; from services.kit.canonical import canonical; "
    for seed in ("1", "2"):
        said = subprocess.run(
            [sys.executable, "-c", code + "print(canonical(COMMAND), end='')"],
            env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert said == canonical(COMMAND)


@pytest.mark.parametrize("value", [len, object(), Inner, datetime(2026, 11, 29), 1.5])  # noqa: DTZ001 (refused)
def test_what_is_no_data_has_no_form(value: Any) -> None:
    assert canonical(made({"value": "data"}))
    with pytest.raises(TypeError):
        canonical(made({"value": value}))
