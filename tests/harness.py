"""A fresh cell per test, with people who hold mandates in it, over the real database and the real executor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from services.case.commands.apply_cell import ApplyCell, apply_cell
from services.kit.execute import Executor, HandlerOf
from services.kit.ids import new_id
from services.kit.mandates import ApplyMandates, MandateFact, NoteCell, apply_mandates, note_cell
from services.kit.outbox import HighWaterMark
from services.kit.policy import Policy, Role
from services.kit.principal import Principal, PrincipalKind, system
from services.kit.seals import Seals, seals_of
from services.kit.vault import Vault
from tests.databases import Migrated

Command = TypeVar("Command")
Result = TypeVar("Result")

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class TestClock:
    """The moment it is, moved by the test."""

    __test__ = False

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Move on by a timedelta's keywords."""
        self.now += timedelta(**span)


async def _fresh(principal: Principal) -> None:
    """The harness applies mandates itself."""


@dataclass
class Harness:
    """One service's executor on its real database, with a clock of the test."""

    service: str
    database: Migrated
    policy: Policy
    clock: TestClock = field(default_factory=TestClock)
    vault: Vault = field(default_factory=lambda: Vault(b"k" * 32))
    woken: int = 0
    wakes: list[Callable[[HighWaterMark | None], None]] = field(default_factory=list)
    """Who is told of each act that was committed, as a service's relay is."""

    def __post_init__(self) -> None:
        self.executor = Executor(
            service=self.service, database=self.database, vault=self.vault, policy=self.policy, clock=self.clock,
            fresh=_fresh, wake=self._wake, circle=self.service in ("case", "meeting"),
        )  # fmt: skip

    @property
    def seals(self) -> Seals:
        """What the service's relay checks its rows by."""
        return seals_of(self.service, self.vault.roots)

    def _wake(self, height: HighWaterMark | None) -> None:
        self.woken += 1
        for wake in self.wakes:
            wake(height)

    async def cell(self, *nis_codes: str, opened: bool = True) -> Cell:
        """A cell nobody else uses, known to the service; the case service knows it as open, unless asked otherwise."""
        cell = Cell(self, uuid4(), nis_codes or ("24001",))
        await cell.as_system(note_cell, NoteCell(cell.cell_id))
        if opened and apply_cell in self.policy:
            await cell.as_system(apply_cell, ApplyCell(cell.cell_id, "ACTIVE", 2))
        return cell


@dataclass
class Cell:
    """One tenant of the test."""

    harness: Harness
    cell_id: UUID
    nis_codes: Sequence[str]

    async def person(self, role: Role, **changes: Any) -> Person:
        """A person with one mandate in this cell, undertaking accepted."""
        person = Person(self, uuid4())
        await person.mandate(role, **changes)
        return person

    async def as_system(self, handler: HandlerOf[Command, Result], command: Command, name: str = "") -> Result:
        """Run a handler as the service's consumer."""
        principal = system(name or f"{self.harness.service}.consumer", self.cell_id)
        return await self.harness.executor.run(principal, handler, command)


@dataclass
class Person:
    """Somebody signed in, acting in one cell."""

    cell: Cell
    person_id: UUID
    acr: int = 2
    mandate_id: UUID = field(default_factory=new_id)

    async def mandate(self, role: Role, **changes: Any) -> None:
        """Give or change the mandate; the newest fact wins."""
        now = self.cell.harness.clock()
        values: dict[str, Any] = {
            "mandate_id": self.mandate_id,
            "person_id": self.person_id,
            "organisation_id": uuid4(),
            "organisation_kind": "caw",
            "role": role.value,
            "nis_codes": tuple(self.cell.nis_codes),
            "starts_at": now - timedelta(days=1),
            "ends_at": now + timedelta(days=365),
            "legal_basis": "decree-vl-2021-05-21",
            "clearance_ends_at": None,
            "undertaken_until": now + timedelta(days=365),
            "fact_version": 1,
        }
        fact = MandateFact(**(values | changes))
        await self.cell.as_system(apply_mandates, ApplyMandates((fact,), heard=False))

    def elsewhere(self, cell: Cell) -> Person:
        """The same person, addressing another cell."""
        return Person(cell, self.person_id, self.acr, self.mandate_id)

    async def run(
        self, handler: HandlerOf[Command, Result], command: Command, *, idempotency_key: str | None = None
    ) -> Result:
        """Run a command or query as this person."""
        return await self.cell.harness.executor.run(self.principal, handler, command, idempotency_key=idempotency_key)

    @property
    def principal(self) -> Principal:
        """The person, acting in that cell."""
        return Principal(PrincipalKind.PERSON, self.person_id, self.cell.cell_id, acr=self.acr)
