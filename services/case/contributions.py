"""The contributions of a case as their reader sees them, and the receipts of reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from services.case.contribution_allowed import contribution_may, obstacle
from services.case.criterion import Assessment
from services.case.model import DRAFTS, READABLE, CaseStanding, ContributionStanding, ContributionState
from services.kit.execute import Work
from services.kit.fields import MAX_PAGE
from services.kit.paging import page_of
from services.kit.statements import Row, Statement
from services.kit.vault import AssociatedData

# Of another's contribution a reader sees the own receipt only, the author sees all (row security).
_CONTRIBUTIONS = Statement(
    text("""
SELECT contribution_id, author_id, organisation_id, state, life_domain, text, language, police_origin, legal_basis,
       written_at, shared_at, version, CASE WHEN author_id = :reader THEN assessment END AS assessment,
       ARRAY(SELECT reader_id FROM read_receipt AS receipt
              WHERE receipt.tenant_id = one.tenant_id AND receipt.contribution_id = one.contribution_id
              ORDER BY read_at, reader_id) AS readers
  FROM contribution AS one WHERE tenant_id = :tenant AND case_id = :case_id AND contribution_id > :after
 ORDER BY contribution_id LIMIT :rows""")
)
_RECEIPTS = Statement(
    text("""
INSERT INTO read_receipt (tenant_id, contribution_id, reader_id, case_id, author_id, read_at)
SELECT :tenant, one.contribution_id, :reader, :case_id, one.author_id, :now
  FROM unnest(CAST(:contributions AS uuid[]), CAST(:authors AS uuid[])) AS one (contribution_id, author_id)
    ON CONFLICT DO NOTHING""")
)


_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ContributionView:
    """A contribution shared, or the reader's own; to all but its author `read_by` and `may` are empty.

    `stage`: draft, shared or withdrawn; `obstacle`: to the author of a draft, what stands against sharing it.
    """

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
    may: tuple[str, ...]
    obstacle: str

    @property
    def stage(self) -> str:
        """Who reads it."""
        return stage_of_contribution(ContributionState(self.state))


def stage_of_contribution(state: ContributionState) -> str:
    """Its author's alone, the circle's, or taken back."""
    if state in DRAFTS:
        return "draft"
    return "shared" if state in READABLE else "withdrawn"


Told = tuple[tuple[ContributionView, ...], UUID | None]
"""Contributions, and after which there are more."""
NOTHING: Told = ((), None)


async def read_contributions(work: Work, case_id: UUID, case: CaseStanding, after: UUID | None) -> Told:
    """What is shared and the caller's own, oldest first, as much as an answer carries.

    A receipt is left for what is told here, not for what is on a later page.
    """
    values = {
        "tenant": work.cell_id, "case_id": case_id, "reader": work.actor_id, "after": after or _FIRST,
        "rows": MAX_PAGE + 1,
    }  # fmt: skip
    found = await work.fetch(_CONTRIBUTIONS, values)
    rows, more = page_of(found, MAX_PAGE, lambda row: len(row.text) + len(row.assessment or b""))
    await leave_receipts(work, case_id, rows)
    views = tuple([await _contribution_view(work, case_id, case, row) for row in rows])
    return views, views[-1].contribution_id if more else None


async def leave_receipts(work: Work, case_id: UUID, rows: Sequence[Row]) -> None:
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
    await work.execute(_RECEIPTS, values)


async def _contribution_view(work: Work, case_id: UUID, case: CaseStanding, row: Row) -> ContributionView:
    values = dict(row)
    readers = values.pop("readers")
    values["text"] = await work.open(row.text, AssociatedData(case_id, "contribution", "text", row.contribution_id))
    if row.assessment:
        weighed = await work.open(
            row.assessment, AssociatedData(case_id, "contribution", "assessment", row.contribution_id)
        )
        values["assessment"] = Assessment.from_json(weighed)
    if row.author_id != work.actor_id:
        return ContributionView(**values, read_by=(), may=(), obstacle="")
    own = ContributionStanding(ContributionState(row.state), row.organisation_id, row.legal_basis, row.version)
    values["obstacle"] = obstacle(work, case, own) if own.state in DRAFTS else ""
    return ContributionView(**values, read_by=tuple(readers), may=contribution_may(work, case, own))
