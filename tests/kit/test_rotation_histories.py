"""Any history of seals, rotations, kills and erasures: what was sealed opens everywhere, what is erased nowhere."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from deploy.local.servers import Servers
from services.kit.vault import AssociatedData, KeyDestroyed
from tests.databases import migrated
from tests.kit.rotating import Processes

PROCESS = st.sampled_from([0, 1])
ACTS = st.integers(0, 4)


class KeyHistory(RuleBasedStateMachine):
    """The model is a list of what was sealed where, and a set of what was erased."""

    run: ClassVar[Any]
    new: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.processes = type(self).new()
        self.sealed: list[tuple[AssociatedData, str, bytes]] = []
        self.objects = [uuid4(), uuid4(), uuid4()]
        self.erased: set[Any] = set()
        self.names = self.run(self.processes.names(0))

    @rule(process=PROCESS, which=st.integers(0, 3), killed=st.booleans())
    def seal(self, process: int, which: int, killed: bool) -> None:
        object_id = [*self.objects, self.processes.cell_id][which]
        associated_data, text = self.processes.associated_data(object_id), f"text {len(self.sealed)}"
        try:
            self.sealed.append(
                (associated_data, text, self.run(self.processes.seal(process, text, associated_data, killed=killed)))
            )
        except ZeroDivisionError:
            self.processes.restart(process)

    @rule(batch=st.integers(1, 3), killed_after=ACTS, again=st.booleans())
    def rotate_cells_and_be_killed(self, batch: int, killed_after: int, again: bool) -> None:
        with contextlib.suppress(ZeroDivisionError):
            self.run(self.processes.rotate_cells(again=again, batch=batch, killed_after=killed_after))

    @rule(again=st.booleans())
    def rotate_cells(self, again: bool) -> None:
        self.run(self.processes.rotate_cells(again=again))

    @rule(killed=st.booleans())
    def rotate_root(self, killed: bool) -> None:
        with contextlib.suppress(ZeroDivisionError):
            self.run(self.processes.rotate_root(**({"killed_after": 0} if killed else {})))

    @precondition(lambda self: self.sealed)
    @rule(process=PROCESS, which=st.integers(0, 2))
    def erase(self, process: int, which: int) -> None:
        gone, self.objects[which] = self.objects[which], uuid4()
        self.run(self.processes.destroy(process, gone))
        self.erased.add(gone)
        # The other may still have it at hand, for five minutes at most.
        self.processes.pass_time(seconds=301)

    @rule(process=PROCESS)
    def kill(self, process: int) -> None:
        self.processes.restart(process)

    @rule(seconds=st.sampled_from([1, 200, 301]))
    def wait(self, seconds: int) -> None:
        self.processes.pass_time(seconds=seconds)

    @invariant()
    def all_is_as_it_should_be(self) -> None:
        for process in (0, 1):
            assert self.run(self.processes.names(process)) == self.names
            for associated_data, text, sealed in self.sealed:
                if associated_data.object_id in self.erased:
                    with pytest.raises(KeyDestroyed):
                        self.run(self.processes.open(process, sealed, associated_data))
                else:
                    assert self.run(self.processes.open(process, sealed, associated_data)) == text

    def teardown(self) -> None:
        self.run(self.processes.close())


@pytest.fixture
def history(servers: Servers, tmp_path: Path) -> Iterator[type[KeyHistory]]:
    """The machine with a loop and a database of its own: its rules are not coroutines."""

    def new() -> Processes:
        folder = tmp_path / str(uuid4())
        folder.mkdir()
        return Processes(servers, folder)

    with asyncio.Runner() as runner:
        runner.run(runner.run(migrated(servers, "case")).close())
        yield type("History", (KeyHistory,), {"run": staticmethod(runner.run), "new": staticmethod(new)})


def test_any_history_keeps_what_is_sealed_and_brings_nothing_back(history: type[KeyHistory]) -> None:
    few = settings(
        max_examples=25, stateful_step_count=12, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(history, settings=few)
