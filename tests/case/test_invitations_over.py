"""The last day of an invitation to a circle is over: the log says so then, and pages that are open hear it."""

from __future__ import annotations

from datetime import UTC, timedelta
from uuid import UUID

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.expire_circle_invitation import ExpireCircleInvitation, expire_circle_invitation
from services.case.errors import CaseNotFound
from services.case.terms import TERMS
from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound
from services.kit.principal import system
from tests.case.rows import records_of
from tests.case.story import Story, story
from tests.falling_due import run_due
from tests.harness import Harness, Person


async def told(our: Story) -> list[pb.InvitationExpired]:
    """What others were told of invitations that are over."""
    rows = await our.cell.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'invitation.expired'", our.cell.cell_id
    )
    return [pb.InvitationExpired.FromString(row["payload"]) for row in rows]


async def entry_of(our: Story, person: Person) -> UUID:
    """The invitation of this person."""
    circle = (await our.read(our.coordinator)).circle
    found: UUID = next(seat.entry_id for seat in circle if seat.person_id == person.person_id)
    return found


async def test_invariant_25_the_last_day_counts_and_at_its_midnight_it_is_told_once(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    person = await our.invite(last_day_in=3)
    entry_id, version = await entry_of(our, person), await our.present_version()
    end = day_ends_at(our.today + timedelta(days=3))
    harness.clock.now = end - timedelta(microseconds=1)
    await run_due(harness, TERMS)
    assert await our.read(person)
    assert await told(our) == []
    harness.clock.now = end
    for _ in range(2):
        await run_due(harness, TERMS)
    with pytest.raises(CaseNotFound):
        await our.read(person)
    (message,) = await told(our)
    assert (message.entry_id, message.case_id) == (str(entry_id), str(our.case_id))
    assert message.ends_at.ToDatetime(UTC) == end
    (record,) = await records_of(our.coordinator, "expire_circle_invitation")
    assert list(record.object_ids) == [str(our.case_id)]
    assert record.at.ToDatetime(UTC) == end
    assert await our.present_version() == version, "nobody's page grew old"


async def test_one_that_was_ended_is_not_told_again_and_nobody_but_the_clock_tells(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    ended, staying = await our.invite(last_day_in=3), await our.invite(last_day_in=3)
    entry_id, other_id = await entry_of(our, ended), await entry_of(our, staying)
    our.version = await our.present_version()
    await our.coordinator.run(end_invitation, EndInvitation(our.case_id, our.version, entry_id, "taken_back"))
    clock = system("case.clock", our.cell.cell_id)
    assert not await harness.executor.run(clock, expire_circle_invitation, ExpireCircleInvitation(other_id)), (
        "before its time"
    )
    harness.clock.now = day_ends_at(our.today + timedelta(days=3))
    for run in (our.coordinator.run, our.mayor.run):
        with pytest.raises(Exception, match="role"):
            await run(expire_circle_invitation, ExpireCircleInvitation(other_id))
    elsewhere = await harness.cell()
    with pytest.raises(CellNotFound):
        await harness.executor.run(
            system("meeting.clock", our.cell.cell_id), expire_circle_invitation, ExpireCircleInvitation(other_id)
        )
    act = system("case.clock", elsewhere.cell_id)
    assert not await harness.executor.run(act, expire_circle_invitation, ExpireCircleInvitation(other_id)), (
        "of another cell"
    )
    await run_due(harness, TERMS)
    assert [message.entry_id for message in await told(our)] == [str(other_id)]
    assert not await harness.executor.run(clock, expire_circle_invitation, ExpireCircleInvitation(entry_id))
