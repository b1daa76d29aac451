"""The gRPC door of the case service: message, command, message."""

from __future__ import annotations

from typing import Any

import grpc

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.case.v1 import case_pb2_grpc as pb_grpc
from rondetafel.kit.v1 import kit_pb2
from services.case.commands.assess_contribution import AssessContribution, assess_contribution
from services.case.commands.decline_contribution import DeclineContribution, decline_contribution
from services.case.commands.enter_signal import EnterSignal, enter_signal
from services.case.commands.invite_to_circle import InviteToCircle, invite_to_circle
from services.case.commands.place_on_list import PlaceOnList, place_on_list
from services.case.commands.propose_case import ProposeCase, propose_case
from services.case.commands.refuse_case import RefuseCase, refuse_case
from services.case.commands.revise_contribution import ReviseContribution, revise_contribution
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.write_contribution import WriteContribution, write_contribution
from services.case.criterion import Assessment
from services.case.messages import (
    case_message,
    criteria_of,
    frame_message,
    person_of,
    signal_message,
    waiting_message,
)
from services.case.model import ANSWERS_INFORMED, LANGUAGES, LIFE_DOMAINS, PHENOMENA, CaseState, Part
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.list_signals import ListSignals, list_signals
from services.case.queries.list_waiting import ListWaiting, list_waiting
from services.case.queries.read_case import ReadCase, read_case
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.fields import (
    parse_code,
    parse_codes,
    parse_cursor,
    parse_day,
    parse_nis,
    parse_page_size,
    parse_text,
    parse_uuid,
)
from services.kit.rpc import ServicerAdapter, receipt_message

Context = grpc.aio.ServicerContext[Any, Any]

TEXT = 8_000
ANSWER = 2_000
REASON = 4_000
PORTAL = frozenset({"portal"})
PEERS = {method.name: PORTAL for service in pb.DESCRIPTOR.services_by_name.values() for method in service.methods}


class CaseServicer(
    pb_grpc.SignalServiceServicer,
    pb_grpc.CaseServiceServicer,
    pb_grpc.CircleServiceServicer,
    pb_grpc.ContributionServiceServicer,
):
    """One method per verb; the proto file says what each means."""

    def __init__(self, adapter: ServicerAdapter) -> None:
        self._adapter = adapter

    async def EnterSignal(self, request: pb.EnterSignalRequest, context: Context) -> kit_pb2.Receipt:
        command = EnterSignal(
            nis_code=parse_nis(request.nis_code),
            person=person_of(request.person),
            observed=parse_text(request.observed, "observed", longest=TEXT),
            tried=parse_text(request.tried, "tried", longest=TEXT),
            reason=parse_text(request.reason, "reason", longest=TEXT),
            urgent=request.urgent,
            minor=request.minor,
            language=parse_code(request.language, "language", LANGUAGES),
        )
        return receipt_message(await self._adapter.run(context, enter_signal, command))

    async def ReadSignal(self, request: pb.ReadSignalRequest, context: Context) -> pb.Signal:
        query = ReadSignal(parse_uuid(request.signal_id, "signal_id"))
        view = await self._adapter.run(context, read_signal, query)
        return signal_message(view.frame, view)

    async def ListSignals(self, request: pb.ListSignalsRequest, context: Context) -> pb.ListSignalsResponse:
        query = ListSignals(parse_page_size(request.page_size), parse_cursor(request.cursor))
        page = await self._adapter.run(context, list_signals, query)
        signals = [signal_message(frame) for frame in page.signals]
        return pb.ListSignalsResponse(
            signals=signals, next_cursor=str(page.next_cursor or ""), everyones=page.everyones
        )

    async def ProposeCase(self, request: pb.ProposeCaseRequest, context: Context) -> kit_pb2.Receipt:
        command = ProposeCase(
            signal_id=parse_uuid(request.signal_id, "signal_id"),
            expected_version=request.expected_version,
            criteria=criteria_of(list(request.criteria)),
            phenomenon=parse_code(request.phenomenon or "unclear", "phenomenon", PHENOMENA),
            best_interest=parse_text(request.best_interest, "best_interest", longest=REASON, required=False),
        )
        return receipt_message(await self._adapter.run(context, propose_case, command))

    async def PlaceOnList(self, request: pb.PlaceOnListRequest, context: Context) -> kit_pb2.Receipt:
        command = PlaceOnList(
            case_id=parse_uuid(request.case_id, "case_id"),
            expected_version=request.expected_version,
            reasons=parse_text(request.reasons, "reasons", longest=REASON),
        )
        return receipt_message(await self._adapter.run(context, place_on_list, command))

    async def RefuseCase(self, request: pb.RefuseCaseRequest, context: Context) -> kit_pb2.Receipt:
        command = RefuseCase(
            case_id=parse_uuid(request.case_id, "case_id"),
            expected_version=request.expected_version,
            reasons=parse_text(request.reasons, "reasons", longest=REASON),
        )
        return receipt_message(await self._adapter.run(context, refuse_case, command))

    async def InviteToCircle(self, request: pb.InviteToCircleRequest, context: Context) -> kit_pb2.Receipt:
        command = InviteToCircle(
            case_id=parse_uuid(request.case_id, "case_id"),
            expected_version=request.expected_version,
            person_id=parse_uuid(request.person_id, "person_id"),
            parts=tuple(Part(part) for part in parse_codes(request.parts, "parts", list(Part), least=1)),
            first_day=parse_day(getattr(request, "from"), "from"),
            last_day=parse_day(request.to, "to"),
            why=parse_text(request.why, "why", longest=ANSWER),
            life_domains=parse_codes(request.life_domains, "life_domains", LIFE_DOMAINS),
        )
        return receipt_message(await self._adapter.run(context, invite_to_circle, command))

    async def WriteContribution(self, request: pb.WriteContributionRequest, context: Context) -> kit_pb2.Receipt:
        command = WriteContribution(
            case_id=parse_uuid(request.case_id, "case_id"),
            text=parse_text(request.text, "text", longest=TEXT),
            life_domain=parse_code(request.life_domain, "life_domain", LIFE_DOMAINS),
            language=parse_code(request.language, "language", LANGUAGES),
        )
        return receipt_message(await self._adapter.run(context, write_contribution, command))

    async def ReviseContribution(self, request: pb.ReviseContributionRequest, context: Context) -> kit_pb2.Receipt:
        command = ReviseContribution(
            contribution_id=parse_uuid(request.contribution_id, "contribution_id"),
            expected_version=request.expected_version,
            text=parse_text(request.text, "text", longest=TEXT),
            life_domain=parse_code(request.life_domain, "life_domain", LIFE_DOMAINS),
            language=parse_code(request.language, "language", LANGUAGES),
        )
        return receipt_message(await self._adapter.run(context, revise_contribution, command))

    async def DeclineContribution(self, request: pb.DeclineContributionRequest, context: Context) -> kit_pb2.Receipt:
        command = DeclineContribution(parse_uuid(request.case_id, "case_id"))
        return receipt_message(await self._adapter.run(context, decline_contribution, command))

    async def AssessContribution(self, request: pb.AssessContributionRequest, context: Context) -> kit_pb2.Receipt:
        command = AssessContribution(
            contribution_id=parse_uuid(request.contribution_id, "contribution_id"),
            expected_version=request.expected_version,
            assessment=Assessment(
                need=parse_text(request.need, "need", longest=ANSWER),
                less_is_enough=parse_text(request.less_is_enough, "less_is_enough", longest=ANSWER),
                proportionality=parse_text(request.proportionality, "proportionality", longest=ANSWER),
                person_informed=parse_code(request.person_informed, "person_informed", ANSWERS_INFORMED),
            ),
            legal_basis=parse_text(request.legal_basis, "legal_basis", longest=100),
        )
        return receipt_message(await self._adapter.run(context, assess_contribution, command))

    async def ShareContribution(self, request: pb.ShareContributionRequest, context: Context) -> kit_pb2.Receipt:
        contribution_id = parse_uuid(request.contribution_id, "contribution_id")
        command = ShareContribution(contribution_id, request.expected_version)
        return receipt_message(await self._adapter.run(context, share_contribution, command))

    async def ReadCase(self, request: pb.ReadCaseRequest, context: Context) -> pb.Case:
        query = ReadCase(parse_uuid(request.case_id, "case_id"))
        return case_message(await self._adapter.run(context, read_case, query))

    async def ListCases(self, request: pb.ListCasesRequest, context: Context) -> pb.ListCasesResponse:
        state = CaseState(parse_code(request.state, "state", list(CaseState))) if request.state else None
        query = ListCases(parse_page_size(request.page_size), parse_cursor(request.cursor), state, request.to_plan)
        page = await self._adapter.run(context, list_cases, query)
        cases = [frame_message(frame) for frame in page.cases]
        return pb.ListCasesResponse(cases=cases, next_cursor=str(page.next_cursor or ""), everyones=page.everyones)

    async def ListWaiting(self, request: pb.ListWaitingRequest, context: Context) -> pb.ListWaitingResponse:
        found = await self._adapter.run(context, list_waiting, ListWaiting())
        waiting = [waiting_message(one) for one in found.waiting]
        return pb.ListWaitingResponse(waiting=waiting, cases_of_mine=found.cases_of_mine)
