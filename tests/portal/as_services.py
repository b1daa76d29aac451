"""What the invented answers of a test leave out is filled in by the services' own rules: what may be done, and where.

So no test of a page says by hand what a service would say, and none can say what a service would not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from google.protobuf.message import Message

from rondetafel.audit.v1 import audit_pb2 as audit_pb
from rondetafel.case.v1 import case_pb2 as case_pb
from rondetafel.meeting.v1 import meeting_pb2 as meeting_pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.case import allowed as case_rules
from services.case import contribution_allowed as contribution_rules
from services.case import signal_allowed as signal_rules
from services.case.contributions import stage_of_contribution
from services.case.criterion import Criterion
from services.case.model import (
    DRAFTS,
    SIGNALS_OPEN,
    TABLED,
    TO_DO,
    CaseStanding,
    CaseState,
    CheckStanding,
    ContributionStanding,
    ContributionState,
    ExchangeKind,
    ExchangeStanding,
    Part,
    SignalStanding,
    SignalState,
    Stage,
    stage_of,
    way_of,
)
from services.case.model.standing import reasons_unchecked
from services.case.review import review_of
from services.case.waiting import KINDS
from services.kit.clock import day_starts_at, local_date
from services.kit.execute import Work
from services.kit.opening import FRAME_ROLES
from services.kit.policy import Role
from services.partner_directory.model import CellState
from tests.asked import Known, Place, asked_of
from tests.portal import as_directory
from tests.portal.as_inviting import invitations
from tests.portal.as_meeting import one_session, sessions, sessions_of_case
from tests.portal.as_pages import LISTS, paged
from tests.portal.reader import Around, moment_of, uuid_of, work_of


@dataclass(frozen=True)
class Held:
    """What the case service knows of the sessions on a case: when the last one decided, and whether one comes."""

    decided_at: datetime | None
    comes: bool


def _signal(signal: case_pb.Signal, around: Around, *, alone: bool) -> None:
    state = SignalState(signal.state)
    signal.open = state in SIGNALS_OPEN
    signal.ClearField("way")
    signal.way.extend(dict.fromkeys((SignalState.RECEIVED, state)))
    signal.ClearField("may")
    if alone:
        person = b"sealed" if signal.HasField("person") else None
        ended = moment_of(signal.ended_at) if signal.HasField("ended_at") else None
        standing = SignalStanding(signal.nis_code, state, signal.version, ended)
        exchange = exchange_standing(signal)
        takes = around.table.cell.state != CellState.SETTING_UP
        check = check_standing(signal.check) if signal.HasField("check") else None
        signal.ClearField("unchecked")
        signal.may.extend(signal_rules.signal_may(around.work, standing, check, exchange, person, cell_open=takes))
        signal.unchecked.extend(reasons_unchecked(check) if "propose_case" in signal.may else ())


def exchange_standing(signal: case_pb.Signal) -> ExchangeStanding:
    """As it was told."""
    entries = signal.exchange
    return ExchangeStanding(
        uuid_of(signal.reporter_id), not signal.nobody_answers,
        frozenset(uuid_of(entry.entry_id) for entry in entries if entry.kind == ExchangeKind.QUESTION),
        frozenset(uuid_of(entry.answers) for entry in entries if entry.answers),
        sum(entry.kind == ExchangeKind.ADDITION for entry in entries),
    )  # fmt: skip


def check_standing(check: case_pb.Check) -> CheckStanding:
    """As it was told, on a day on which it stands so."""
    answer = {"cleared": "no_objection", "held": "hold", "hold_over": "hold"}.get(check.standing, "")
    last = date.fromisoformat(check.hold_until or check.due_on)
    today = last + timedelta(days=1) if check.standing in ("late", "hold_over") else last
    return CheckStanding(
        moment_of(check.started_at), date.fromisoformat(check.due_on), answer, _day(check.hold_until), check.version,
        today,
    )  # fmt: skip


def _check(check: case_pb.Check, around: Around) -> None:
    check.ClearField("may")
    standing, ended = check_standing(check), check.HasField("ended_at")
    check.may.extend(signal_rules.check_may(around.work, check.nis_code, standing, ended=ended))


def _frame(frame: case_pb.Frame, work: Work) -> None:
    if frame.state:
        frame.stage = stage_of(CaseState(frame.state))
        frame.to_plan = case_rules.may_be_planned(work, frame.nis_code, frame.state, _day(frame.review_on))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _case(case: case_pb.Case, work: Work, held: Held) -> None:
    _frame(case.frame, work)
    if not case.frame.state:
        return
    state = CaseState(case.frame.state)
    paused = CaseState.LISTED if state in (CaseState.ON_HOLD, CaseState.RESTRICTED) else None
    refused_at = moment_of(case.answered_at) if case.HasField("answered_at") else None
    invited = any(entry.person_id for entry in case.circle)
    relied_on = invited or bool(case.contributions)
    standing = CaseStanding(
        case.frame.nis_code, state, paused, _day(case.frame.review_on), case.frame.version, relied_on, refused_at
    )
    parts = [Part(part) for part in case.parts]
    criteria = [
        Criterion(criterion.code, criterion.evidence_kind, _day(criterion.evidence_date), criterion.argument)
        for criterion in case.criteria
    ]
    case.ClearField("may")
    circled = case_rules.Circled(bool(case.circle), invited, lifts=any(entry.may_lift for entry in case.kept_out))
    case.may.extend(case_rules.case_may(work, standing, parts, criteria if Part.PROPOSAL in parts else None, circled))
    for written in case.contributions:
        _contribution(written, work, standing)
    for action in case.actions:
        action.open = action.state in TO_DO
    _asks(case, work, held)
    today = local_date(work.now)
    case.review = review_of(standing.review_on, today) if stage_of(state) is Stage.AT_THE_TABLE else ""
    way, case.way_now = way_of(state)
    case.ClearField("way")
    case.way.extend(way)
    case.police = case_rules.is_police(work)


def _contribution(written: case_pb.Contribution, work: Work, case: CaseStanding) -> None:
    state = ContributionState(written.state)
    written.stage = stage_of_contribution(state)
    written.ClearField("may")
    if uuid_of(written.author_id) == work.actor_id:
        own = ContributionStanding(
            state, uuid_of(written.organisation_id), written.legal_basis or None, written.version
        )
        written.may.extend(contribution_rules.contribution_may(work, case, own))
        written.obstacle = contribution_rules.obstacle(work, case, own) if state in DRAFTS else ""


def _informs_soon(case: case_pb.Case, work: Work) -> bool:
    works = CaseState(case.frame.state) in TABLED and case.HasField("information")
    if not works or case.information.standing == "informed":
        return False
    return (date.fromisoformat(case.information.day) - local_date(work.now)).days <= 7


def _asks(case: case_pb.Case, work: Work, held: Held) -> None:
    own = [written for written in case.contributions if uuid_of(written.author_id) == work.actor_id]
    written_at = [moment_of(row.shared_at if row.HasField("shared_at") else row.written_at) for row in own]
    known = Known(
        case.frame.nis_code, CaseState(case.frame.state), _day(case.frame.review_on), held.decided_at, case.declined,
        tuple(case.may), any(row.stage == "draft" for row in own), tuple(written_at),
        any(action.open and uuid_of(action.owner_id) == work.actor_id for action in case.actions), held.comes,
        _informs_soon(case, work),
        any(entry.person_id for entry in case.circle),
    )  # fmt: skip
    circle = [
        Place(
            uuid_of(entry.person_id) if entry.person_id else None, entry.seat or None,
            day_starts_at(first) if (first := _day(getattr(entry, "from"))) else work.now,
        )
        for entry in case.circle
        if "content" in entry.parts
    ]  # fmt: skip
    asked = asked_of(work, known, circle) if work.may("list_waiting") else ()
    case.ClearField("asks")
    case.asks.extend(kind for kind in KINDS if kind in asked)


def _one_signal(told: case_pb.Signal, around: Around) -> None:
    if told.signal_id:
        _signal(told, around, alone=True)


def _signals(told: case_pb.ListSignalsResponse, around: Around) -> None:
    for signal in told.signals:
        _signal(signal, around, alone=False)
    told.everyones = around.work.has_role(Role.COORDINATOR, Role.DPO)


def _one_case(told: case_pb.Case, around: Around) -> None:
    _case(told, around.work, _held(around))


def _cases(told: case_pb.ListCasesResponse, around: Around) -> None:
    for frame in told.cases:
        _frame(frame, around.work)
    told.everyones = around.work.has_role(*FRAME_ROLES)
    if around.asked.to_plan:
        kept = [frame for frame in told.cases if frame.to_plan]
        told.ClearField("cases")
        told.cases.extend(kept)


def _log(told: audit_pb.SearchAuditResponse, around: Around) -> None:
    told.findings_open = told.findings_open or sum(not finding.HasField("resolved_at") for finding in told.findings)


FILLED: Mapping[type[Message], Callable[[Any, Around], None]] = {
    pb.Table: as_directory.table,
    pb.ListMyCellsResponse: as_directory.my_cells,
    pb.HostCell: as_directory.host_cell,
    pb.ListMandatesResponse: as_directory.mandates,
    pb.ListInvitationsResponse: invitations,
    pb.ListProposalsResponse: as_directory.proposals,
    case_pb.Signal: _one_signal,
    case_pb.Check: _check,
    case_pb.ListSignalsResponse: _signals,
    case_pb.Case: _one_case,
    case_pb.ListCasesResponse: _cases,
    meeting_pb.Session: one_session,
    meeting_pb.ListSessionsResponse: sessions,
    meeting_pb.ListCaseSessionsResponse: sessions_of_case,
    audit_pb.SearchAuditResponse: _log,
}


def completed(message: Message, asked: Any, answers: Mapping[str, Any], now: datetime) -> Message:
    """A copy of the answer with what the services would say besides."""
    fill = FILLED.get(type(message))
    if fill is None and type(message) not in LISTS:
        return message
    table = answers.get("ReadTable")
    table = table if isinstance(table, pb.Table) else pb.Table()
    told = type(message)()
    told.CopyFrom(message)
    around = Around(work_of(table, now), table, answers, asked)
    if fill is not None:
        fill(told, around)
    if asked is not None:
        paged(told, around)
    return told


def _held(around: Around) -> Held:
    sessions = around.answers.get("ListCaseSessions")
    found = sessions.sessions if isinstance(sessions, meeting_pb.ListCaseSessionsResponse) else ()
    decided = (moment_of(result.decision.decided_at) for result in found if result.HasField("decision"))
    ahead = [result for result in found if result.state in ("PLANNED", "CONVENED")]
    return Held(max(decided, default=None), any(moment_of(result.starts_at) > around.work.now for result in ahead))
