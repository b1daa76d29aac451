"""The seal of an outbox row: over all of it, by every version of the root key at hand, by nobody else's key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from services.kit.keys import FIRST, Key, RootKeys, head_of
from services.kit.seals import PURPOSE, OutboxRow, seals_of

ROW = OutboxRow(
    UUID(int=1), UUID(int=2), "event", "case.listed", "rondetafel.case.x", b"payload", "00-trace",
    datetime(2026, 11, 29, 3, 0, 0, 123456, tzinfo=UTC),
)  # fmt: skip
OTHER = OutboxRow(
    UUID(int=3), UUID(int=4), "audit", "case.proposed", "rondetafel.case.y", b"payloa", "00-other",
    ROW.created_at + timedelta(microseconds=1),
)  # fmt: skip


@dataclass
class Rotated:
    """A service's root key in its file."""

    file: Path

    def roots(self) -> RootKeys:
        """As a process reads it at its start."""
        return RootKeys.from_file(self.file)


@pytest.fixture
def rotated(tmp_path: Path) -> Rotated:
    (tmp_path / "case.root_key").write_bytes(os.urandom(32))
    return Rotated(tmp_path / "case.root_key")


@pytest.mark.parametrize("field", OutboxRow._fields)
def test_each_field_is_sealed(field: str) -> None:
    seals = seals_of("case", RootKeys({FIRST: Key.new()}))
    seal = seals.seal(ROW)
    assert seals.holds(ROW, seal)
    assert not seals.holds(ROW._replace(**{field: getattr(OTHER, field)}), seal)


def test_nothing_moves_from_one_field_to_the_next() -> None:
    seals = seals_of("case", RootKeys({FIRST: Key.new()}))
    seal = seals.seal(ROW._replace(stream="event", type="case.listed"))
    assert not seals.holds(ROW._replace(stream="eventcase", type=".listed"), seal)


def test_a_seal_is_of_one_service_and_one_root_key() -> None:
    root = os.urandom(32)
    ours, again = (seals_of("case", RootKeys({FIRST: Key(root)})) for _ in range(2))
    assert again.holds(ROW, ours.seal(ROW))
    assert not seals_of("meeting", RootKeys({FIRST: Key(root)})).holds(ROW, ours.seal(ROW))
    assert not seals_of("case", RootKeys({FIRST: Key.new()})).holds(ROW, ours.seal(ROW))


def test_what_is_no_seal_is_none() -> None:
    seals = seals_of("case", RootKeys({FIRST: Key.new()}))
    good = seals.seal(ROW)
    bad = [
        None, b"", good[:-1], good + b"\x00", good[3:], b"\x01" + good[1:], head_of(2) + good[3:],
        head_of(0) + good[3:], good[:-1] + bytes([good[-1] ^ 1]), os.urandom(35), bytes(35), os.urandom(1_000_000),
    ]  # fmt: skip
    assert [seals.holds(ROW, row) for row in bad] == [False] * len(bad)


def test_over_a_rotation_rows_of_both_root_keys_are_taken(rotated: Rotated) -> None:
    running, other = rotated.roots(), rotated.roots()
    before = seals_of("case", running).seal(ROW)
    assert other.add() == 2
    # The one has sealed by the new key, of which the other process learns when it meets that.
    after = seals_of("case", other).seal(ROW)
    assert (before[:3], after[:3]) == (head_of(1), head_of(2))
    for roots in (running, other, rotated.roots()):
        assert seals_of("case", roots).holds(ROW, before)
        assert seals_of("case", roots).holds(ROW, after)


def test_what_a_root_key_that_was_taken_away_sealed_is_taken_no_more(rotated: Rotated) -> None:
    before = seals_of("case", rotated.roots()).seal(ROW)
    rotated.roots().add()
    kept = rotated.file.read_bytes()
    rotated.file.unlink()
    started_anew = seals_of("case", rotated.roots())
    assert started_anew.holds(ROW, started_anew.seal(ROW))
    assert not started_anew.holds(ROW, before)
    rotated.file.write_bytes(kept)
    assert started_anew.holds(ROW, before)


def test_the_key_of_seals_is_not_the_root_key_and_leaves_memory_with_it() -> None:
    root = os.urandom(32)
    roots = RootKeys({FIRST: Key(root)})
    version, key = roots.derived(PURPOSE)
    assert version == FIRST
    assert key.digest(b"x") != Key(root).digest(b"x")
    assert roots.derived(b"another purpose")[1].digest(b"x") != key.digest(b"x")
    roots.wipe()
    with pytest.raises(RuntimeError):
        key.digest(b"x")
