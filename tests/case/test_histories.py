"""Random histories of a case against the real database: its states stay those of docs/domain.md."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any
from uuid import UUID

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
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.place_on_list import place_on_list
from services.case.commands.propose_case import propose_case
from services.case.commands.reconsider_case import ReconsiderCase, reconsider_case
from services.case.commands.refuse_case import refuse_case
from services.case.commands.revise_contribution import ReviseContribution, revise_contribution
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.errors import (
    AnswerStands,
    CaseNotFound,
    CaseStateForbids,
    ContributionNotFound,
    ContributionStateForbids,
    InvitationEnded,
    PartMissing,
    SignalStateForbids,
)
from services.case.policy import POLICY
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from tests.case.rows import as_actor, hold
from tests.case.story import Story, story
from tests.databases import migrated
from tests.harness import Harness, Person

TABLED = {"LISTED", "SCHEDULED", "DISCUSSED", "FOLLOW_UP", "AFTERCARE"}

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
        self.sessions: list[UUID] = []
        self.draft: Receipt | None = None
        self.relied = False
        self.inside: list[Person] = []
        self.outside: list[Person] = []

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
    def refuse(self) -> None:
        self.run(self._forget())
        allowed = self.state == "PROPOSED" and not self.held
        if self.expect(allowed, self.our.mayor.run(refuse_case, self.our.refusal()), CaseStateForbids):
            self.state = "REFUSED"

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def reconsider(self) -> None:
        self.run(self._forget())
        allowed = (self.state == "LISTED" and not self.relied and not self.held) or self.state == "REFUSED"
        command = ReconsiderCase(self.our.case_id, self.our.version)
        if self.expect(allowed, self.our.mayor.run(reconsider_case, command), CaseStateForbids, AnswerStands):
            self.state = "PROPOSED"

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def plan(self) -> None:
        self.sessions.append(new_id())
        self.run(self.our.plan(session_id=self.sessions[-1]))
        self.relied = True
        if self.state in ("LISTED", "DISCUSSED") and not self.held:
            self.state = "SCHEDULED"

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def cancel(self) -> None:
        """Every session that is planned for it; the state before a pause is not looked at here."""
        for session_id in self.sessions:
            self.run(self.our.cancel(session_id))
        self.sessions.clear()
        if self.state == "SCHEDULED":
            self.state = "LISTED"

    @precondition(lambda self: self.state != "SIGNAL")
    @rule(outcome=sampled_from(list(Outcome)))
    def decide(self, outcome: Outcome) -> None:
        self.harness.clock.advance(minutes=1)
        follow_up = outcome is Outcome.FOLLOW_UP
        allowed = self.state in {"LISTED", "SCHEDULED", "DISCUSSED", "FOLLOW_UP"}
        never_listed = self.state == "PROPOSED" and not self.held
        self.expect(not never_listed, self.our.decide(self.our.decision(outcome)), CaseStateForbids)
        # In any other state it is kept with the case, which stays as it is.
        if allowed and not self.held:
            ended = "CLOSED" if self.state == "FOLLOW_UP" else "CLOSED_NO_ACTION"
            self.state = "FOLLOW_UP" if follow_up else ended

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def invite(self) -> None:
        self.run(self._forget())
        person = self.run(self.our.cell.person(Role.PARTICIPANT))
        act = self.our.coordinator.run(invite_to_circle, self.our.invitation(person))
        if self.expect(self.state in TABLED, act, CaseStateForbids):
            self.relied = True
            self.inside.append(person)

    @precondition(lambda self: self.state != "SIGNAL")
    @rule(by=sampled_from(["coordinator", "mayor"]), which=integers(0, 3))
    def end_invitation(self, by: str, which: int) -> None:
        """Whoever is in or was, in any state: once, and for good."""
        people = [*self.inside, *self.outside]
        if not people:
            return
        self.run(self._forget())
        person = people[which % len(people)]
        entry_id = self.run(self._entry_of(person))
        command = EndInvitation(self.our.case_id, self.our.version, entry_id, "no_longer_needed")
        if self.expect(person in self.inside, getattr(self.our, by).run(end_invitation, command), InvitationEnded):
            self.inside.remove(person)
            self.outside.append(person)

    @precondition(lambda self: self.state != "SIGNAL")
    @rule(which=integers(0, 3))
    def declare_conflict(self, which: int) -> None:
        """One of those invited, in any state: the invitation ends with it (invariant 21)."""
        if self.inside:
            person = self.inside[which % len(self.inside)]
            self.run(person.run(declare_conflict, DeclareConflict(self.our.case_id)))
            self.inside.remove(person)
            self.outside.append(person)

    async def _entry_of(self, person: Person) -> UUID:
        view = await self.our.read(self.our.coordinator)
        found = {entry.person_id: entry.entry_id for entry in view.circle}
        found |= {entry.person_id: entry.entry_id for entry in view.ended_invitations}
        return found[person.person_id]

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def write(self) -> None:
        allowed = self.state in TABLED
        self.draft = self.expect(allowed, self.our.write(self.our.mayor), CaseStateForbids, PartMissing) or self.draft
        self.relied = self.relied or allowed

    @precondition(lambda self: self.state != "SIGNAL")
    @rule()
    def decline(self) -> None:
        receipt = self.expect(self.state in TABLED, self.our.decline(self.our.mayor), CaseStateForbids, PartMissing)
        assert receipt is None or receipt.state == self.state

    @precondition(lambda self: self.draft)
    @rule()
    def revise(self) -> None:
        assert self.draft
        allowed = self.state in TABLED and self.draft.state in ("PRIVATE", "ASSESSED")
        command = ReviseContribution(self.draft.id, self.draft.version, "Anders.", "family", "fr")
        act = self.our.mayor.run(revise_contribution, command)
        self.draft = self.expect(allowed, act, CaseStateForbids, ContributionStateForbids) or self.draft

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
    def whoever_was_taken_out_reads_nothing(self) -> None:
        for person in self.inside:
            assert self.run(self.our.read(person))
        for person in self.outside:
            with pytest.raises(CaseNotFound):
                self.run(self.our.read(person))

    @invariant()
    def states_are_as_told(self) -> None:
        if self.state != "SIGNAL":
            known = self.run(self.our.read(self.our.coordinator))
            shown = self.run(self.our.read(self.dpo))
            assert known.frame.state == ("ON_HOLD" if self.held else self.state)
            assert shown.frame.state == self.state
            shared = [contribution.contribution_id for contribution in known.contributions]
            assert all(contribution.state == "SHARED" for contribution in known.contributions)
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
