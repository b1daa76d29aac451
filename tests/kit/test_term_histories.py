"""Any history of terms set, moved, cancelled, run, failing and killed, by two processes, beside a model of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from deploy.local.servers import Servers
from services.kit.agenda import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES
from services.kit.policy import Role
from tests.databases import Migrated, migrated
from tests.harness import Harness, Person
from tests.kit.bells import BROKEN, POLICY, BellBroken, Killed, SetBell, Tower, set_bell, tower

BELL = st.integers(0, 3)
SECONDS = st.sampled_from([0, 1, 60, 3600, 86_400])


@dataclass
class Expected:
    """What the model knows of a bell."""

    next_at: datetime
    tries: int = 0
    state: str = "waiting"


class TermHistory(RuleBasedStateMachine):
    """The model runs by itself: in order of moment and bell, each once, unless it is broken."""

    run: ClassVar[Any]
    database: ClassVar[Migrated]

    def __init__(self) -> None:
        super().__init__()
        BROKEN.clear()
        self.tower: Tower = self.run(tower(self.database))
        self.nele: Person = self.run(self.tower.cell.person(Role.COORDINATOR))
        other = Harness("case", self.database, POLICY, self.tower.harness.clock)
        self.harnesses = [self.tower.harness, other]
        self.bells = sorted(uuid4() for _ in range(4))
        self.expected: dict[UUID, Expected] = {}
        self.rung: list[UUID] = []
        self.failed = 0

    @property
    def now(self) -> datetime:
        return self.tower.harness.clock.now

    def due(self) -> list[UUID]:
        found = [
            bell for bell, term in self.expected.items() if term.state == "waiting" and term.next_at <= self.now
        ]  # fmt: skip
        return sorted(found, key=lambda bell: (self.expected[bell].next_at, bell))

    @rule(which=BELL, after=SECONDS)
    def set(self, which: int, after: int) -> None:
        bell = self.bells[which]
        self.run(self.nele.run(set_bell, SetBell(bell, self.tower.kind, after)))
        self.tower.harness.clock.advance(seconds=after)
        self.expected[bell] = Expected(self.now)
        self.tower.harness.clock.advance(seconds=-after)

    @rule(which=BELL)
    def cancel(self, which: int) -> None:
        bell = self.bells[which]
        self.run(self.nele.run(set_bell, SetBell(bell, self.tower.kind, None)))
        if bell in self.expected:
            self.expected[bell] = Expected(self.now, self.expected[bell].tries, "done")

    @rule(which=BELL, after=SECONDS)
    def refuse(self, which: int, after: int) -> None:
        """An act that comes to nothing moves nothing."""
        with pytest.raises(BellBroken):
            self.run(self.nele.run(set_bell, SetBell(self.bells[which], self.tower.kind, after, fails=True)))

    @rule(which=BELL)
    def break_or_mend(self, which: int) -> None:
        bell = self.bells[which]
        if BROKEN.pop(bell, None) is None:
            BROKEN[bell] = BellBroken()

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        self.tower.harness.clock.advance(seconds=seconds)

    @rule(process=st.integers(0, 1), batch=st.integers(1, 4))
    def look(self, process: int, batch: int) -> None:
        self.run(self.tower.scheduler(batch=batch, harness=self.harnesses[process]).round())
        for bell in self.due()[:batch]:
            self._ran(bell)

    @rule()
    def look_at_once(self) -> None:
        """Both at the same moment."""

        async def both() -> None:
            await asyncio.gather(*(self.tower.scheduler(harness=each).round() for each in self.harnesses))

        # What fails the one may find again before it is put off, and try once more: nothing is said of how often.
        if not BROKEN:
            self.run(both())
            for bell in self.due():
                self._ran(bell)

    @rule(process=st.integers(0, 1), survivors=st.integers(0, 3))
    def be_killed(self, process: int, survivors: int) -> None:
        """In the middle of one act; those before are done, that one and all others are not."""
        due = self.due()
        if survivors >= len(due) or any(bell in BROKEN for bell in due):
            return
        BROKEN[due[survivors]] = Killed()
        with contextlib.suppress(Killed):
            self.run(self.tower.scheduler(harness=self.harnesses[process]).round())
        del BROKEN[due[survivors]]
        for bell in due[:survivors]:
            self._ran(bell)

    def _ran(self, bell: UUID) -> None:
        term = self.expected[bell]
        if bell not in BROKEN:
            self.rung.append(bell)
            self.expected[bell] = Expected(self.now, term.tries, "done")
            return
        self.failed += 1
        tries = term.tries + 1
        pause = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
        state = "set_aside" if tries >= MOST_TRIES else "waiting"
        self.expected[bell] = Expected(self.now + pause, tries, state)

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        assert sorted(self.run(self.tower.rung())) == sorted(self.rung)
        assert len(self.run(self.tower.rung(outcome="error"))) == self.failed
        for bell in self.bells:
            term = self.expected.get(bell)
            state = self.run(self.tower.state(bell))
            # What was done a day ago may be tidied.
            assert state == (term and (term.state, term.tries)) or (term and term.state == "done" and state is None)


@pytest.fixture
def history(servers: Servers) -> Iterator[type[TermHistory]]:
    """The machine with a loop of its own: its rules are not coroutines."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "case"))
        yield type("History", (TermHistory,), {"run": staticmethod(runner.run), "database": database})
        runner.run(database.close())
    BROKEN.clear()


def test_any_history_runs_each_term_once_and_in_time(history: type[TermHistory]) -> None:
    few = settings(
        max_examples=30, stateful_step_count=20, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(history, settings=few)
