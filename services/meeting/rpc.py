"""The gRPC door of the meeting service: message, command, message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import grpc

from rondetafel.kit.v1 import kit_pb2
from rondetafel.meeting.v1 import meeting_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2_grpc as pb_grpc
from services.kit.fields import (
    FieldMissing,
    parse_code,
    parse_cursor,
    parse_day,
    parse_optional_day,
    parse_page_size,
    parse_text,
    parse_uuid,
    required_moment,
    to_timestamp,
)
from services.kit.rpc import ServicerAdapter, receipt_message
from services.meeting.commands.open_session import OpenSession, open_session
from services.meeting.commands.plan_session import PlannedItem, PlanSession, plan_session
from services.meeting.commands.record_decision import AgreedAction, RecordDecision, StatedDissent, record_decision
from services.meeting.errors import ListTooLong
from services.meeting.model import LIFE_DOMAINS, PLACES, Outcome
from services.meeting.queries.list_case_sessions import CaseSession, ListCaseSessions, list_case_sessions
from services.meeting.queries.list_sessions import ListSessions, SessionLine, list_sessions
from services.meeting.queries.read_session import DecisionView, ItemView, ReadSession, SessionView, read_session

Context = grpc.aio.ServicerContext[Any, Any]
One = TypeVar("One")

REASONS, DISSENT = 8_000, 2_000
ITEMS, PRESENT, LIST = 50, 100, 50
PORTAL = frozenset({"portal"})
PEERS = {method.name: PORTAL for service in pb.DESCRIPTOR.services_by_name.values() for method in service.methods}


class MeetingServicer(pb_grpc.SessionServiceServicer, pb_grpc.DecisionServiceServicer):
    """One method per verb; the proto file says what each means."""

    def __init__(self, adapter: ServicerAdapter) -> None:
        self._adapter = adapter

    async def PlanSession(self, request: pb.PlanSessionRequest, context: Context) -> kit_pb2.Receipt:
        command = PlanSession(
            starts_at=required_moment(request, "starts_at"),
            ends_at=required_moment(request, "ends_at"),
            place=parse_code(request.place, "place", PLACES),
            items=tuple(planned_item(item, number) for number, item in enumerate(some(request.items, "items", ITEMS))),
        )
        return receipt_message(await self._adapter.run(context, plan_session, command))

    async def OpenSession(self, request: pb.OpenSessionRequest, context: Context) -> kit_pb2.Receipt:
        present = some(request.present_person_ids, "present_person_ids", PRESENT)
        command = OpenSession(
            session_id=parse_uuid(request.session_id, "session_id"),
            expected_version=request.expected_version,
            present_person_ids=tuple(
                parse_uuid(one, f"present_person_ids[{number}]") for number, one in enumerate(present)
            ),
            secrecy_declared=request.secrecy_declared,
        )
        return receipt_message(await self._adapter.run(context, open_session, command))

    async def RecordDecision(self, request: pb.RecordDecisionRequest, context: Context) -> kit_pb2.Receipt:
        dissents, actions = bounded(request.dissents, "dissents", LIST), bounded(request.actions, "actions", LIST)
        command = RecordDecision(
            session_id=parse_uuid(request.session_id, "session_id"),
            expected_version=request.expected_version,
            agenda_item_id=parse_uuid(request.agenda_item_id, "agenda_item_id"),
            outcome=Outcome(parse_code(request.outcome, "outcome", list(Outcome))),
            reasons=parse_text(request.reasons, "reasons", longest=REASONS),
            dissents=tuple(stated_dissent(one, number) for number, one in enumerate(dissents)),
            actions=tuple(agreed_action(one, number) for number, one in enumerate(actions)),
            case_lead_id=parse_uuid(request.case_lead_id, "case_lead_id") if request.case_lead_id else None,
            review_on=parse_optional_day(request.review_on, "review_on"),
        )
        return receipt_message(await self._adapter.run(context, record_decision, command))

    async def ReadSession(self, request: pb.ReadSessionRequest, context: Context) -> pb.Session:
        query = ReadSession(parse_uuid(request.session_id, "session_id"))
        return session_message(await self._adapter.run(context, read_session, query))

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Context) -> pb.ListSessionsResponse:
        query = ListSessions(parse_page_size(request.page_size), parse_cursor(request.cursor))
        page = await self._adapter.run(context, list_sessions, query)
        sessions = [frame_message(session) for session in page.sessions]
        return pb.ListSessionsResponse(sessions=sessions, next_cursor=str(page.next_cursor or ""))

    async def ListCaseSessions(
        self, request: pb.ListCaseSessionsRequest, context: Context
    ) -> pb.ListCaseSessionsResponse:
        query = ListCaseSessions(parse_uuid(request.case_id, "case_id"))
        found = await self._adapter.run(context, list_case_sessions, query)
        return pb.ListCaseSessionsResponse(sessions=[case_session_message(one) for one in found])


def bounded(values: Sequence[One], field: str, most: int) -> Sequence[One]:
    """A list of at most `most`."""
    if len(values) > most:
        raise ListTooLong(field=field, expected=f"at most {most}")
    return values


def some(values: Sequence[One], field: str, most: int) -> Sequence[One]:
    """A list of 1 to `most`."""
    if not values:
        raise FieldMissing(field=field, expected=f"1 to {most}")
    return bounded(values, field, most)


def planned_item(message: pb.PlannedItem, number: int) -> PlannedItem:
    """A case and its time window, checked."""
    within = f"items[{number}]."
    return PlannedItem(
        parse_uuid(message.case_id, f"{within}case_id"),
        required_moment(message, "starts_at", within),
        required_moment(message, "ends_at", within),
    )


def stated_dissent(message: pb.Dissent, number: int) -> StatedDissent:
    """A deviating opinion, checked."""
    return StatedDissent(
        parse_uuid(message.person_id, f"dissents[{number}].person_id"),
        parse_text(message.text, f"dissents[{number}].text", longest=DISSENT),
    )


def agreed_action(message: pb.PlannedAction, number: int) -> AgreedAction:
    """An action, checked."""
    return AgreedAction(
        parse_code(message.life_domain, f"actions[{number}].life_domain", LIFE_DOMAINS),
        parse_uuid(message.owner_id, f"actions[{number}].owner_id"),
        parse_day(message.due_on, f"actions[{number}].due_on"),
    )


def session_message(view: SessionView) -> pb.Session:
    """A session with agenda and attendance on the wire."""
    message = frame_message(view)
    message.items.extend(item_message(item) for item in view.items)
    message.attendance.extend(pb.Attendance(person_id=str(one.person_id), seat=one.seat) for one in view.attendance)
    return message


def frame_message(view: SessionView | SessionLine) -> pb.Session:
    """When and where, on the wire."""
    session = view.session
    return pb.Session(
        session_id=str(session.session_id),
        state=session.state,
        starts_at=to_timestamp(session.starts_at),
        ends_at=to_timestamp(session.ends_at),
        place=session.place,
        version=session.version,
        may=view.may,
        stage=view.stage,
    )


def item_message(view: ItemView) -> pb.AgendaItem:
    """A point of the agenda on the wire; without a case it is a closed one."""
    return pb.AgendaItem(
        agenda_item_id=str(view.item.agenda_item_id),
        position=view.item.position,
        starts_at=to_timestamp(view.item.starts_at),
        ends_at=to_timestamp(view.item.ends_at),
        case_id=str(view.case_id or ""),
        case_code=view.case_code or "",
        closed_point=view.case_id is None,
        decision=decision_message(view.decision) if view.decision else None,
        nis_code=view.nis_code or "",
        may=view.may,
        seats_taken=view.seats_taken,
    )


def case_session_message(view: CaseSession) -> pb.CaseSession:
    """A session of one case on the wire."""
    return pb.CaseSession(
        session_id=str(view.session_id),
        state=view.state,
        starts_at=to_timestamp(view.starts_at),
        ends_at=to_timestamp(view.ends_at),
        place=view.place,
        decision=decision_message(view.decision) if view.decision else None,
        stage=view.stage,
    )


def decision_message(view: DecisionView) -> pb.Decision:
    """A decision on the wire."""
    return pb.Decision(
        decision_id=str(view.decision_id),
        outcome=view.outcome,
        reasons=view.reasons,
        dissents=[pb.Dissent(person_id=str(one.person_id), text=one.text) for one in view.dissents],
        decided_by=str(view.decided_by),
        decided_at=to_timestamp(view.decided_at),
    )
