"""What the log forgets when something is gone: the key and the name, and records that come late too."""

from __future__ import annotations

from uuid import uuid4

from services.audit.commands.forget_signal import ForgetSignal, forget_signal
from services.audit.queries.search_audit import SearchAudit, search_audit
from services.audit.terms import TERMS
from services.kit.policy import Role
from services.kit.principal import system
from tests.audit.records import Producer, leaves, merge, rows
from tests.falling_due import run_due
from tests.harness import Harness


async def test_invariant_13_a_signal_that_is_gone_leaves_its_leaves_and_nothing_else(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    dpo, erased, kept = await cell.person(Role.DPO), uuid4(), uuid4()
    await merge(cell, [producer.record(erased), producer.record(erased, kept), producer.record(kept)])
    before, names = await leaves(cell), await rows(cell, "SELECT pseudonym FROM object_name")
    await cell.as_system(forget_signal, ForgetSignal(erased), "audit.consumer")
    await run_due(harness, TERMS)
    assert await leaves(cell) == before
    assert len(await rows(cell, "SELECT pseudonym FROM object_name")) == len(names) - 1
    assert await rows(cell, f"SELECT object_id FROM object_key WHERE object_id = '{erased}'") == []
    own, both, alone = reversed((await dpo.run(search_audit, SearchAudit())).entries)
    assert (own.detail, own.object_ids, both.object_ids, alone.object_ids) == (None, (), (kept,), (kept,))
    # A record of it that was under way, on the other stream.
    await merge(cell, [producer.record(erased)])
    assert await rows(cell, f"SELECT object_id FROM object_key WHERE object_id = '{erased}'")
    harness.clock.advance(days=1, seconds=1)
    await run_due(harness, TERMS)
    assert await rows(cell, f"SELECT object_id FROM object_key WHERE object_id = '{erased}'") == []
    assert len(await rows(cell, "SELECT pseudonym FROM object_name")) == len(names) - 1


async def test_of_what_the_log_never_heard_there_is_nothing_to_forget_and_twice_does_no_harm(harness: Harness) -> None:
    cell = await harness.cell()
    for _ in range(2):
        await cell.as_system(forget_signal, ForgetSignal(uuid4()), "audit.consumer")
    await run_due(harness, TERMS)
    due = await rows(cell, "SELECT kind FROM term ORDER BY kind")
    assert due == [("late_records",), ("late_records",)]
    assert system("audit.clock", cell.cell_id)
