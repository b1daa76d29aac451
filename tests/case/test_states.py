"""The states of domain.md: the tables move by move, and random histories against the real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import integers, sampled_from
from sqlalchemy import text

from deploy.local.servers import Servers
from services.case.commands.apply_decision import Outcome
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.place_on_list import place_on_list
from services.case.commands.propose_case import propose_case
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.errors import (
    CaseStateForbids,
    ContributionNotFound,
    ContributionStateForbids,
    PartMissing,
    SignalStateForbids,
)
from services.case.model import (
    CASE_MOVES,
    CONTRIBUTION_MOVES,
    SIGNAL_MOVES,
    Case,
    CaseState,
    Contribution,
    ContributionState,
    Signal,
    SignalState,
)
from services.case.policy import POLICY
from services.kit.outbox import Receipt
from services.kit.policy import Role
from tests.case.rows import as_actor, hold
from tests.case.story import Story, story
from tests.databases import migrated
from tests.harness import Harness

PAUSES = {CaseState.ON_HOLD, CaseState.RESTRICTED}
TABLED = {"LISTED", "SCHEDULED", "DISCUSSED", "FOLLOW_UP", "AFTERCARE"}


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
@pytest.mark.parametrize("state", [one for one in CaseState if one not in PAUSES])
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
        "LISTED": {"SCHEDULED", "ON_HOLD"},
        "SCHEDULED": {"DISCUSSED"},
        "DISCUSSED": {"FOLLOW_UP", "CLOSED_NO_ACTION", "SCHEDULED"},
        "FOLLOW_UP": {"FOLLOW_UP", "AFTERCARE", "CLOSED", "TRANSFERRED"},
        "AFTERCARE": {"CLOSED", "REOPENED"},
        "REOPENED": {"LISTED", "REFUSED"},
        "ON_HOLD": {"PROPOSED", "LISTED"},
        "RESTRICTED": set(running) - {"ERASED", "ON_HOLD", "RESTRICTED"},
        **{state: {"RETAINED"} for state in ("REFUSED", "CLOSED_NO_ACTION", "CLOSED", "TRANSFERRED")},
        "RETAINED": {"ERASED"},
        "ERASED": set(),
    }


Steps = tuple[Callable[[], None], ...]


class CaseHistory(RuleBasedStateMachine):
    """Any act at any time: either the state goes where the domain says, or a typed error and nothing changes."""

    run: Callable[[Coroutine[Any, Any, Any]], Any]
    harness: Harness

    def __init__(self) -> None:
        super().__init__()
        self.our: Story = self.run(story(self.harness))
        self.dpo = self.run(self.our.cell.person(Role.DPO))
        self.run(self.our.enter())
        self.state = "SIGNAL"
        self.held = False
        self.draft: Receipt | None = None

    @initialize(steps=integers(0, 4))
    def begin(self, steps: int) -> None:
        """Anywhere on the way, so that few histories reach every state."""
        way: Steps = (self.propose, self.place_on_list, self.plan, lambda: self.decide(Outcome.FOLLOW_UP))
        for step in way[:steps]:
            step()

    def expect(self, allowed: bool, act: Coroutine[Any, Any, Any], *errors: type[Exception]) -> Any:
        """The result of the act where it is allowed; else it must end in one of these errors."""
        if allowed:
            return self.run(act)
        with pytest.raises(errors):
            self.run(act)
        return None

    async def _forget(self) -> None:
        self.our.version = await self.our.present_version()

    @rule()
    def propose(self) -> None:
        version = 1 if self.state == "SIGNAL" else 2
        act = self.our.coordinator.run(propose_case, self.our.proposal(expected_version=version))
        if receipt := self.expect(self.state == "SIGNAL", act, SignalStateForbids):
            self.our._keep(receipt)
            self.state = "PROPOSED"

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def place_on_list(self) -> None:
        self.run(self._forget())
        allowed = self.state == "PROPOSED" and not self.held
        if self.expect(allowed, self.our.mayor.run(place_on_list, self.our.listing()), CaseStateForbids):
            self.state = "LISTED"

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def plan(self) -> None:
        self.run(self.our.plan())
        if self.state in ("LISTED", "DISCUSSED") and not self.held:
            self.state = "SCHEDULED"

    @precondition(lambda self: self.state != "SIGNAL")
    @rule(outcome=sampled_from(list(Outcome)))
    def decide(self, outcome: Outcome) -> None:
        self.harness.clock.advance(minutes=1)
        follow_up = outcome is Outcome.FOLLOW_UP
        allowed = self.state in {"LISTED", "SCHEDULED", "DISCUSSED"} or (follow_up and self.state == "FOLLOW_UP")
        self.expect(allowed and not self.held, self.our.decide(self.our.decision(outcome)), CaseStateForbids)
        if allowed and not self.held:
            self.state = "FOLLOW_UP" if follow_up else "CLOSED_NO_ACTION"

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def invite(self) -> None:
        self.run(self._forget())
        person = self.run(self.our.cell.person(Role.PARTICIPANT))
        act = self.our.coordinator.run(invite_to_circle, self.our.invitation(person))
        self.expect(self.state in TABLED, act, CaseStateForbids)

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def write(self) -> None:
        allowed = self.state in TABLED
        self.draft = self.expect(allowed, self.our.write(self.our.mayor), CaseStateForbids, PartMissing) or self.draft

    @precondition(lambda self: self.draft)
    @rule()
    def assess(self) -> None:
        assert self.draft
        allowed = self.state in TABLED and self.draft.state in ("PRIVATE", "ASSESSED")
        act = self.our.assess(self.our.mayor, self.draft)
        self.draft = self.expect(allowed, act, CaseStateForbids, ContributionStateForbids) or self.draft

    @precondition(lambda self: self.draft)
    @rule(author=sampled_from(["mayor", "police"]))
    def share(self, author: str) -> None:
        assert self.draft
        allowed = author == "mayor" and self.state in TABLED and self.draft.state == "ASSESSED"
        command = ShareContribution(self.draft.id, self.draft.version)
        act = getattr(self.our, author).run(share_contribution, command)
        errors = (CaseStateForbids, ContributionStateForbids, ContributionNotFound)
        self.draft = self.expect(allowed, act, *errors) or self.draft

    @precondition(lambda self: self.state in ("PROPOSED", "LISTED"))
    @rule()
    def hold_or_release(self) -> None:
        self.run(self._release() if self.held else hold(self.our.coordinator, self.our.case_id))
        self.held = not self.held

    async def _release(self) -> None:
        async with as_actor(self.our.coordinator) as session:
            back = "UPDATE case_frame SET state = paused_from, paused_from = NULL WHERE case_id = :case"
            await session.execute(text(back), {"case": self.our.case_id})

    @invariant()
    def states_are_as_told(self) -> None:
        if self.state != "SIGNAL":
            known = self.run(self.our.read(self.our.coordinator))
            shown = self.run(self.our.read(self.dpo))
            assert known.frame.state == ("ON_HOLD" if self.held else self.state)
            assert shown.frame.state == self.state
            shared = [one.contribution_id for one in known.contributions]
            assert all(one.state == "SHARED" for one in known.contributions)
            assert self.draft is None or (self.draft.id in shared) == (self.draft.state == "SHARED")


@pytest.fixture
def history(servers: Servers) -> Iterator[type[CaseHistory]]:
    """The machine with a loop and a database of its own: its rules are not coroutines."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "case"))
        with_loop = {"run": staticmethod(runner.run), "harness": Harness("case", database, POLICY)}
        yield type("History", (CaseHistory,), with_loop)
        runner.run(database.close())


def test_any_history_keeps_to_the_states(history: type[CaseHistory]) -> None:
    checks = list(HealthCheck)
    few = settings(
        max_examples=40, stateful_step_count=10, deadline=None, derandomize=True, database=None,
        suppress_health_check=checks, phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(history, settings=few)
