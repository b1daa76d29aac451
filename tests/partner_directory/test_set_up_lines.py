"""Invariant 20 over any state of a cell: which lines are done, and whether it may be opened."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.policy import Role
from services.partner_directory.errors import CellStateForbids, SetUpIncomplete
from services.partner_directory.model import Cell, CellState, Mandate
from services.partner_directory.setup import NEEDED_SEATS, Standing, allow_open_table, lines_of
from tests.harness import START

TOWNS = ("23088", "23047", "24001")
CLEARANCES = (None, START - timedelta(days=1), START, START + timedelta(days=1))


def mandate(role: Role, towns: tuple[str, ...], clearance: int, begun: int) -> Mandate:
    """One valid now, by somebody who accepted secrecy."""
    return Mandate(
        role=role, nis_codes=list(towns), clearance_ends_at=CLEARANCES[clearance],
        starts_at=START - timedelta(days=begun),
    )  # fmt: skip


ROLES = st.sampled_from(sorted({role for roles in NEEDED_SEATS.values() for role in roles} | {Role.PARTICIPANT}))
TAKEN = st.lists(st.sampled_from(TOWNS), min_size=1, max_size=3, unique=True).map(tuple)
MANDATES = st.lists(st.builds(mandate, ROLES, TAKEN, st.integers(0, 3), st.integers(0, 9)), max_size=12)
WORDS = st.sampled_from(("", "x"))
CELLS = st.builds(
    lambda said, state: Cell(
        cell_id=UUID(int=1), state=state, dpia_reference=said[0], danger_contact=said[1], contact=said[2],
        brand_colour=said[3],
    ),
    st.tuples(WORDS, WORDS, WORDS, WORDS), st.sampled_from(sorted(CellState)),
)  # fmt: skip


@given(cell=CELLS, towns=TAKEN, held=MANDATES, agreed=st.sampled_from((None, date(2026, 11, 24))), deputies=MANDATES)
def test_invariant_20_it_opens_exactly_when_nothing_is_missing(
    cell: Cell, towns: tuple[str, ...], held: list[Mandate], agreed: date | None, deputies: list[Mandate]
) -> None:
    lines = {line.code: line for line in lines_of(Standing(cell, towns, tuple(held), START, agreed, deputies))}
    for seat, roles in NEEDED_SEATS.items():
        taken = [seated for seated in held if seated.role in roles]
        counted = [seated for seated in taken if seated.clearance_ends_at in (None, CLEARANCES[3])]
        without = [town for town in towns if not any(town in each.nis_codes for each in counted)]
        assert (lines[seat].done, list(lines[seat].missing_nis_codes)) == (not without, sorted(without))
        assert (lines[seat].since is None) == bool(without)
    assert lines["rules"].done == (agreed is not None)
    assert lines["dpia"].done == bool(cell.dpia_reference)
    assert lines["danger_contact"].done == bool(cell.danger_contact)
    assert lines["contact"].done == bool(cell.contact)
    missing = [code for code, line in lines.items() if not line.done and code not in ("colour", "deputy")]
    if cell.state != CellState.SETTING_UP:
        with pytest.raises(CellStateForbids):
            allow_open_table(cell, tuple(lines.values()))
    elif missing:
        with pytest.raises(SetUpIncomplete, match="lacks") as refused:
            allow_open_table(cell, tuple(lines.values()))
        assert refused.value.expected == "first " + ", ".join(missing)
    else:
        allow_open_table(cell, tuple(lines.values()))
