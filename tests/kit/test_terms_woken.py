"""An act that sets what is due now wakes the scheduler of its own process."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from services.kit import scheduler as scheduler_module
from services.kit.policy import Role
from tests.databases import Migrated
from tests.kit.bells import SetBell, set_bell, tower
from tests.patience import HANGS_AFTER


async def test_what_an_act_sets_for_now_is_run_at_once_and_not_at_the_next_look(
    database: Migrated, monkeypatch: pytest.MonkeyPatch
) -> None:
    our = await tower(database)
    nele = await our.cell.person(Role.COORDINATOR)
    monkeypatch.setattr(scheduler_module, "POLL_SECONDS", 3600.0)
    scheduler, woken = our.scheduler(), asyncio.Event()

    def wake() -> None:
        woken.set()
        scheduler.wake()

    our.harness.executor.wakes_terms.append(wake)
    await nele.run(set_bell, SetBell(uuid4(), our.kind, 60))
    await nele.run(set_bell, SetBell(uuid4(), our.kind, None))
    assert not woken.is_set(), "later, and no longer"
    running = asyncio.create_task(scheduler.run())
    try:
        for _ in range(2):
            bell = uuid4()
            await nele.run(set_bell, SetBell(bell, our.kind, 0))
            async with asyncio.timeout(HANGS_AFTER):
                while bell not in await our.rung():
                    await asyncio.sleep(0)
    finally:
        running.cancel()
    assert woken.is_set()
