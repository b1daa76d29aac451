"""What the caller is in this cell right now: the mandates valid at this moment, read inside the transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.kit.database import Transaction
from services.kit.policy import Role

_MANDATES_OF = (
    "SELECT person_id, mandate_id, organisation_id, organisation_kind, role, nis_codes, legal_basis,"
    " clearance_ends_at, undertaken_until, deputy_for FROM mandate"
    " WHERE tenant_id = (SELECT current_setting('rondetafel.tenant')::uuid) AND person_id = ANY ($1)"
    " AND starts_at <= (SELECT current_setting('rondetafel.now')::timestamptz)"
    " AND ends_at > (SELECT current_setting('rondetafel.now')::timestamptz)"
    " AND undertaken_until > (SELECT current_setting('rondetafel.now')::timestamptz) ORDER BY mandate_id"
)


@dataclass(frozen=True, slots=True)
class Mandate:
    """One valid mandate in the addressed cell. `deputy_for`: the person for whom a deputy acts by it."""

    mandate_id: UUID
    organisation_id: UUID
    organisation_kind: str
    role: Role
    nis_codes: tuple[str, ...]
    legal_basis: str
    clearance_ends_at: datetime | None
    undertaken_until: datetime | None
    deputy_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All valid mandates of the caller here. A caller with several carries all; any may grant."""

    mandates: tuple[Mandate, ...] = ()

    def undertaken(self, now: datetime) -> bool:
        """Whether the undertaking of secrecy is accepted and in force (invariant 7)."""
        return any(mandate.undertaken_until is not None and mandate.undertaken_until > now for mandate in self.mandates)


def load_facts(transaction: Transaction) -> Facts:
    """The facts of the actor and cell the transaction was opened for, read by its first statement; oldest first."""
    return Facts(tuple(sorted((_mandate(row) for row in transaction.my_mandates), key=lambda one: one.mandate_id)))


async def load_mandates_of(transaction: Transaction, person_ids: Collection[UUID]) -> dict[UUID, tuple[Mandate, ...]]:
    """The mandates valid now, with an undertaking in force, of these people in this cell; who has none is absent."""
    found: dict[UUID, tuple[Mandate, ...]] = {}
    for row in await transaction.raw.fetch(_MANDATES_OF, list(person_ids)):
        found[row["person_id"]] = (*found.get(row["person_id"], ()), _mandate(row))
    return found


class _Row(Protocol):
    def __getitem__(self, name: str, /) -> Any: ...


def _mandate(row: _Row) -> Mandate:
    return Mandate(
        row["mandate_id"], row["organisation_id"], row["organisation_kind"], Role(row["role"]),
        tuple(row["nis_codes"]), row["legal_basis"], row["clearance_ends_at"], row["undertaken_until"],
        row["deputy_for"],
    )  # fmt: skip
