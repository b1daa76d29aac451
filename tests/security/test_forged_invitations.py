"""A stolen password of case_app adds to a circle past the service: what the database refuses, and what stays useless.

It says of itself to be whoever may invite; there is a person in the cell it works for, with a mandate of his own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy.local.servers import Servers
from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import CaseNotFound, SignalNotFound
from services.case.model import Part
from services.case.policy import POLICY
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import events_of
from tests.case.story import Story, story
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.security.tables import add
from tests.security.test_database_roles import stolen

PARTS = ["frame", "identity", "proposal", "content"]
FOR_EVER = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Thief:
    """Who holds the password, and for whom: a partner of another town of the same cell, in no circle."""

    servers: Servers
    our: Story
    friend: Person

    async def adds(self, by: Person, **changes: Any) -> None:
        """Adds an entry to the circle, in somebody's name."""
        row = {
            "tenant_id": self.our.cell.cell_id, "entry_id": new_id(), "object_id": self.our.case_id,
            "person_id": self.friend.person_id, "seat": None, "nis_code": self.our.town, "parts": PARTS,
            "starts_at": self.our.now, "ends_at": FOR_EVER, "life_domains": [], "invited_by": by.person_id,
            "why": b"\x01" + bytes(60),
        }  # fmt: skip
        cell, now = self.our.cell.cell_id, self.our.now.isoformat()
        async with stolen(self.servers, "case", "app", cell=cell, actor=by.person_id, now=now) as connection:
            await add(connection, "circle_entry", row | changes)

    async def founds(self, table: str, **row: Any) -> None:
        """Makes a signal or a case past the service, under whatever id."""
        cell, by, now = self.our.cell.cell_id, self.our.coordinator.person_id, self.our.now.isoformat()
        async with stolen(self.servers, "case", "app", cell=cell, actor=by, now=now) as connection:
            await add(connection, table, {"tenant_id": cell, "nis_code": "24002", "version": 1, **row})

    async def widens(self, by: Person, person: UUID) -> str:
        """Gives somebody invited all parts."""
        cell, now = self.our.cell.cell_id, self.our.now.isoformat()
        async with stolen(self.servers, "case", "app", cell=cell, actor=by.person_id, now=now) as connection:
            widening = "UPDATE circle_entry SET parts = $1 WHERE person_id = $2"
            return str(await connection.execute(widening, PARTS, person))

    async def bends(self, by: Person, person: UUID, moment: datetime, **changes: Any) -> str:
        """Changes what somebody's invitation says, at whatever moment, as whoever may end it."""
        cell = self.our.cell.cell_id
        sets = ", ".join(f"{name} = ${number}" for number, name in enumerate(changes, 2))
        async with stolen(self.servers, "case", "app", cell=cell, actor=by.person_id, now=moment.isoformat()) as thief:
            bent = f"UPDATE circle_entry SET {sets} WHERE person_id = $1 AND why IS NOT NULL"
            return str(await thief.execute(bent, person, *changes.values()))


@pytest.fixture(scope="module")
async def cases(servers: Servers) -> AsyncIterator[Harness]:
    """The case service on its real database."""
    database = await migrated(servers, "case")
    yield Harness("case", database, POLICY)
    await database.close()


@pytest.fixture
async def thief(servers: Servers, cases: Harness) -> Thief:
    """A listed case of the first of two towns."""
    our = await story(cases, "24001", "24002")
    await our.list()
    return Thief(servers, our, await our.cell.person(Role.PREVENTION_OFFICER, nis_codes=("24002",)))


async def test_an_invitation_without_the_key_opens_nothing(thief: Thief) -> None:
    our = thief.our
    invited = await our.invite()
    assert (await our.read(invited)).person is not None
    with pytest.raises(CaseNotFound):
        await our.read(thief.friend)
    for why in (b"\x01" + bytes(60), b"", b"x"):
        await thief.adds(our.coordinator, why=why)
        with pytest.raises(CaseNotFound):
            await our.read(thief.friend)
    # The others read on, and see no trace of it.
    circle = (await our.read(our.mayor)).circle
    assert invited.person_id in {entry.person_id for entry in circle}
    assert thief.friend.person_id not in {entry.person_id for entry in circle}


async def test_an_invitation_without_the_key_tells_no_name(thief: Thief) -> None:
    """Whoever is rightfully invited reads it by the same request."""
    asked = ListCases(50, None, None, persons=True)
    await thief.adds(thief.our.coordinator)
    mine = await thief.our.invite()
    for person, named in ((mine, True), (thief.friend, False)):
        cases = (await person.run(list_cases, asked)).cases
        found = {case.case_id: case.concerned is not None for case in cases}
        assert found == {thief.our.case_id: named}


async def test_an_invitation_without_the_key_is_not_told(thief: Thief) -> None:
    our = thief.our
    await thief.adds(our.coordinator)
    invited = await our.invite(Part.CONTENT)
    told: pb.CircleChanged = (await events_of(our.coordinator))["circle.changed", our.version]
    people = {entry.person_id for entry in told.entries}
    assert str(invited.person_id) in people
    assert str(thief.friend.person_id) not in people


async def test_the_reason_of_another_invitation_does_not_fit(thief: Thief) -> None:
    our = thief.our
    await our.invite()
    query = "SELECT why FROM circle_entry WHERE tenant_id = $1 AND why IS NOT NULL"
    ((why,),) = await our.cell.harness.database.unwalled(query, our.cell.cell_id)
    await thief.adds(our.coordinator, why=why)
    with pytest.raises(CaseNotFound):
        await our.read(thief.friend)


async def test_nobody_is_in_a_circle_without_invitation_but_who_reported(thief: Thief) -> None:
    our = thief.our
    for object_id in (our.case_id, our.signal.id):
        with pytest.raises(asyncpg.ForeignKeyViolationError, match="circle_entry_reporter"):
            await thief.adds(our.coordinator, object_id=object_id, why=None)
    # An invitation is to a case: the reason of one says nothing at a signal, so there is none.
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="circle_entry_case"):
        await thief.adds(our.coordinator, object_id=our.signal.id)
    assert (await our.reporter.run(read_signal, ReadSignal(our.signal.id))).person is not None
    with pytest.raises(SignalNotFound):
        await thief.friend.run(read_signal, ReadSignal(our.signal.id))


async def test_a_seat_is_of_its_own_town_and_taken_once(thief: Thief) -> None:
    our, seat = thief.our, {"person_id": None, "why": None}
    await our.cell.person(Role.COORDINATOR, nis_codes=("24002",))
    for name in ("coordinator", "mayor", "police", "prevention"):
        with pytest.raises(asyncpg.UniqueViolationError, match="circle_entry_seats"):
            await thief.adds(our.coordinator, **seat, seat=name, nis_code="24002")
    await our.enter()
    await our.propose()
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="circle_entry_case"):
        await thief.adds(our.coordinator, **seat, seat="prevention", nis_code="24002")
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="circle_entry_case"):
        await thief.adds(our.coordinator, **seat, seat="prevention", object_id=our.signal.id)


async def test_a_case_under_the_id_of_a_signal_opens_no_signal(thief: Thief) -> None:
    """A seat of another town is tied to a case of that town; here it is made, under the signal's own id."""
    our, friend = thief.our, thief.friend
    signal = await our.enter()
    mine = new_id()
    await thief.founds(
        "signal", signal_id=mine, state="RECEIVED", urgent=False, minor=False, language="nl", received_at=our.now,
        reporter_id=friend.person_id,
    )  # fmt: skip
    await thief.founds(
        "case_frame", case_id=signal.id, signal_id=mine, code="24002-26-0009", state="PROPOSED", minor=False,
        phenomenon="unclear", proposed_at=our.now, proposed_by=friend.person_id,
    )  # fmt: skip
    seat = {"person_id": None, "why": None, "seat": "prevention", "nis_code": "24002"}
    await thief.adds(our.coordinator, object_id=signal.id, **seat)
    assert (await our.reporter.run(read_signal, ReadSignal(signal.id))).person is not None
    with pytest.raises(SignalNotFound):
        await friend.run(read_signal, ReadSignal(signal.id))


async def test_a_signal_under_the_id_of_a_case_opens_no_case(thief: Thief) -> None:
    our, friend = thief.our, thief.friend
    await thief.founds(
        "signal", signal_id=our.case_id, state="RECEIVED", urgent=False, minor=False, language="nl",
        received_at=our.now, reporter_id=friend.person_id,
    )  # fmt: skip
    await thief.adds(our.coordinator, why=None)
    assert (await our.read(our.mayor)).person is not None
    with pytest.raises(CaseNotFound):
        await our.read(friend)


async def test_an_invitation_stays_as_it_was_made(thief: Thief) -> None:
    our = thief.our
    invited = await our.invite(Part.IDENTITY)
    assert await thief.widens(our.coordinator, invited.person_id) == "UPDATE 0"
    assert (await our.read(invited)).parts == (Part.FRAME, Part.IDENTITY)


async def test_an_invitation_is_ended_and_nothing_else(thief: Thief) -> None:
    """An end that comes nearer, in one's own name, together with its reason; never later, and never undone."""
    our = thief.our
    invited = await our.invite(Part.IDENTITY)
    me, by, later = invited.person_id, our.coordinator, our.now + timedelta(days=300)
    ended = {"ends_at": our.now, "ended_by": by.person_id, "end_reason": "taken_back"}
    bent: list[dict[str, Any]] = [
        ended | {"ended_by": our.mayor.person_id},
        ended | {"ends_at": later},
        ended | {"parts": PARTS},
        ended | {"starts_at": our.now - timedelta(days=1)},
        ended | {"opened_at": our.now},
        {"ends_at": our.now},
        {"ends_at": later},
        {"opened_at": our.now},
        {"opened_at": our.now, "ends_at": later},
    ]
    for changes in bent:
        assert await thief.bends(by, me, later, **changes) == "UPDATE 0", changes
    assert (await our.read(invited)).parts == (Part.FRAME, Part.IDENTITY)
    assert await thief.bends(invited, me, our.now, opened_at=our.now) == "UPDATE 0", "it is noted already"
    assert await thief.bends(by, me, our.now, **ended) == "UPDATE 1"
    for changes in (ended | {"ends_at": later}, {"ends_at": later, "ended_by": None, "end_reason": None}):
        assert await thief.bends(by, me, later, **changes) == "UPDATE 0", changes
    with pytest.raises(CaseNotFound):
        await our.read(invited)


async def test_a_reporter_is_not_taken_out_of_the_own_signal(thief: Thief) -> None:
    our = thief.our
    ended = {"ends_at": our.now, "ended_by": our.coordinator.person_id, "end_reason": "taken_back"}
    sets = "UPDATE circle_entry SET ends_at = $1, ended_by = $2, end_reason = $3 WHERE person_id = $4 AND why IS NULL"
    values = (*ended.values(), our.reporter.person_id)
    cell, now = our.cell.cell_id, our.now.isoformat()
    async with stolen(thief.servers, "case", "app", cell=cell, actor=our.coordinator.person_id, now=now) as connection:
        assert await connection.execute(sets, *values) == "UPDATE 0"
    assert await our.reporter.run(read_signal, ReadSignal(our.signal.id))


async def test_nobody_adds_in_the_name_of_another(thief: Thief) -> None:
    our = thief.our
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await thief.adds(our.coordinator, invited_by=our.mayor.person_id)
