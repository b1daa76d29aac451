"""The projection of mandates that every service keeps; kit.freshness keeps it no older than a second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.consume import Subscription, hears
from services.kit.execute import Work
from services.kit.policy import DatabaseRole, Handler, Rule, Verb
from services.kit.reading import reader
from services.kit.revocations import SEEN
from services.kit.shapes import Differences


@dataclass(frozen=True, slots=True)
class MandateFact:
    """A mandate as the directory says it now is."""

    mandate_id: UUID
    person_id: UUID
    organisation_id: UUID
    organisation_kind: str
    role: str
    nis_codes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    legal_basis: str
    clearance_ends_at: datetime | None
    undertaken_until: datetime | None
    fact_version: int
    deputy_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class ApplyMandates:
    """Take over facts; `heard` tells whether they came as numbered events (and not as an answer to a question)."""

    mandates: tuple[MandateFact, ...]
    heard: bool


@dataclass(frozen=True, slots=True)
class NoteCell:
    """A cell exists from now on."""

    cell_id: UUID


@dataclass(frozen=True, slots=True)
class ReadAppliedFacts:
    """Up to which fact, without gaps, this service has applied the directory's facts."""


_APPLY = text("""
INSERT INTO mandate AS mine (tenant_id, mandate_id, person_id, organisation_id, organisation_kind, role, nis_codes,
    starts_at, ends_at, legal_basis, clearance_ends_at, undertaken_until, fact_version, deputy_for)
VALUES (:tenant_id, :mandate_id, :person_id, :organisation_id, :organisation_kind, :role, :nis_codes,
    :starts_at, :ends_at, :legal_basis, :clearance_ends_at, :undertaken_until, :fact_version, :deputy_for)
ON CONFLICT (tenant_id, mandate_id) DO UPDATE SET
    ends_at = excluded.ends_at, clearance_ends_at = excluded.clearance_ends_at, role = excluded.role,
    nis_codes = excluded.nis_codes, starts_at = excluded.starts_at, legal_basis = excluded.legal_basis,
    undertaken_until = excluded.undertaken_until, fact_version = excluded.fact_version,
    deputy_for = excluded.deputy_for
WHERE mine.fact_version < excluded.fact_version""")
# The end of the first gapless run; older rows of that run are dropped, so the table stays small.
_APPLIED = text("""
SELECT coalesce(min(fact_version), 0) FROM fact_seen AS one
WHERE NOT EXISTS (SELECT 1 FROM fact_seen AS next WHERE next.fact_version = one.fact_version + 1)""")
_COMPACT = text("DELETE FROM fact_seen WHERE fact_version < :applied")
_NOTE = text("INSERT INTO known_cell VALUES (:cell_id) ON CONFLICT DO NOTHING")


async def apply_mandates(work: Work, command: ApplyMandates) -> None:
    """Keep the newest version of each mandate. May run twice, and in any order."""
    for fact in command.mandates:
        values = {name: getattr(fact, name) for name in MandateFact.__slots__} | {"nis_codes": list(fact.nis_codes)}
        await work.session.execute(_APPLY, values | {"tenant_id": work.cell_id})
        if command.heard:
            await work.session.execute(SEEN, {"fact_version": fact.fact_version})
    work.trail.count = len(command.mandates)


async def note_cell(work: Work, command: NoteCell) -> None:
    """Know the cell, so that refusals in it are recorded there. May run twice."""
    await work.session.execute(_NOTE, {"cell_id": command.cell_id})


async def read_applied_facts(work: Work, query: ReadAppliedFacts) -> int:
    """The highest fact applied without a gap, 0 when none."""
    applied = int((await work.session.execute(_APPLIED)).scalar_one())
    await work.session.execute(_COMPACT, {"applied": applied})
    return applied


def mandate_policy(service: str) -> dict[Handler, Rule]:
    """The policy lines of the projection, for every service that keeps one."""
    systems, role = frozenset({f"{service}.consumer"}), DatabaseRole.HEARING
    return {
        apply_mandates: Rule(Verb.ALTER, systems=systems, fields=("mandate",), database_role=role),
        note_cell: Rule(Verb.ADMINISTER, systems=systems, fields=(), database_role=role),
        read_applied_facts: Rule(Verb.CONSULT, systems=systems, fields=(), recorded=False, database_role=role),
    }


fact_of = reader(MandateFact, pb.MandateChanged, Differences(leave_out=("tenant_id",)), facts=True)
"""The fact in an event or an answer of the directory. Raises ValueError when it is none."""


def mandate_changed(envelope: kit_pb2.Envelope) -> ApplyMandates:
    """Event `mandate.changed` to its command."""
    return ApplyMandates((fact_of(pb.MandateChanged.FromString(envelope.payload)),), heard=True)


MANDATES_HEARD = {
    "mandate.changed": Subscription(apply_mandates, mandate_changed),
    # It is told in the platform's tenant, where cells are made.
    "cell.created": hears(pb.CellCreated, NoteCell, note_cell, Differences(leave_out=("nis_codes", "created_at"))),
}
"""What every service hears that keeps mandates."""
