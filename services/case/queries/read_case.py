"""One case on one page: frame, person, proposal, circle, contributions side by side, actions.

Two statements, whatever the case holds; a third one when somebody reads a contribution for the first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Row, bindparam, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.case.circle import is_ours, my_circle
from services.case.criterion import Assessment, Criterion, criteria_from_json
from services.case.errors import CaseNotFound
from services.case.frame import FRAME, Frame, insider_towns
from services.case.model import Case, CaseAction, CaseIdentity, CaseProposal, CircleEntry, ContributionDeclined, Part
from services.case.person import PersonConcerned
from services.kit.execute import Work
from services.kit.vault import AssociatedData


def _gathered(columns: Sequence[Any], order: Sequence[Any], *where: Any) -> Any:
    """Rows of another table as one JSON array of arrays: they come with the case, in its statement."""
    rows = aggregate_order_by(func.json_build_array(*columns), *order)
    return select(func.json_agg(rows, type_=JSON)).where(*where).scalar_subquery()


_MY_PARTS = func.array(
    select(func.unnest(my_circle.c.parts)).where(my_circle.c.object_id == Case.case_id).scalar_subquery()
)
_CIRCLE = _gathered(
    (
        CircleEntry.entry_id, CircleEntry.person_id, CircleEntry.seat, CircleEntry.parts, CircleEntry.starts_at,
        CircleEntry.ends_at, CircleEntry.life_domains, CircleEntry.invited_by, func.encode(CircleEntry.why, "hex"),
    ),
    (CircleEntry.starts_at, CircleEntry.seat, CircleEntry.entry_id),
    CircleEntry.tenant_id == Case.tenant_id,
    CircleEntry.object_id == Case.case_id,
    CircleEntry.ends_at > bindparam("now"),
)  # fmt: skip
_ENTRY, _PERSON, _WHY = 0, 1, 8
_ACTIONS = _gathered(
    (CaseAction.action_id, CaseAction.life_domain, CaseAction.owner_id, CaseAction.due_on, CaseAction.state),
    (CaseAction.due_on, CaseAction.action_id),
    CaseAction.tenant_id == Case.tenant_id,
    CaseAction.case_id == Case.case_id,
)
# The row is the reader's own, by its wall; a new round asks anew.
_DECLINED = exists().where(
    ContributionDeclined.tenant_id == Case.tenant_id,
    ContributionDeclined.case_id == Case.case_id,
    or_(Case.decided_at.is_(None), ContributionDeclined.declined_at > Case.decided_at),
)
_CASE = (
    select(
        *FRAME, Case.case_lead_id, CaseIdentity.person, CaseProposal.criteria, CaseProposal.best_interest,
        CaseProposal.list_reasons, _MY_PARTS.label("my_parts"), _CIRCLE.label("circle"), _ACTIONS.label("actions"),
        _DECLINED.label("declined"),
    )
    .outerjoin(CaseIdentity, (CaseIdentity.tenant_id == Case.tenant_id) & (CaseIdentity.case_id == Case.case_id))
    .outerjoin(CaseProposal, (CaseProposal.tenant_id == Case.tenant_id) & (CaseProposal.case_id == Case.case_id))
    .where(Case.tenant_id == bindparam("tenant"), Case.case_id == bindparam("case_id"))
)  # fmt: skip

# Of another's contribution a reader sees the own receipt only, the author sees all (row security).
_CONTRIBUTIONS = text("""
SELECT contribution_id, author_id, organisation_id, state, life_domain, text, language, police_origin, legal_basis,
       written_at, shared_at, version, CASE WHEN author_id = :reader THEN assessment END AS assessment,
       ARRAY(SELECT reader_id FROM read_receipt AS receipt
              WHERE receipt.tenant_id = one.tenant_id AND receipt.contribution_id = one.contribution_id
              ORDER BY read_at, reader_id) AS readers
  FROM contribution AS one WHERE tenant_id = :tenant AND case_id = :case_id ORDER BY contribution_id""")
_RECEIPTS = text("""
INSERT INTO read_receipt (tenant_id, contribution_id, reader_id, case_id, author_id, read_at)
SELECT :tenant, one.contribution_id, :reader, :case_id, one.author_id, :now
  FROM unnest(CAST(:contributions AS uuid[]), CAST(:authors AS uuid[])) AS one (contribution_id, author_id)
    ON CONFLICT DO NOTHING""")


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Which case."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class CircleView:
    """Somebody, or a seat, who may read these parts; why and by whom invited, to readers of the content."""

    person_id: UUID | None
    seat: str | None
    parts: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    life_domains: tuple[str, ...]
    why: str | None
    invited_by: UUID | None


@dataclass(frozen=True, slots=True)
class ContributionView:
    """A contribution shared, or the reader's own; to all but its author `read_by` is empty, `assessment` None."""

    contribution_id: UUID
    author_id: UUID
    organisation_id: UUID
    state: str
    life_domain: str
    text: str
    language: str
    police_origin: bool
    legal_basis: str | None
    written_at: datetime
    shared_at: datetime | None
    version: int
    read_by: tuple[UUID, ...]
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action of the follow-up plan."""

    action_id: UUID
    life_domain: str
    owner_id: UUID
    due_on: date
    state: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with the parts its reader may see; what belongs to the others is None or empty."""

    frame: Frame
    parts: tuple[Part, ...]
    person: PersonConcerned | None
    criteria: tuple[Criterion, ...]
    best_interest: str | None
    list_reasons: str | None
    circle: tuple[CircleView, ...]
    contributions: tuple[ContributionView, ...]
    actions: tuple[ActionView, ...]
    case_lead_id: UUID | None
    declined: bool


async def read_case(work: Work, query: ReadCase) -> CaseView:
    """Read one case and leave a receipt with the authors. Raises CaseNotFound for an unknown and a forbidden one alike.

    Whoever sees the frame by role alone sees nothing else: who is in the circle is for the circle.
    """
    values = {"tenant": work.cell_id, "case_id": query.case_id, "now": work.now, "insider_towns": insider_towns(work)}
    row = (await work.session.execute(_CASE, values)).one_or_none()
    if row is None:
        raise CaseNotFound
    parts = tuple(part for part in Part if part is Part.FRAME or part in row.my_parts)
    work.concern(query.case_id)
    work.trail.count = 1
    work.trail.fields = parts
    in_circle = bool(row.my_parts)
    circle = await invited_by_us(work, query.case_id, row.circle or ()) if in_circle else ()

    async def opened(sealed: bytes | None, table: str, column: str) -> str | None:
        return await work.open(sealed, AssociatedData(query.case_id, table, column, query.case_id)) if sealed else None

    person = await opened(row.person, "case_identity", "person")
    criteria = await opened(row.criteria, "case_proposal", "criteria")
    return CaseView(
        frame=Frame(*row[: len(FRAME)]),
        parts=parts,
        person=PersonConcerned.from_json(person) if person else None,
        criteria=criteria_from_json(criteria) if criteria else (),
        best_interest=await opened(row.best_interest, "case_proposal", "best_interest"),
        list_reasons=await opened(row.list_reasons, "case_proposal", "list_reasons"),
        circle=await read_circle(work, query.case_id, circle, parts),
        contributions=await read_contributions(work, query.case_id) if Part.CONTENT in parts else (),
        actions=tuple(_action_view(*one) for one in row.actions or ()),
        case_lead_id=row.case_lead_id if in_circle else None,
        declined=row.declined,
    )


async def invited_by_us(work: Work, case_id: UUID, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """The entries of a circle without those that somebody put there past this service.

    Raises CaseNotFound for whoever is in the circle by such a one.
    """
    ours = []
    for row in rows:
        person_id = UUID(row[_PERSON]) if row[_PERSON] else None
        why = bytes.fromhex(row[_WHY]) if row[_WHY] else None
        if await is_ours(work, case_id, UUID(row[_ENTRY]), person_id, why):
            ours.append(row)
        elif person_id == work.actor_id:
            raise CaseNotFound
    return ours


async def read_circle(
    work: Work, case_id: UUID, rows: Sequence[Sequence[Any]], parts: Sequence[Part]
) -> tuple[CircleView, ...]:
    """Who may see the case; why somebody is invited says something of its content, so it goes with that part."""
    views = []
    for entry_id, person_id, seat, entry_parts, starts_at, ends_at, life_domains, invited_by, sealed in rows:
        told = person_id is not None and Part.CONTENT in parts
        associated_data = AssociatedData(case_id, "circle_entry", "why", UUID(entry_id))
        views.append(
            CircleView(
                UUID(person_id) if person_id else None, seat, tuple(entry_parts), datetime.fromisoformat(starts_at),
                datetime.fromisoformat(ends_at), tuple(life_domains),
                why=await work.open(bytes.fromhex(sealed), associated_data) if told and sealed else None,
                invited_by=UUID(invited_by) if told and invited_by else None,
            )
        )  # fmt: skip
    return tuple(views)


async def read_contributions(work: Work, case_id: UUID) -> tuple[ContributionView, ...]:
    """What is shared and the caller's own, oldest first."""
    values = {"tenant": work.cell_id, "case_id": case_id, "reader": work.actor_id}
    rows = (await work.session.execute(_CONTRIBUTIONS, values)).all()
    await leave_receipts(work, case_id, rows)
    return tuple([await _contribution_view(work, case_id, row) for row in rows])


async def leave_receipts(work: Work, case_id: UUID, rows: Sequence[Row[Any]]) -> None:
    """The first reading of each contribution of another is shown to its author (invariant 8)."""
    unread = [row for row in rows if row.author_id != work.actor_id and not row.readers]
    if not unread:
        return
    values = {
        "tenant": work.cell_id,
        "reader": work.actor_id,
        "case_id": case_id,
        "now": work.now,
        "contributions": [row.contribution_id for row in unread],
        "authors": [row.author_id for row in unread],
    }
    await work.session.execute(_RECEIPTS, values)


async def _contribution_view(work: Work, case_id: UUID, row: Row[Any]) -> ContributionView:
    values = dict(row._mapping)
    readers = values.pop("readers")
    values["text"] = await work.open(row.text, AssociatedData(case_id, "contribution", "text", row.contribution_id))
    if row.assessment:
        weighed = await work.open(
            row.assessment, AssociatedData(case_id, "contribution", "assessment", row.contribution_id)
        )
        values["assessment"] = Assessment.from_json(weighed)
    return ContributionView(**values, read_by=tuple(readers) if row.author_id == work.actor_id else ())


def _action_view(action_id: str, life_domain: str, owner_id: str, due_on: str, state: str) -> ActionView:
    return ActionView(UUID(action_id), life_domain, UUID(owner_id), date.fromisoformat(due_on), state)
