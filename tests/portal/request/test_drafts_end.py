"""The end of a draft: when its time is over it is erased with its key, by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import asyncpg

from services.portal.commands.drop_draft import DropDraft, drop_draft
from services.portal.commands.save_draft import Saved
from services.portal.queries.list_drafts import ListDrafts, list_drafts
from services.portal.terms import TERMS
from tests.falling_due import run_due
from tests.portal.request.test_drafts import ANOTHER, TYPED, Typist, administrator, keys, nele

assert administrator
assert nele


async def test_seven_days_end_it_before_it_is_swept_and_after(nele: Typist, administrator: asyncpg.Connection) -> None:
    await nele.keep()
    clock = nele.harness.clock
    clock.advance(days=7, microseconds=-1)
    await run_due(nele.harness, TERMS)
    assert await nele.texts() == [TYPED]
    clock.advance(microseconds=1)
    assert await nele.found() == ()
    assert await nele.run(list_drafts, ListDrafts()) == ()
    before = await keys(administrator)
    await run_due(nele.harness, TERMS)
    assert await administrator.fetchval("SELECT count(*) FROM draft") == 0
    assert await keys(administrator) == before - 1


async def test_what_is_kept_anew_lasts_anew_and_what_is_dropped_is_dropped_once(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    first, clock = await nele.keep(), nele.harness.clock
    other = await nele.keep(opened=uuid4())
    clock.advance(days=6)
    await nele.keep(ANOTHER, began=first.ref)
    await nele.run(drop_draft, DropDraft((other.ref,)))
    assert await terms(administrator, first, other) == ["waiting", "done"]
    clock.advance(days=6)
    await run_due(nele.harness, TERMS)
    assert await nele.texts() == [ANOTHER], "its first seven days are over"
    clock.advance(days=1)
    await run_due(nele.harness, TERMS)
    assert await administrator.fetchval("SELECT count(*) FROM draft") == 0
    assert await terms(administrator, first, other) == ["done", None], "what was done days ago is tidied"


async def test_both_clock_changes_leave_it_its_seven_days(nele: Typist, administrator: asyncpg.Connection) -> None:
    """Days are of 24 hours, in whatever zone the database thinks it is."""
    clock = nele.harness.clock
    await administrator.execute("ALTER DATABASE rondetafel_portal SET timezone = 'Europe/Brussels'")
    await nele.harness.database.close()
    try:
        for saved in (datetime(2027, 3, 25, 9, tzinfo=UTC), datetime(2027, 10, 28, 9, tzinfo=UTC)):
            clock.now = saved
            await nele.keep()
            clock.advance(days=7, microseconds=-1)
            assert await nele.found()
            clock.advance(microseconds=1)
            await run_due(nele.harness, TERMS)
            assert await administrator.fetchval("SELECT count(*) FROM draft") == 0
    finally:
        await administrator.execute("ALTER DATABASE rondetafel_portal RESET timezone")
        await nele.harness.database.close()


async def terms(administrator: asyncpg.Connection, *kept: Saved) -> list[str | None]:
    """The states of these drafts' terms."""
    query = "SELECT state FROM term WHERE kind = 'draft' AND object_id = $1"
    return [await administrator.fetchval(query, each.ref.draft_id) for each in kept]
