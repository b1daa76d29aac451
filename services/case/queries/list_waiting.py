"""What waits for the caller in this cell. Frames only; the rows hold the rights.

Two statements, whatever waits. No kind tells of a hold: those for coordinator and mayor, who know of it, leave a held
case out; for all others it stands where it stood.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from services.case.asked import REVIEW_COMES
from services.case.frame import insider_towns
from services.case.model import OVER, TABLED
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import SEATS, Role

MOST = 50

# Coordinator and mayor prepare the session; asked for a contribution are those invited, and the two other seats.
_WANTED = """
SELECT 'contribution_wanted' AS kind, one.case_id, one.code AS case_code, CAST(NULL AS uuid) AS signal_id,
       CAST(NULL AS uuid) AS contribution_id, one.nis_code, one.minor, false AS urgent,
       greatest(mine.since, one.decided_at) AS since, next.starts_at AS session_at, CAST(NULL AS date) AS due_on,
       '' AS life_domain
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
       own.written_at, NULL, NULL, ''
  FROM contribution AS own
  JOIN case_frame AS one ON one.tenant_id = own.tenant_id AND one.case_id = own.case_id
 WHERE own.tenant_id = :tenant AND own.author_id = :actor AND own.state IN ('PRIVATE', 'ASSESSED')
   AND (one.state = ANY (:tabled) OR (one.state = 'ON_HOLD' AND one.paused_from = ANY (:tabled)))"""
_ACTIONS = """
SELECT 'action_due', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       one.decided_at, NULL, action.due_on, action.life_domain
  FROM case_action AS action
  JOIN case_frame AS one ON one.tenant_id = action.tenant_id AND one.case_id = action.case_id
 WHERE action.tenant_id = :tenant AND action.owner_id = :actor AND action.state IN ('AGREED', 'BUSY', 'BLOCKED')
   AND (one.state = ANY (:tabled) OR (one.state = 'ON_HOLD' AND one.paused_from = ANY (:tabled)))"""
_SIGNALS = """
SELECT 'signal_received', NULL, '', one.signal_id, NULL, one.nis_code, one.minor, one.urgent,
       one.received_at, NULL, NULL, ''
  FROM signal AS one
 WHERE one.tenant_id = :tenant AND one.state = 'RECEIVED' AND one.nis_code = ANY (:coordinated)"""
_CASES = """
SELECT CASE WHEN one.state IN ('PROPOSED', 'REOPENED') THEN 'case_proposed' WHEN one.state = 'LISTED' THEN 'case_listed'
            ELSE 'review_due' END,
       one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       CASE WHEN one.state IN ('PROPOSED', 'REOPENED') THEN one.proposed_at
            ELSE coalesce(one.decided_at, one.listed_at) END,
       NULL, CASE WHEN one.state IN ('FOLLOW_UP', 'AFTERCARE') THEN one.review_on END, ''
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant
   AND ((one.state IN ('PROPOSED', 'REOPENED') AND one.nis_code = ANY (:chaired))
     OR (one.state = 'LISTED' AND one.nis_code = ANY (:coordinated)
         AND NOT EXISTS (SELECT 1 FROM planned_case AS planned
              WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now))
     OR (one.state IN ('FOLLOW_UP', 'AFTERCARE') AND one.nis_code = ANY (:insider) AND one.review_on <= :soon))"""
_ALL = "SELECT * FROM ("
_MOST_PRESSING = """) AS waiting
 ORDER BY urgent DESC, coalesce(session_at, CAST(due_on AS timestamp) AT TIME ZONE 'Europe/Brussels', since),
          case_id, signal_id, contribution_id, kind LIMIT :most"""
_WAITING = text(_ALL + " UNION ALL ".join((_WANTED, _DRAFTS, _ACTIONS)) + _MOST_PRESSING)
_WAITING_AT_THE_DESK = text(_ALL + " UNION ALL ".join((_WANTED, _DRAFTS, _ACTIONS, _SIGNALS, _CASES)) + _MOST_PRESSING)
_CASES_OF_MINE = text(
    "SELECT count(*) FROM case_frame AS one WHERE one.tenant_id = :tenant"
    " AND one.case_id IN (SELECT object_id FROM my_circle) AND coalesce(one.paused_from, one.state) <> ALL (:over)"
)


@dataclass(frozen=True, slots=True)
class ListWaiting:
    """Of the caller."""


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


@dataclass(frozen=True, slots=True)
class WaitingView:
    """At most 50, the most pressing first; and how many running cases have the caller in their circle."""

    waiting: tuple[Waiting, ...]
    cases_of_mine: int


async def list_waiting(work: Work, query: ListWaiting) -> WaitingView:
    """The caller's own signals and cases to look at, contributions to write or share, actions and reviews."""
    own = {"tenant": work.cell_id, "actor": work.actor_id, "now": work.now, "tabled": sorted(TABLED), "most": MOST}
    insider = insider_towns(work)
    desk = {
        "insider": insider,
        "coordinated": _towns(work, {Role.COORDINATOR}),
        "chaired": _towns(work, SEATS["mayor"]),
        "soon": local_date(work.now) + REVIEW_COMES,
    }
    found = await work.session.execute(*((_WAITING_AT_THE_DESK, own | desk) if insider else (_WAITING, own)))
    waiting = tuple(Waiting(*row) for row in found)
    for item in waiting:
        for object_id in filter(None, (item.case_id, item.signal_id)):
            work.concern(object_id)
    work.trail.count = len(waiting)
    counted = await work.session.execute(_CASES_OF_MINE, {"tenant": work.cell_id, "over": sorted(OVER)})
    return WaitingView(waiting, counted.scalar_one())


def _towns(work: Work, roles: Collection[Role]) -> list[str]:
    return [town for mandate in work.facts.mandates if mandate.role in roles for town in mandate.nis_codes]
