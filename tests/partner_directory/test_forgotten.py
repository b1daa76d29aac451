"""What people were written about of a signal goes when the signal does."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.kit.notices import NoticeKind
from services.partner_directory.commands.letter.forget_signal import ForgetSignal, forget_signal
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.noticing import Seated, arrived, records, sent_later, tell, urgent, waits
from tests.partner_directory.post import Post
from tests.partner_directory.town import Host


async def test_what_was_written_of_a_signal_that_is_gone_goes_too(host: Host, post: Post, seated: Seated) -> None:
    town, _, partner = seated
    gone, kept = urgent(town), waits(NoticeKind.CIRCLE_INVITATION, partner)
    await tell(town, gone)
    await tell(town, kept)
    assert len(await arrived(host, post)) == 1
    assert await noticed(host) >= {gone.object_id, kept.object_id}
    for _ in range(2):
        await town.as_system(forget_signal, ForgetSignal(gone.object_id))
        await run_due(host.harness, {"notices": TERMS["notices"]})
    assert gone.object_id not in await noticed(host)
    assert kept.object_id in await noticed(host)
    assert len(await sent_later(host, post, hours=24)) == 1, "what waits besides is written about"
    record = (await records(town, "erase_notices"))[0]
    assert (record.verb, record.count, list(record.object_ids)) == ("erase", 1, [])


async def test_a_letter_of_nothing_else_is_not_sent(host: Host, post: Post, seated: Seated) -> None:
    town, _, partner = seated
    told = waits(NoticeKind.SIGNAL_ANSWERED, partner)
    await tell(town, told)
    await town.as_system(forget_signal, ForgetSignal(told.object_id))
    await run_due(host.harness, {"notices": TERMS["notices"]})
    assert await sent_later(host, post, hours=24) == []
    assert uuid4() not in await noticed(host)


async def noticed(host: Host) -> set[object]:
    """What all notices are about."""
    return {row["object_id"] for row in await host.harness.database.unwalled("SELECT object_id FROM notice")}


@pytest.mark.parametrize("kind", sorted(set(NoticeKind)))
async def test_the_table_takes_every_kind_there_is(host: Host, seated: Seated, kind: NoticeKind) -> None:
    town, _, partner = seated
    told = waits(kind, partner)
    await tell(town, told)
    assert told.object_id in await noticed(host)
