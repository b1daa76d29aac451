"""The answers of the meeting service, filled in by its own rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rondetafel.case.v1 import case_pb2 as case_pb
from rondetafel.meeting.v1 import meeting_pb2 as meeting_pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.execute import Work
from services.meeting import allowed as meeting_rules
from services.meeting.model import Session
from tests.portal.reader import LONG, Around, fact_of, moment_of


def _session_of(found: meeting_pb.Session | meeting_pb.CaseSession, towns: list[str]) -> Session:
    return Session(
        state=found.state or "PLANNED", starts_at=moment_of(found.starts_at), ends_at=moment_of(found.ends_at),
        nis_codes=towns, version=getattr(found, "version", 1),
    )  # fmt: skip


def _session(found: meeting_pb.Session, work: Work, table: pb.Table, case: case_pb.Case | None) -> None:
    towns = sorted({item.nis_code for item in found.items if item.nis_code}) or [
        town.nis_code for town in table.cell.towns
    ]
    session = _session_of(found, towns)
    found.stage = session.stage_at(work.now)
    found.ClearField("may")
    if found.opened_by:
        session.opened_by = UUID(found.opened_by)
    session.decisions = sum(item.HasField("decision") for item in found.items)
    found.may.extend(meeting_rules.session_may(work, session))
    attendants = {attendance.person_id for attendance in found.attendance}
    present = {
        UUID(person): [
            fact_of(view, work.now + LONG) for view in table.mandates if view.person_id == person and not view.ended
        ]
        for person in attendants
    }
    for item in found.items:
        if item.case_id:
            _item(item, work, session, present, case)


def _item(item: meeting_pb.AgendaItem, work: Work, session: Session, present: Any, case: case_pb.Case | None) -> None:
    known = case if case is not None and case.frame.case_id == item.case_id else None
    content = known is None or "content" in known.parts
    state = known.frame.state if known is not None else "SCHEDULED"
    decided = item.HasField("decision")
    stands: Any = {"content": content, "decided": decided, "case_state": state}
    decides = meeting_rules.to_decide(work, session, item.nis_code, **stands)
    prepares = meeting_rules.to_prepare(work, session, item.nis_code, **stands)
    item.seats_taken = session.is_open and meeting_rules.seats_taken(present, item.nis_code, work.now)
    item.chairs = content and meeting_rules.is_chair(work, item.nis_code)
    item.ClearField("may")
    item.may.extend(["record_decision"] if decides and item.seats_taken else [])
    item.may.extend(["prepare_decision"] if prepares else [])
    if decided or not (item.chairs or (content and meeting_rules.is_preparer(work, item.nis_code))):
        item.ClearField("prepared")


def one_session(told: meeting_pb.Session, around: Around) -> None:
    if told.session_id:
        case = around.answers.get("ReadCase")
        _session(told, around.work, around.table, case if isinstance(case, case_pb.Case) else None)


def sessions(told: meeting_pb.ListSessionsResponse, around: Around) -> None:
    for session in told.sessions:
        _session(session, around.work, around.table, None)


def sessions_of_case(told: meeting_pb.ListCaseSessionsResponse, around: Around) -> None:
    for session in told.sessions:
        session.stage = _session_of(session, []).stage_at(around.work.now)
