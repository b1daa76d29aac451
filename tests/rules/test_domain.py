"""The tables of docs/domain.md are those of the code: states with their moves, and lists of codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from services.case.model import (
    CASE_MOVES,
    CONTRIBUTION_MOVES,
    CRITERIA,
    EVIDENCE_KINDS,
    LIFE_DOMAINS,
    PHENOMENA,
    QUESTION_MOVES,
    SIGNAL_MOVES,
    CaseState,
)
from services.kit.policy import SEATS, Role
from services.meeting.model.states import NEXT
from services.partner_directory.model import ALLOWS, CELL_MOVES, PARTNER_KINDS, PROVIDER_MOVES, RULES_MOVES, RulesKind
from services.partner_directory.setup import LINES
from tests.rules.sources import ROOT

PAGE = ROOT / "docs" / "domain.md"
CODE = re.compile(r"`(\w+)`")
Moves = Mapping[str, set[str]]
State = TypeVar("State", bound=StrEnum)


def table_after(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table after a text, without its head."""
    _, _, rest = text.partition(heading)
    rows = re.search(r"(?:^\|.*\n)+", rest, re.MULTILINE)
    assert rows, heading
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[0].splitlines()[2:]]


def moves_in(text: str, name: str) -> Moves:
    """The moves that the page tells of one kind of thing; brackets say only that no verb takes them yet."""
    return {CODE.findall(row[0])[0]: set(CODE.findall(row[1])) for row in table_after(text, f"(`{name}`)")}


def codes_in(text: str, name: str) -> set[str]:
    """The codes that the page lists under a name."""
    (found,) = [row[1] for row in table_after(text, "## Codes") if row[0].startswith(name)]
    return set(CODE.findall(found))


def moves_of(table: Mapping[State, Iterable[State]]) -> Moves:
    """The moves of the code, by name."""
    return {state.value: {to.value for to in following} for state, following in table.items()}


def test_the_moves_are_those_of_the_code() -> None:
    text = PAGE.read_text()
    assert moves_in(text, "CellState") == moves_of(CELL_MOVES)
    assert moves_in(text, "SignalState") == moves_of(SIGNAL_MOVES)
    assert moves_in(text, "QuestionState") == moves_of(QUESTION_MOVES)
    assert moves_in(text, "ContributionState") == moves_of(CONTRIBUTION_MOVES)
    assert moves_in(text, "SessionState") == moves_of(NEXT)
    assert moves_in(text, "RulesState") == moves_of(RULES_MOVES)
    assert moves_in(text, "ProviderState") == moves_of(PROVIDER_MOVES)
    running: Mapping[CaseState, frozenset[CaseState]] = {
        state: to - {CaseState.RESTRICTED} for state, to in CASE_MOVES.items() if state != CaseState.RESTRICTED
    }
    assert moves_in(text, "CaseState") == moves_of(running)


def test_who_can_be_restricted_is_as_the_page_says() -> None:
    restricted = {state for state, to in CASE_MOVES.items() if CaseState.RESTRICTED in to}
    everything_else = set(CaseState) - {CaseState.ON_HOLD, CaseState.ERASED, CaseState.RESTRICTED}
    assert restricted == everything_else == CASE_MOVES[CaseState.RESTRICTED]


def test_the_lines_of_setting_up_are_those_of_the_code() -> None:
    rows = table_after(PAGE.read_text(), "### What it needs before it takes cases")
    assert [CODE.findall(row[0])[0] for row in rows] == [line.code for line in LINES]
    assert ["optional" in row[1] for row in rows] == [line.optional for line in LINES]


def test_the_codes_are_those_of_the_code() -> None:
    text = PAGE.read_text()
    lists: Mapping[str, Iterable[str]] = {
        "Kinds of partner": PARTNER_KINDS, "Roles": Role, "Mandatory seats": SEATS, "Inclusion criteria": CRITERIA,
        "Kinds of evidence": EVIDENCE_KINDS, "Phenomena": PHENOMENA, "Life domains": LIFE_DOMAINS,
        "What a legal basis is for": ALLOWS, "Texts a cell gives itself": RulesKind,
    }  # fmt: skip
    assert {name: codes_in(text, name) for name in lists} == {name: set(codes) for name, codes in lists.items()}


def test_the_reading_of_the_page_reports() -> None:
    page = "Thing (`ThingState`):\n\n| From | To |\n|---|---|\n| `A` | `B` (`C`) |\n| `B` | |\n\n## Codes\n"
    assert moves_in(page, "ThingState") == {"A": {"B", "C"}, "B": set()}
    page += "\n| List | Codes |\n|---|---|\n| Roles | `x` `y` |\n"
    assert codes_in(page, "Roles") == {"x", "y"}
