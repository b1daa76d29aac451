"""The states of a session: the table itself, and random histories against a model in plain Python."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from deploy.local.servers import Servers
from services.kit.errors import RondetafelError
from services.kit.policy import Role
from services.meeting.commands.open_session import open_session
from services.meeting.commands.record_decision import record_decision
from services.meeting.errors import SessionStateForbids
from services.meeting.model import Session, SessionState
from services.meeting.policy import POLICY
from tests.databases import Migrated
from tests.harness import Harness
from tests.meeting.round_table import round_table

Result = TypeVar("Result")

STEPS = {
    ("PLANNED", "CONVENED"), ("PLANNED", "CANCELLED"), ("CONVENED", "OPEN"), ("CONVENED", "CANCELLED"),
    ("OPEN", "CLOSED"), ("OPEN", "PLANNED"), ("CLOSED", "MINUTES_DRAFT"), ("MINUTES_DRAFT", "MINUTES_APPROVED"),
    ("MINUTES_APPROVED", "SEALED"),
}  # fmt: skip
"""docs/domain.md, States."""


@pytest.mark.parametrize(("start", "to"), list(product(SessionState, SessionState)))
def test_a_session_takes_the_steps_of_the_table_and_no_other(start: SessionState, to: SessionState) -> None:
    session = Session(state=start)
    if (start, to) in STEPS:
        session.move(to)
        assert session.state == to
    else:
        with pytest.raises(SessionStateForbids):
            session.move(to)
        assert session.state == start


class Histories(RuleBasedStateMachine):
    """Open and decide, rightly and wrongly; what the model expects is what the service answers."""

    database: Migrated
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    def answer(self, work: Coroutine[Any, Any, Any]) -> str:
        """The code of the refusal, or the state of the receipt."""
        try:
            return str(self.run(work).state)
        except RondetafelError as error:
            return error.code

    @initialize()
    def plan(self) -> None:
        harness = Harness("meeting", self.database, POLICY)
        self.table = self.run(round_table(self.run(harness.cell())))
        cases = [self.run(self.table.case()) for _ in range(2)]
        self.session = self.run(self.table.planned(*cases))
        self.state, self.version, self.cleared = "PLANNED", 1, True
        self.decided: set[int] = set()
        self.facts = 1

    @rule(cleared=st.booleans())
    def clear(self, cleared: bool) -> None:
        self.facts += 1
        ends_at = self.table.now + timedelta(days=1) if cleared else self.table.now
        mandate = self.table.police.mandate(
            Role.INFORMATION_OFFICER, clearance_ends_at=ends_at, fact_version=self.facts
        )
        self.run(mandate)
        self.cleared = cleared

    @rule(
        opener=st.sampled_from(["mayor", "coordinator", "partner"]),
        absent=st.sampled_from(["", "", "mayor", "police", "prevention"]),
        declared=st.sampled_from([True, True, False]),
        stale=st.sampled_from([0, 0, 1]),
    )
    def open(self, opener: str, absent: str, declared: bool, stale: int) -> None:
        missing = getattr(self.table, absent).person_id if absent else None
        command = replace(
            self.table.opening(self.session),
            expected_version=self.version - stale,
            present_person_ids=tuple(person for person in self.table.present if person != missing),
            secrecy_declared=declared,
        )
        expected = self.expected_of_opening(opener, absent, declared, stale)
        assert self.answer(getattr(self.table, opener).run(open_session, command)) == expected
        if expected == "OPEN":
            self.state, self.version = "OPEN", self.version + 1

    def expected_of_opening(self, opener: str, absent: str, declared: bool, stale: int) -> str:
        wrong = {
            "RoleMissing": opener == "partner",
            "VersionChanged": stale,
            "SessionStateForbids": self.state != "PLANNED",
            "SecrecyNotDeclared": not declared,
            "SeatMissing": absent,
            "ClearanceExpired": not self.cleared,
        }
        return next((code for code, holds in wrong.items() if holds), "OPEN")

    @rule(
        decider=st.sampled_from(["mayor", "mayor", "coordinator"]),
        number=st.sampled_from([0, 1]),
        stale=st.sampled_from([0, 0, 1]),
        follow=st.booleans(),
    )
    def decide(self, decider: str, number: int, stale: int, follow: bool) -> None:
        view = self.run(self.table.item(self.session, number + 1))
        make = self.table.follow_up if follow else self.table.no_action
        changes = {"agenda_item_id": view.item.agenda_item_id, "expected_version": self.version - stale}
        command = self.run(make(self.session, **changes))
        wrong = {
            "RoleMissing": decider != "mayor",
            "VersionChanged": stale,
            "SessionStateForbids": self.state != "OPEN",
            "ItemDecided": number in self.decided,
            "ClearanceExpired": not self.cleared,
        }
        expected = next((code for code, holds in wrong.items() if holds), "OPEN")
        assert self.answer(getattr(self.table, decider).run(record_decision, command)) == expected
        if expected == "OPEN":
            self.decided.add(number)
            self.version += 1

    @invariant()
    def is_as_the_model_says(self) -> None:
        view = self.run(self.table.read(self.table.coordinator, self.session))
        assert (view.session.state, view.session.version) == (self.state, self.version)
        assert {number for number, item in enumerate(view.items) if item.decision} == self.decided
        assert bool(view.attendance) == (self.state == "OPEN")


def test_random_histories_of_a_session(servers: Servers, database: Migrated) -> None:
    """A loop and a pool of its own: the machine is not asynchronous."""
    loop = asyncio.new_event_loop()
    Histories.loop, Histories.database = loop, Migrated(servers, "meeting")
    try:
        run_state_machine_as_test(
            Histories,
            settings=settings(
                max_examples=15, stateful_step_count=12, deadline=None, derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    finally:
        loop.run_until_complete(Histories.database.close())
        loop.close()
