"""The states of docs/domain.md: the tables move by move."""

from __future__ import annotations

import pytest

from services.case.errors import (
    CaseStateForbids,
    ContributionStateForbids,
    SignalStateForbids,
)
from services.case.model import (
    CASE_MOVES,
    CONTRIBUTION_MOVES,
    OVER,
    SIGNAL_MOVES,
    TABLED,
    Case,
    CaseState,
    Contribution,
    ContributionState,
    Signal,
    SignalState,
    Stage,
    stage_of,
    way_of,
)

PAUSES = {CaseState.ON_HOLD, CaseState.RESTRICTED}


@pytest.mark.parametrize("to", list(SignalState))
@pytest.mark.parametrize("state", list(SignalState))
def test_a_signal_moves_as_its_table_says(state: SignalState, to: SignalState) -> None:
    signal = Signal(state=state, version=4)
    if to in SIGNAL_MOVES[state]:
        signal.move(to)
        assert (signal.state, signal.version) == (to, 5)
    else:
        with pytest.raises(SignalStateForbids):
            signal.move(to)
        assert (signal.state, signal.version) == (state, 4)


@pytest.mark.parametrize("to", list(ContributionState))
@pytest.mark.parametrize("state", list(ContributionState))
def test_a_contribution_moves_as_its_table_says(state: ContributionState, to: ContributionState) -> None:
    contribution = Contribution(state=state, version=4)
    if to in CONTRIBUTION_MOVES[state]:
        contribution.move(to)
        assert (contribution.state, contribution.version) == (to, 5)
    else:
        with pytest.raises(ContributionStateForbids):
            contribution.move(to)
        assert (contribution.state, contribution.version) == (state, 4)


@pytest.mark.parametrize("to", list(CaseState))
@pytest.mark.parametrize("state", [state for state in CaseState if state not in PAUSES])
def test_a_case_moves_as_its_table_says(state: CaseState, to: CaseState) -> None:
    case = Case(state=state, version=4)
    if to in CASE_MOVES[state]:
        case.move(to)
        assert (case.state, case.version) == (to, 5)
    else:
        with pytest.raises(CaseStateForbids):
            case.move(to)
        assert (case.state, case.version) == (state, 4)


@pytest.mark.parametrize("pause", sorted(PAUSES))
@pytest.mark.parametrize("state", list(CaseState))
def test_a_pause_ends_where_it_began(pause: CaseState, state: CaseState) -> None:
    if pause not in CASE_MOVES[state]:
        return
    for other in CaseState:
        case = Case(state=state, version=1)
        case.move(pause)
        assert case.standing == (state if pause is CaseState.ON_HOLD else pause)
        if other == state:
            case.move(other)
            assert (case.state, case.paused_from) == (state, None)
        else:
            with pytest.raises(CaseStateForbids):
                case.move(other)


def test_the_tables_are_those_of_the_domain() -> None:
    """Written out once more, against a slip in the tables."""
    assert {state for state, moves in CASE_MOVES.items() if CaseState.RESTRICTED not in moves} == {
        CaseState.ON_HOLD, CaseState.RESTRICTED, CaseState.ERASED,
    }  # fmt: skip
    running = {state.value: {to.value for to in moves} - {"RESTRICTED"} for state, moves in CASE_MOVES.items()}
    assert running == {
        "PROPOSED": {"LISTED", "REFUSED", "ON_HOLD"},
        "LISTED": {"PROPOSED", "SCHEDULED", "ON_HOLD"},
        "SCHEDULED": {"DISCUSSED", "LISTED"},
        "DISCUSSED": {"FOLLOW_UP", "CLOSED_NO_ACTION", "SCHEDULED"},
        "FOLLOW_UP": {"FOLLOW_UP", "AFTERCARE", "CLOSED", "TRANSFERRED"},
        "AFTERCARE": {"CLOSED", "REOPENED"},
        "REOPENED": {"LISTED", "REFUSED"},
        "ON_HOLD": {"PROPOSED", "LISTED"},
        "RESTRICTED": set(running) - {"ERASED", "ON_HOLD", "RESTRICTED"},
        "REFUSED": {"PROPOSED", "RETAINED"},
        **{state: {"RETAINED"} for state in ("CLOSED_NO_ACTION", "CLOSED", "TRANSFERRED")},
        "RETAINED": {"ERASED"},
        "ERASED": set(),
    }


def test_each_state_is_on_its_own_way_and_in_one_stage() -> None:
    for state in CaseState:
        way, now = way_of(state)
        assert way[now] == state
        assert stage_of(state) in Stage
    assert {state for state in CaseState if stage_of(state) is Stage.OVER} == OVER
    assert {state for state in CaseState if stage_of(state) is Stage.AT_THE_TABLE} == TABLED
