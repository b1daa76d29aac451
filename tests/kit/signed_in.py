"""Somebody with a token that may be revoked, and two acts: by a mandate, and on the platform without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.kit.execute import Work
from services.kit.identities import Revocation, Revoked, identity_id
from services.kit.mandates import mandate_policy
from services.kit.policy import Policy, Role, Rule, Verb
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.kit.revocations import ApplyRevocations, apply_revocations, revocation_policy
from tests.harness import START, Cell, Harness


@dataclass(frozen=True, slots=True)
class Look:
    """Anything only a mandate allows."""


@dataclass(frozen=True, slots=True)
class Greet:
    """What concerns the person alone."""


async def look(work: Work, query: Look) -> int:
    """How many mandates the caller has."""
    return len(work.facts.mandates)


async def greet(work: Work, query: Greet) -> str:
    """Without a mandate, on the platform."""
    return "good day"


POLICY: Policy = {
    look: Rule(Verb.CONSULT, roles=frozenset(Role)),
    greet: Rule(Verb.CONSULT, signed_in=True),
    **mandate_policy("case"),
    **revocation_policy("case"),
}
CONSUMER = system("case.consumer", PLATFORM)


@dataclass
class SignIn:
    """Somebody's token: of a person, through a provider, for an organisation."""

    cell: Cell
    names: dict[Revoked, str] = field(default_factory=lambda: {kind: str(uuid4()) for kind in Revoked})
    person_id: UUID = field(default_factory=uuid4)
    issued_at: datetime = START - timedelta(minutes=2)

    def id(self, kind: Revoked) -> UUID:
        return identity_id("issuer", kind, self.names[kind])

    def principal(self, cell_id: UUID | None = None) -> Principal:
        identities = tuple(self.id(kind) for kind in Revoked)
        return Principal(
            PrincipalKind.PERSON, self.person_id, cell_id or self.cell.cell_id, acr=2, identities=identities,
            issued_at=self.issued_at,
        )  # fmt: skip

    async def looks(self, harness: Harness | None = None) -> int:
        return await (harness or self.cell.harness).executor.run(self.principal(), look, Look())

    async def greets(self) -> str:
        return await self.cell.harness.executor.run(self.principal(PLATFORM), greet, Greet())

    def revocation(self, kind: Revoked, number: int = 1, *, at: datetime = START, all: bool = True) -> Revocation:
        return Revocation(self.id(kind), kind, at, all, number)


async def signed_in(harness: Harness) -> SignIn:
    cell = await harness.cell()
    person = await cell.person(Role.PARTICIPANT)
    return SignIn(cell, person_id=person.person_id)


async def applied(harness: Harness, *revocations: Revocation, heard: bool = False) -> None:
    await harness.executor.run(CONSUMER, apply_revocations, ApplyRevocations(revocations, heard=heard))
