"""Whom the cases of a list are about, for who reads their identity; and when each is talked about next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import text

from services.case.circle import is_ours
from services.case.frame import Concerned, Frame
from services.case.model import Part
from services.case.person import PersonConcerned
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.statements import Statement
from services.kit.vault import AssociatedData

# The walls show the identity to its circle alone, and a session to coordinator, mayor and circle.
_MORE = Statement(
    text("""
SELECT one.case_id, identity.person,
       (SELECT min(planned.starts_at) FROM planned_case AS planned
         WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now)
       AS next_session_at
  FROM unnest(CAST(:case_ids AS uuid[])) AS one (case_id)
  LEFT JOIN case_identity AS identity ON identity.tenant_id = :tenant AND identity.case_id = one.case_id""")
)
_INVITED = Statement(
    text("""
SELECT entry.object_id, entry.entry_id, entry.why FROM circle_entry AS entry
 WHERE entry.tenant_id = :tenant AND entry.object_id = ANY (CAST(:case_ids AS uuid[])) AND entry.person_id = :actor
   AND entry.ends_at > :now""")
)


async def with_persons(work: Work, cases: Sequence[Frame]) -> tuple[Frame, ...]:
    """The same cases with what is known besides; the record says so where an identity was read."""
    asked = {
        "tenant": work.cell_id, "now": work.now, "actor": work.actor_id, "case_ids": [case.case_id for case in cases],
    }  # fmt: skip
    found = {row.case_id: row for row in await work.fetch(_MORE, asked)}
    sealed = {case_id: row.person for case_id, row in found.items() if row.person}
    for case_id in await _not_ours(work, asked) if sealed else ():
        sealed.pop(case_id, None)
    await work.keyring.hold(sealed)
    concerned = {case_id: await _opened(work, case_id, person) for case_id, person in sealed.items()}
    if concerned:
        work.trail.fields = (Part.FRAME, Part.IDENTITY)
    return tuple(
        replace(case, concerned=concerned.get(case.case_id), next_session_at=found[case.case_id].next_session_at)
        for case in cases
    )


async def _not_ours(work: Work, asked: dict[str, object]) -> list[UUID]:
    """The cases to which somebody invited the caller past this service: for that one they are not there to read."""
    rows = await work.fetch(_INVITED, asked)
    return [
        row.object_id for row in rows if not await is_ours(work, row.object_id, row.entry_id, work.actor_id, row.why)
    ]


async def _opened(work: Work, case_id: UUID, sealed: bytes) -> Concerned:
    told = await work.open(sealed, AssociatedData(case_id, "case_identity", "person", case_id))
    return Concerned.of(PersonConcerned.from_json(told), local_date(work.now))
