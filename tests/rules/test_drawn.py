"""The pictures of states in the docs are those of the tables: `make docs` draws them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from deploy.states.__main__ import FOLDER, MACHINES, write
from deploy.states.drawing import Machine, draw
from services.case.model import QuestionState
from tests.rules.sources import ROOT


def test_the_pictures_are_those_of_the_tables(tmp_path: Path) -> None:
    write(tmp_path)
    drawn = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert {path.name: path.read_text() for path in FOLDER.iterdir()} == drawn, "run make docs"


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_each_state_is_drawn_and_the_page_of_the_domain_shows_the_picture(machine: Machine) -> None:
    picture = draw(machine)
    assert set(machine.states) | machine.apart == set(machine.moves)
    assert all(f">{state.value}</text>" in picture for state in machine.states)
    assert picture.count("<path ") == len(machine.arrows())
    assert f"(states/{machine.name}.svg)" in (ROOT / "docs" / "domain.md").read_text()


def test_another_move_makes_another_picture() -> None:
    question = next(machine for machine in MACHINES if machine.name == "question")
    back = {**question.moves, QuestionState.CLOSED: frozenset({QuestionState.ASKED})}
    assert draw(replace(question, moves=back)) != draw(question)
