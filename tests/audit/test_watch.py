"""The watch: what is missing is checked once, also after a restart."""

from __future__ import annotations

from services.audit.consumers import Watch
from tests.audit.records import Producer, findings, merge, rows
from tests.harness import Harness


async def test_what_was_missing_before_a_restart_is_taken_up_again(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    await merge(cell, producer.records(3)[::2])
    watch = Watch(harness.executor)
    watch.hear(producer.height(3, minutes=2))
    await watch.check()
    assert await findings(cell) == []
    await watch.look_back()
    await watch.check()
    assert await findings(cell) == [("hole", 2, 2, False)]


async def test_a_finding_is_not_checked_again(harness: Harness) -> None:
    """Each check is a record of its own: it must not make the next one necessary."""
    cell, producer = await harness.cell(), Producer()
    watch = Watch(harness.executor)
    watch.hear(producer.height(3, minutes=2))
    checks = "SELECT count(*) FROM outbox WHERE stream = 'audit'"
    watch.note(cell.cell_id, await merge(cell, producer.records(3)[::2]))
    await watch.check()
    recorded = await rows(cell, checks)
    watch.note(cell.cell_id, await merge(cell, producer.records(2)))
    await watch.check()
    assert await rows(cell, checks) == recorded
    assert await findings(cell) == [("hole", 2, 2, False)]
