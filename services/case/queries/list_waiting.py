"""What waits for the caller in this cell, a page at a time. Frames only; the rows hold the rights.

Two statements, whatever waits. No kind tells of a hold: those for coordinator and mayor, who know of it, leave a held
case out; for all others it stands where it stood.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import TextClause, text

from services.case.asked import REVIEW_COMES
from services.case.frame import insider_towns
from services.case.model import OVER, TABLED
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.fields import MAX_PAGE
from services.kit.paging import Position, page_of
from services.kit.policy import SEATS, Role

# `entry` is each one's own, also where two wait for the same case: no two share a place.
# Coordinator and mayor prepare the session; asked for a contribution are those invited, and the two other seats.
_WANTED = """
SELECT 'contribution_wanted' AS kind, one.case_id, one.code AS case_code, CAST(NULL AS uuid) AS signal_id,
       CAST(NULL AS uuid) AS contribution_id, one.nis_code, one.minor, false AS urgent,
       greatest(mine.since, one.decided_at) AS since, next.starts_at AS session_at, CAST(NULL AS date) AS due_on,
       '' AS life_domain,
       CAST(md5('contribution_wanted' || one.case_id) AS uuid) AS entry
  FROM case_frame AS one
  JOIN (SELECT entry.object_id, min(entry.starts_at) AS since FROM circle_entry AS entry
         WHERE entry.tenant_id = :tenant AND entry.starts_at <= :now AND entry.ends_at > :now
           AND 'content' = ANY (entry.parts)
           AND (entry.person_id = :actor OR EXISTS (SELECT 1 FROM my_seat
                 WHERE my_seat.seat IN ('police', 'prevention') AND my_seat.seat = entry.seat
                   AND entry.nis_code = ANY (my_seat.nis_codes)))
         GROUP BY entry.object_id) AS mine ON mine.object_id = one.case_id
 CROSS JOIN LATERAL (SELECT min(starts_at) AS starts_at FROM planned_case AS planned
         WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now) AS next
 WHERE one.tenant_id = :tenant
   AND (one.state = 'SCHEDULED' OR (one.state IN ('DISCUSSED', 'FOLLOW_UP') AND next.starts_at IS NOT NULL))
   AND NOT EXISTS (SELECT 1 FROM contribution AS own
         WHERE own.tenant_id = :tenant AND own.author_id = :actor AND own.case_id = one.case_id
           AND (own.state IN ('PRIVATE', 'ASSESSED')
             OR coalesce(own.shared_at, own.written_at) > coalesce(one.decided_at, '-infinity')))
   AND NOT EXISTS (SELECT 1 FROM contribution_declined AS declined
         WHERE declined.tenant_id = :tenant AND declined.case_id = one.case_id AND declined.person_id = :actor
           AND declined.declined_at > coalesce(one.decided_at, '-infinity'))"""
_DRAFTS = """
SELECT 'contribution_private', one.case_id, one.code, NULL, own.contribution_id, one.nis_code, one.minor, false,
       own.written_at, NULL, NULL, '', own.contribution_id
  FROM contribution AS own
  JOIN case_frame AS one ON one.tenant_id = own.tenant_id AND one.case_id = own.case_id
 WHERE own.tenant_id = :tenant AND own.author_id = :actor AND own.state IN ('PRIVATE', 'ASSESSED')
   AND (one.state = ANY (:tabled) OR (one.state = 'ON_HOLD' AND one.paused_from = ANY (:tabled)))"""
_ACTIONS = """
SELECT 'action_due', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       one.decided_at, NULL, action.due_on, action.life_domain, action.action_id
  FROM case_action AS action
  JOIN case_frame AS one ON one.tenant_id = action.tenant_id AND one.case_id = action.case_id
 WHERE action.tenant_id = :tenant AND action.owner_id = :actor AND action.state IN ('AGREED', 'BUSY', 'BLOCKED')
   AND (one.state = ANY (:tabled) OR (one.state = 'ON_HOLD' AND one.paused_from = ANY (:tabled)))"""
_SIGNALS = """
SELECT 'signal_received', NULL, '', one.signal_id, NULL, one.nis_code, one.minor, one.urgent,
       one.received_at, NULL, NULL, '', one.signal_id
  FROM signal AS one
 WHERE one.tenant_id = :tenant AND one.state = 'RECEIVED' AND one.nis_code = ANY (:coordinated)"""
_CASES = """
SELECT CASE WHEN one.state IN ('PROPOSED', 'REOPENED') THEN 'case_proposed' WHEN one.state = 'LISTED' THEN 'case_listed'
            ELSE 'review_due' END,
       one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       CASE WHEN one.state IN ('PROPOSED', 'REOPENED') THEN one.proposed_at
            ELSE coalesce(one.decided_at, one.listed_at) END,
       NULL, CASE WHEN one.state IN ('FOLLOW_UP', 'AFTERCARE') THEN one.review_on END, '',
       one.case_id
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant
   AND ((one.state IN ('PROPOSED', 'REOPENED') AND one.nis_code = ANY (:chaired))
     OR (one.state = 'LISTED' AND one.nis_code = ANY (:coordinated)
         AND NOT EXISTS (SELECT 1 FROM planned_case AS planned
              WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now))
     OR (one.state IN ('FOLLOW_UP', 'AFTERCARE') AND one.nis_code = ANY (:insider) AND one.review_on <= :soon))"""
# The whole is counted also where a page holds none of it: a page after the last of what waits.
_PAGE = """), placed AS (
SELECT waiting.*, CASE WHEN urgent THEN 0 ELSE 1 END AS rank,
       coalesce(session_at, CAST(due_on AS timestamp) AT TIME ZONE 'Europe/Brussels', since) AS at FROM waiting)
SELECT (SELECT count(*) FROM placed) AS total, page.*
  FROM (SELECT 1) AS always LEFT JOIN LATERAL (SELECT * FROM placed
        WHERE (rank, at, entry) > (CAST(:rank AS integer), CAST(:at AS timestamptz), CAST(:entry AS uuid))
        ORDER BY rank, at, entry LIMIT :rows) AS page ON true ORDER BY rank, at, entry"""


def _paged(*kinds: str) -> TextClause:
    return text("WITH waiting AS (" + " UNION ALL ".join(kinds) + _PAGE)


_WAITING = _paged(_WANTED, _DRAFTS, _ACTIONS)
_WAITING_AT_THE_DESK = _paged(_WANTED, _DRAFTS, _ACTIONS, _SIGNALS, _CASES)
_FIRST = Position(datetime(1, 1, 2, tzinfo=UTC), UUID(int=0))
_CASES_OF_MINE = text(
    "SELECT count(*) FROM case_frame AS one WHERE one.tenant_id = :tenant"
    " AND one.case_id IN (SELECT object_id FROM my_circle) AND coalesce(one.paused_from, one.state) <> ALL (:over)"
)


@dataclass(frozen=True, slots=True)
class ListWaiting:
    """Of the caller: a page after `cursor`."""

    page_size: int = MAX_PAGE
    cursor: Position | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: of which kind, about which case or signal, since when, and when its time comes."""

    kind: str
    case_id: UUID | None
    case_code: str
    signal_id: UUID | None
    contribution_id: UUID | None
    nis_code: str
    minor: bool
    urgent: bool
    since: datetime
    session_at: datetime | None
    due_on: date | None
    life_domain: str


_FIELDS = tuple(field.name for field in fields(Waiting))


@dataclass(frozen=True, slots=True)
class WaitingView:
    """The most pressing first, and how many there are on all pages; how many running cases the caller is in.

    `next_cursor` is None on the last page.
    """

    waiting: tuple[Waiting, ...]
    cases_of_mine: int
    next_cursor: Position | None
    total: int


async def list_waiting(work: Work, query: ListWaiting) -> WaitingView:
    """The caller's own signals and cases to look at, contributions to write or share, actions and reviews."""
    own = {"tenant": work.cell_id, "actor": work.actor_id, "now": work.now, "tabled": sorted(TABLED)}
    after = query.cursor or _FIRST
    own |= {"rank": after.rank, "at": after.at, "entry": after.entry, "rows": query.page_size + 1}
    insider = insider_towns(work)
    desk = {
        "insider": insider,
        "coordinated": _towns(work, {Role.COORDINATOR}),
        "chaired": _towns(work, SEATS["mayor"]),
        "soon": local_date(work.now) + REVIEW_COMES,
    }
    asked = (_WAITING_AT_THE_DESK, own | desk) if insider else (_WAITING, own)
    rows = (await work.session.execute(*asked)).all()
    shown, more = page_of([row for row in rows if row.kind], query.page_size)
    waiting = tuple(Waiting(*(getattr(row, name) for name in _FIELDS)) for row in shown)
    for item in waiting:
        for object_id in filter(None, (item.case_id, item.signal_id)):
            work.concern(object_id)
    work.trail.count = len(waiting)
    counted = await work.session.execute(_CASES_OF_MINE, {"tenant": work.cell_id, "over": sorted(OVER)})
    cursor = Position(shown[-1].at, shown[-1].entry, shown[-1].rank) if more else None
    return WaitingView(waiting, counted.scalar_one(), cursor, rows[0].total)


def _towns(work: Work, roles: Collection[Role]) -> list[str]:
    return [town for mandate in work.facts.mandates if mandate.role in roles for town in mandate.nis_codes]
