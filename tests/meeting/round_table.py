"""A round table for tests: the seats of a cell, cases as the case service tells of them, sessions on the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from rondetafel.audit.v1 import audit_pb2
from services.kit.clock import local_date
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.meeting.commands.apply_case import ApplyCase, apply_case
from services.meeting.commands.apply_circle import ApplyCircle, CircleSeat, apply_circle
from services.meeting.commands.open_session import OpenSession, open_session
from services.meeting.commands.plan_session import PlannedItem, PlanSession, plan_session
from services.meeting.commands.record_decision import RecordDecision
from services.meeting.model import AgreedAction, Outcome
from services.meeting.queries.read_session import ItemView, ReadSession, SessionView, read_session
from tests.harness import Cell, Harness, Person

EVERY_PART = ("frame", "identity", "proposal", "content")
SEATS = ("mayor", "police", "prevention", "coordinator")


@dataclass
class RoundTable:
    """The mandatory seats and the coordinator of one town, with a partner who is in no circle yet."""

    cell: Cell
    town: str
    mayor: Person
    police: Person
    prevention: Person
    coordinator: Person
    partner: Person

    @property
    def now(self) -> datetime:
        return self.cell.harness.clock()

    @property
    def present(self) -> tuple[UUID, ...]:
        """Everyone of this table."""
        people = (self.mayor, self.police, self.prevention, self.coordinator, self.partner)
        return tuple(person.person_id for person in people)

    async def case(self, state: str = "LISTED", *invited: Person, version: int = 1) -> UUID:
        """A case of this town, its circle the seats and those invited, as the case service tells."""
        case_id = new_id()
        await self.tell_state(case_id, state, version)
        await self.tell_circle(case_id, version, invited)
        return case_id

    async def tell_state(self, case_id: UUID, state: str, version: int) -> None:
        """The frame of a case, told by the case service."""
        fact = ApplyCase(case_id, f"{self.town}-26-0001", self.town, state, False, version)
        await self.cell.as_system(apply_case, fact)

    async def tell_circle(
        self, case_id: UUID, version: int, invited: Sequence[Person] = (), seats: Collection[str] = SEATS,
        parts: tuple[str, ...] = EVERY_PART, kept_out: Sequence[Person] = (), **changes: Any,
    ) -> None:  # fmt: skip
        """The circle of a case, told by the case service; `changes` are those of the invitations."""
        window = {"starts_at": self.now - timedelta(hours=1), "ends_at": self.now + timedelta(days=300)}
        entries = [CircleSeat(uuid4(), None, seat, self.town, parts, **window) for seat in seats]
        entries += [
            CircleSeat(uuid4(), person.person_id, None, self.town, parts, **(window | changes)) for person in invited
        ]
        entries += [CircleSeat(uuid4(), person.person_id, None, self.town, (), **window) for person in kept_out]
        await self.cell.as_system(apply_circle, ApplyCircle(case_id, version, tuple(entries)))

    def planning(self, *case_ids: UUID) -> PlanSession:
        """A session of tomorrow, half an hour for each case."""
        start = self.now + timedelta(days=1)
        half = timedelta(minutes=30)
        items = tuple(
            PlannedItem(case_id, start + number * half, start + (number + 1) * half)
            for number, case_id in enumerate(case_ids)
        )
        return PlanSession(start, start + timedelta(hours=8), "town_hall", items)

    async def planned(self, *case_ids: UUID) -> Receipt:
        """A planned session."""
        return await self.coordinator.run(plan_session, self.planning(*case_ids))

    def opening(self, session: Receipt, *more: UUID) -> OpenSession:
        """Everyone is there and secrecy is declared."""
        return OpenSession(session.id, session.version, (*self.present, *more), True)

    async def opened(self, *case_ids: UUID) -> Receipt:
        """An open session."""
        return await self.mayor.run(open_session, self.opening(await self.planned(*case_ids)))

    async def item(self, session: Receipt, position: int = 1) -> ItemView:
        """A point of the agenda as the coordinator sees it."""
        return (await self.read(self.coordinator, session)).items[position - 1]

    async def read(self, person: Person, session: Receipt) -> SessionView:
        """The session as somebody sees it."""
        return await person.run(read_session, ReadSession(session.id))

    async def no_action(self, session: Receipt, **changes: Any) -> RecordDecision:
        """Nothing needs to be done on the first point."""
        view = await self.item(session)
        values: dict[str, Any] = {
            "session_id": session.id,
            "expected_version": session.version,
            "agenda_item_id": view.item.agenda_item_id,
            "outcome": Outcome.NO_ACTION,
            "reasons": "De zorgen zijn weg.",
        }
        return RecordDecision(**(values | changes))

    async def follow_up(self, session: Receipt, **changes: Any) -> RecordDecision:
        """The prevention official does something within a month and leads the case."""
        owner, today = self.prevention.person_id, local_date(self.now)
        plan: dict[str, Any] = {
            "outcome": Outcome.FOLLOW_UP,
            "reasons": "De jeugdwerking blijft hem zien.",
            "actions": (AgreedAction("leisure", owner, today + timedelta(days=30), "Neemt hem mee naar het atelier."),),
            "case_lead_id": owner,
            "review_on": today + timedelta(days=90),
        }
        return await self.no_action(session, **(plan | changes))


async def round_table(cell: Cell, town: str = "24001", **changes: Any) -> RoundTable:
    """Seats for one town of the cell; `changes` are those of the police delegate's mandate."""
    towns = (town,)
    clearance = {"clearance_ends_at": cell.harness.clock() + timedelta(days=200)} | changes
    return RoundTable(
        cell,
        town,
        mayor=await cell.person(Role.MAYOR, nis_codes=towns),
        police=await cell.person(Role.INFORMATION_OFFICER, nis_codes=towns, **clearance),
        prevention=await cell.person(Role.PREVENTION_OFFICER, nis_codes=towns),
        coordinator=await cell.person(Role.COORDINATOR, nis_codes=towns),
        partner=await cell.person(Role.PARTICIPANT, nis_codes=towns),
    )


async def joint_session(harness: Harness) -> tuple[RoundTable, RoundTable, RecordDecision]:
    """Two of three towns sit together; the command decides on the case of the first."""
    cell = await harness.cell("24001", "24002", "24003")
    table, town_b = await round_table(cell, "24001"), await round_table(cell, "24002")
    table.coordinator = await cell.person(Role.COORDINATOR)
    planned = await table.planned(await table.case(), await town_b.case())
    session = await table.coordinator.run(open_session, table.opening(planned, *town_b.present))
    return table, town_b, await table.no_action(session)


def session_of(command: RecordDecision) -> Receipt:
    """The session of a decision, as its receipt says."""
    return Receipt(command.session_id, "OPEN", command.expected_version)


async def told(harness: Harness, cell: Cell) -> list[tuple[str, bytes]]:
    """Type and payload of every event this cell's service told, in no order."""
    return [(row["type"], row["payload"]) for row in await _outbox(harness, cell, "event")]


async def told_as(harness: Harness, cell: Cell, kind: str) -> list[bytes]:
    """The payloads of one type."""
    return [payload for each, payload in await told(harness, cell) if each == kind]


async def recorded(harness: Harness, cell: Cell) -> list[audit_pb2.AuditRecord]:
    """The audit records of a cell, oldest first."""
    return [audit_pb2.AuditRecord.FromString(row["payload"]) for row in await _outbox(harness, cell, "audit")]


async def _outbox(harness: Harness, cell: Cell, stream: str) -> Any:
    return await harness.database.unwalled(
        "SELECT type, payload FROM outbox WHERE tenant_id = $1 AND stream = $2 ORDER BY producer_seq",
        cell.cell_id, stream,
    )  # fmt: skip
