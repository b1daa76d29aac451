"""What waits for somebody: the one rule, of a whole cell for `list_waiting` and of one case for `read_case`.

One statement each, of the same text, that begins at what is open: drafts, actions, signals and cases in the states
that wait, sessions to come. No kind tells of a hold: to coordinator and mayor, who know of it, a held case does not
wait; for all others it stands where it stood.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from services.case.check_terms import check_terms
from services.case.frame import insider_towns, places, towns_of
from services.case.information import information_terms
from services.case.model import TABLED
from services.case.model.standing import REVIEW_COMES
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import SEATS, TABLE, Role

# `entry` is each one's own, also where two wait for the same case: no two share a place.
# Coordinator and mayor prepare the session; asked for a contribution are those invited, and the two other seats. To be
# invited is asked enough: whoever was since the last decision is not kept waiting for a session.
_WANTED = """
SELECT 'contribution_wanted' AS kind, one.case_id, one.code AS case_code, CAST(NULL AS uuid) AS signal_id,
       CAST(NULL AS uuid) AS contribution_id, one.nis_code, one.minor, one.urgent AND one.decided_at IS NULL AS urgent,
       CASE WHEN session.asks THEN greatest(mine.since, one.decided_at) ELSE mine.invited_at END AS since,
       next.starts_at AS session_at, CAST(NULL AS date) AS due_on, '' AS life_domain, CAST(NULL AS uuid) AS reporter_id,
       CAST(NULL AS uuid) AS question_id, CAST(md5('contribution_wanted' || one.case_id) AS uuid) AS entry
  FROM case_frame AS one
  JOIN (SELECT one.case_id FROM case_frame AS one
         WHERE one.tenant_id = :tenant AND one.state IN ('LISTED', 'SCHEDULED', 'ON_HOLD'){this} UNION
        SELECT one.case_id FROM case_frame AS one
         WHERE one.tenant_id = :tenant AND one.invited_at > one.decided_at
           AND one.state IN ('DISCUSSED', 'FOLLOW_UP', 'AFTERCARE'){this} UNION
        SELECT one.case_id FROM planned_case AS one
         WHERE one.tenant_id = :tenant AND one.starts_at > :now{this}) AS open
    ON open.case_id = one.case_id
  JOIN LATERAL (SELECT min(entry.starts_at) AS since,
                       max(entry.starts_at) FILTER (WHERE entry.person_id = :actor) AS invited_at
          FROM circle_entry AS entry
         WHERE entry.tenant_id = :tenant AND entry.object_id = one.case_id AND entry.holder = ANY (:places)
           AND entry.starts_at <= :now AND entry.ends_at > :now AND 'content' = ANY (entry.parts)) AS mine
    ON mine.since IS NOT NULL
 CROSS JOIN LATERAL (SELECT min(starts_at) AS starts_at FROM planned_case AS planned
         WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now) AS next
 CROSS JOIN LATERAL (SELECT CASE WHEN one.state = 'ON_HOLD' AND one.nis_code <> ALL (:insider_towns)
         THEN one.paused_from ELSE one.state END AS state) AS shown
 CROSS JOIN LATERAL (SELECT shown.state = 'SCHEDULED'
         OR (shown.state IN ('DISCUSSED', 'FOLLOW_UP', 'AFTERCARE') AND next.starts_at IS NOT NULL) AS asks) AS session
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:seated){this}
   AND (session.asks OR (shown.state IN ('LISTED', 'DISCUSSED', 'FOLLOW_UP', 'AFTERCARE')
         AND mine.invited_at > coalesce(one.decided_at, '-infinity')))
   AND NOT EXISTS (SELECT 1 FROM contribution AS own
         WHERE own.tenant_id = :tenant AND own.author_id = :actor AND own.case_id = one.case_id
           AND (own.state IN ('PRIVATE', 'ASSESSED')
             OR coalesce(own.shared_at, own.written_at) > coalesce(one.decided_at, '-infinity')))
   AND NOT EXISTS (SELECT 1 FROM contribution_declined AS declined
         WHERE declined.tenant_id = :tenant AND declined.case_id = one.case_id AND declined.person_id = :actor
           AND declined.declined_at > coalesce(one.decided_at, '-infinity'))"""
_DRAFTS = """
SELECT 'contribution_private', one.case_id, one.code, NULL, own.contribution_id, one.nis_code, one.minor, false,
       own.written_at, NULL, NULL, '', NULL, NULL, own.contribution_id
  FROM contribution AS own
  JOIN case_frame AS one ON one.tenant_id = own.tenant_id AND one.case_id = own.case_id
 WHERE own.tenant_id = :tenant AND own.author_id = :actor AND own.state IN ('PRIVATE', 'ASSESSED')
   AND one.nis_code = ANY (:seated){this}
   AND (one.state = ANY (:tabled) OR (one.state = 'ON_HOLD' AND one.paused_from = ANY (:tabled)))"""
_ACTIONS = """
SELECT 'action_due', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       one.decided_at, NULL, action.due_on, action.life_domain, NULL, NULL, action.action_id
  FROM case_action AS action
  JOIN case_frame AS one ON one.tenant_id = action.tenant_id AND one.case_id = action.case_id
 WHERE action.tenant_id = :tenant AND action.owner_id = :actor AND action.state IN ('AGREED', 'BUSY', 'BLOCKED'){this}
   AND (one.state = ANY (:tabled) OR (one.state = 'ON_HOLD' AND one.paused_from = ANY (:tabled)))"""
# Only what can be decided: whoever chairs the town and does not hold the seat reads no proposal.
_PROPOSED = """
SELECT 'case_proposed', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, one.urgent,
       one.proposed_at, NULL, NULL, '', NULL, NULL, one.case_id
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:chaired) AND one.state IN ('PROPOSED', 'REOPENED'){this}
   AND EXISTS (SELECT 1 FROM my_circle
         WHERE my_circle.object_id = one.case_id AND 'proposal' = ANY (my_circle.parts))"""
# Whether somebody is invited decides what is next: the circle, or the session.
_LISTED = """
SELECT CASE WHEN EXISTS (SELECT 1 FROM circle_entry AS guest
         WHERE guest.tenant_id = :tenant AND guest.object_id = one.case_id AND guest.person_id IS NOT NULL
           AND guest.ends_at > :now) THEN 'session_wanted' ELSE 'case_listed' END,
       one.case_id, one.code, NULL, NULL, one.nis_code, one.minor,
       one.urgent AND one.decided_at IS NULL,
       coalesce(one.decided_at, one.listed_at), NULL, NULL, '', NULL, NULL, one.case_id
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:coordinated) AND one.state = 'LISTED'{this}
   AND NOT EXISTS (SELECT 1 FROM planned_case AS planned
         WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now)"""
# With a session to come there is nothing to plan any more: that is where the table looks again.
_REVIEWS = """
SELECT 'review_due', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       coalesce(one.decided_at, one.listed_at), NULL, one.review_on, '', NULL, NULL, one.case_id
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:insider_towns) AND one.state IN ('FOLLOW_UP', 'AFTERCARE'){this}
   AND one.review_on <= :soon
   AND NOT EXISTS (SELECT 1 FROM planned_case AS planned
         WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now)"""
# Of a held case nothing waits: it would be told of an inquiry.
_INFORMATION = """
SELECT 'information_due', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       one.listed_at, NULL, one.inform_by, '', NULL, NULL, CAST(md5('information_due' || one.case_id) AS uuid)
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:coordinated) AND one.inform_by <= :information_soon{this}
   AND one.state = ANY (:tabled)"""
_SIGNALS = """
SELECT 'signal_received', NULL, '', one.signal_id, NULL, one.nis_code, one.minor, one.urgent,
       one.received_at, NULL, NULL, '', one.reporter_id, NULL, one.signal_id
  FROM signal AS one
 WHERE one.tenant_id = :tenant AND one.state = 'RECEIVED' AND one.nis_code = ANY (:coordinated)"""

# A question about a signal waits for who told it until it is answered; what was answered or added waits for each
# coordinator of the town until that person read it.
_ASKED = """
SELECT 'signal_asked', NULL, '', one.signal_id, NULL, one.nis_code, one.minor, one.urgent, asked.since, NULL, NULL, '',
       NULL, NULL, CAST(md5('asked' || one.signal_id) AS uuid)
  FROM signal AS one
 CROSS JOIN LATERAL (SELECT min(entry.said_at) AS since FROM signal_entry AS entry
         WHERE entry.tenant_id = :tenant AND entry.signal_id = one.signal_id AND entry.kind = 'question'
           AND NOT EXISTS (SELECT 1 FROM signal_entry AS given WHERE given.tenant_id = :tenant
                 AND given.signal_id = entry.signal_id AND given.answers = entry.entry_id)) AS asked
 WHERE one.tenant_id = :tenant AND one.reporter_id = :actor AND one.state IN ('RECEIVED', 'UNDER_CHECK')
   AND one.nis_code = ANY (:seated) AND asked.since IS NOT NULL"""
_ADDED = """
SELECT 'signal_added', NULL, '', one.signal_id, NULL, one.nis_code, one.minor, one.urgent, added.since, NULL, NULL, '',
       NULL, NULL, CAST(md5('added' || one.signal_id) AS uuid)
  FROM signal AS one
 CROSS JOIN LATERAL (SELECT min(entry.said_at) AS since FROM signal_entry AS entry
         WHERE entry.tenant_id = :tenant AND entry.signal_id = one.signal_id AND entry.kind <> 'question'
           AND entry.author_id <> :actor AND NOT EXISTS (SELECT 1 FROM signal_seen AS own
                 WHERE own.tenant_id = :tenant AND own.signal_id = one.signal_id AND own.reader_id = :actor
                   AND own.seen_to >= entry.said_at)) AS added
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:coordinated) AND one.state IN ('RECEIVED', 'UNDER_CHECK')
   AND added.since IS NOT NULL"""

# The walls show a check to the police as long as it goes on. A hold that comes to its end is looked at anew.
_LAST = """
  LEFT JOIN check_answer AS last ON last.tenant_id = one.tenant_id AND last.signal_id = one.signal_id
   AND last.number = (SELECT max(given.number) FROM check_answer AS given
         WHERE given.tenant_id = one.tenant_id AND given.signal_id = one.signal_id)"""
_CHECKS = """
SELECT CASE WHEN last.answer IS NULL THEN 'check_wanted' ELSE 'hold_ends' END, NULL, '', one.signal_id, NULL,
       one.nis_code, one.minor, one.urgent, coalesce(last.answered_at, one.started_at), NULL,
       coalesce(last.hold_until, one.due_on), '', NULL, NULL, CAST(md5('check' || one.signal_id) AS uuid)
  FROM preliminary_check AS one{last}
 WHERE one.tenant_id = :tenant AND one.ended_at IS NULL AND one.nis_code = ANY (:policed)
   AND (last.answer IS NULL OR last.hold_until BETWEEN :today AND :hold_soon)"""
# To the coordinator, once nothing stands against going on, or the day to answer is over; to the mayor some days later.
_CHECKS_AT_THE_DESK = """
SELECT CASE WHEN last.answer IS NULL THEN 'check_late' ELSE 'check_answered' END, NULL, '', one.signal_id, NULL,
       one.nis_code, one.minor, one.urgent, coalesce(last.answered_at, one.started_at), NULL,
       CASE WHEN last.answer IS NULL THEN one.due_on END, '', NULL, NULL, CAST(md5('desk' || one.signal_id) AS uuid)
  FROM preliminary_check AS one{last}
 WHERE one.tenant_id = :tenant AND one.ended_at IS NULL
   AND ((one.nis_code = ANY (:coordinated) AND ((last.answer IS NULL AND one.due_on < :today)
             OR last.answer = 'no_objection' OR last.hold_until < :today))
     OR (one.nis_code = ANY (:chaired) AND last.answer IS NULL AND one.due_on < :late_for_mayor))"""

# A question is of the whole cell: the town is one of the reader's own, so that it tells nothing of whoever asked.
_QUESTIONS = """
SELECT 'question_answered', NULL, '', NULL, NULL, (CAST(:seated AS text[]))[1], false, false,
       CAST(one.answered_on AS timestamp) AT TIME ZONE 'Europe/Brussels', NULL, NULL, '', NULL,
       one.question_id, one.question_id
  FROM question AS one
 WHERE one.tenant_id = :tenant AND one.state = 'ANSWERED' AND one.asker = ANY (:marks)"""
_QUESTIONS_AT_THE_DESK = """
SELECT 'question_asked', NULL, '', NULL, NULL, (CAST(:coordinated AS text[]))[1], false, false,
       CAST(one.asked_on AS timestamp) AT TIME ZONE 'Europe/Brussels', NULL, NULL, '', NULL,
       one.question_id, CAST(md5('question' || one.question_id) AS uuid)
  FROM question AS one
 WHERE one.tenant_id = :tenant AND one.state = 'ASKED' AND cardinality(CAST(:coordinated AS text[])) > 0"""

_OF_EVERYBODY = (_WANTED, _DRAFTS, _ACTIONS)
_OF_THE_DESK = (_PROPOSED, _LISTED, _REVIEWS, _INFORMATION)
KINDS = (
    "case_proposed", "case_listed", "session_wanted", "review_due", "information_due", "contribution_private",
    "contribution_wanted", "action_due",
)  # fmt: skip
"""What a case can ask of its reader, first what others wait for."""


OF_SIGNALS = (
    "signal_received", "check_wanted", "hold_ends", "check_answered", "check_late", "signal_asked", "signal_added",
)  # fmt: skip
"""What a signal asks of somebody."""
OF_QUESTIONS = ("question_asked", "question_answered")
"""What a question asks of somebody."""


def _joined(kinds: Iterable[str], this: str = "") -> str:
    return " UNION ALL ".join(kind.format(this=this, last=_LAST) for kind in kinds)


WAITING = _joined((*_OF_EVERYBODY, _CHECKS, _ASKED, _QUESTIONS))
"""In a whole cell; with the other kinds for those who coordinate or chair a town there."""
WAITING_AT_THE_DESK = _joined(
    (
        *_OF_EVERYBODY,
        _CHECKS,
        _ASKED,
        _SIGNALS,
        _ADDED,
        _CHECKS_AT_THE_DESK,
        _QUESTIONS,
        _QUESTIONS_AT_THE_DESK,
        *_OF_THE_DESK,
    )
)
_OF_ONE_CASE = _joined((*_OF_EVERYBODY, *_OF_THE_DESK), " AND one.case_id = :case_id")
ASKS = "ARRAY(SELECT DISTINCT kind FROM (" + _OF_ONE_CASE + ") AS waiting) AS asks"  # noqa: S608
"""The same of the one case `:case_id`: an expression, the kinds in no order."""


def who_waits(work: Work) -> dict[str, object]:
    """The values of those statements: who asks, for which towns, and when."""
    today = local_date(work.now)
    terms = check_terms(today)
    return {
        "tenant": work.cell_id, "actor": work.actor_id, "now": work.now, "tabled": sorted(TABLED),
        "places": places(work), "seated": towns_of(work, TABLE), "insider_towns": insider_towns(work),
        "coordinated": towns_of(work, {Role.COORDINATOR}), "chaired": towns_of(work, SEATS["mayor"]),
        "soon": today + REVIEW_COMES, "policed": towns_of(work, SEATS["police"]), "today": today,
        "information_soon": today + timedelta(days=information_terms(today).reminder_days),
        "hold_soon": terms.hold_soon(today), "late_for_mayor": terms.late_for_mayor(today),
    }  # fmt: skip


def asks_of(work: Work, found: Collection[str]) -> tuple[str, ...]:
    """What the case asks, in order; nothing of somebody for whom nothing waits at this table, whatever they read."""
    return tuple(kind for kind in KINDS if kind in found) if work.may("list_waiting") else ()
