"""From a request to a service: the caller's own token travels along, errors come back as problems."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import grpc
from fastapi import Depends, Request
from grpc_health.v1 import health_pb2

from rondetafel.audit.v1 import audit_pb2_grpc
from rondetafel.case.v1 import case_pb2_grpc
from rondetafel.meeting.v1 import meeting_pb2_grpc
from rondetafel.partner_directory.v1 import partner_directory_pb2_grpc
from services.kit.calling import call_metadata
from services.kit.channel import Channel
from services.kit.errors import RondetafelError, Unavailable
from services.kit.patience import ANSWER_SECONDS, HEALTH_SECONDS
from services.kit.problems import INTERNAL, Problem, problem
from services.kit.rpc import STATUS

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Stub = TypeVar("Stub")

KINDS: Mapping[grpc.StatusCode, type[RondetafelError]] = {status: kind for kind, status in STATUS.items()}
RENAMED: Mapping[str, str] = {"expected_version": "If-Match"}
"""Fields of messages that are something else in this API."""


class Refused(Exception):
    """A service answered with an error."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class _Kept(Generic[Stub]):
    """A stub kept as long as its channel lives (kit.rpc.Channel makes a new one when our certificate is renewed)."""

    def __init__(self, channel: Channel, make: Callable[[grpc.aio.Channel], Stub]) -> None:
        self._channel = channel
        self._make = make
        self._made: tuple[grpc.aio.Channel, Stub] | None = None

    def get(self) -> Stub:
        channel = self._channel.get()
        if self._made is None or self._made[0] is not channel:
            self._made = (channel, self._make(channel))
        return self._made[1]


class Services:
    """The services behind this door, a stub for each aggregate."""

    def __init__(self, targets: Mapping[str, str], tls_directory: Path) -> None:
        self._channels = {name: Channel(target, name, tls_directory) for name, target in targets.items()}
        case, meeting = self._channels["case"], self._channels["meeting"]
        directory, audit = self._channels["partner_directory"], self._channels["audit"]
        self._signal = _Kept(case, case_pb2_grpc.SignalServiceStub)
        self._question = _Kept(case, case_pb2_grpc.QuestionServiceStub)
        self._case = _Kept(case, case_pb2_grpc.CaseServiceStub)
        self._circle = _Kept(case, case_pb2_grpc.CircleServiceStub)
        self._contribution = _Kept(case, case_pb2_grpc.ContributionServiceStub)
        self._session = _Kept(meeting, meeting_pb2_grpc.SessionServiceStub)
        self._decision = _Kept(meeting, meeting_pb2_grpc.DecisionServiceStub)
        self._cell = _Kept(directory, partner_directory_pb2_grpc.CellServiceStub)
        self._organisation = _Kept(directory, partner_directory_pb2_grpc.OrganisationServiceStub)
        self._mandate = _Kept(directory, partner_directory_pb2_grpc.MandateServiceStub)
        self._invitation = _Kept(directory, partner_directory_pb2_grpc.InvitationServiceStub)
        self._proposal = _Kept(directory, partner_directory_pb2_grpc.ProposalServiceStub)
        self._recovery = _Kept(directory, partner_directory_pb2_grpc.RecoveryServiceStub)
        self._profile = _Kept(directory, partner_directory_pb2_grpc.ProfileServiceStub)
        self._law = _Kept(directory, partner_directory_pb2_grpc.LawServiceStub)
        self._rules = _Kept(directory, partner_directory_pb2_grpc.RulesServiceStub)
        self._identity = _Kept(directory, partner_directory_pb2_grpc.IdentityServiceStub)
        self._provider = _Kept(directory, partner_directory_pb2_grpc.ProviderServiceStub)
        self._audit = _Kept(audit, audit_pb2_grpc.AuditServiceStub)

    @property
    def signal(self) -> case_pb2_grpc.SignalServiceAsyncStub:
        """Concerns people tell of."""
        return self._signal.get()

    @property
    def question(self) -> case_pb2_grpc.QuestionServiceAsyncStub:
        """Questions without a name."""
        return self._question.get()

    @property
    def case(self) -> case_pb2_grpc.CaseServiceAsyncStub:
        """Cases, from proposal to end."""
        return self._case.get()

    @property
    def circle(self) -> case_pb2_grpc.CircleServiceAsyncStub:
        """Who may see which parts of a case."""
        return self._circle.get()

    @property
    def contribution(self) -> case_pb2_grpc.ContributionServiceAsyncStub:
        """What the circle of a case tells each other."""
        return self._contribution.get()

    @property
    def session(self) -> meeting_pb2_grpc.SessionServiceAsyncStub:
        """Sessions of a table."""
        return self._session.get()

    @property
    def decision(self) -> meeting_pb2_grpc.DecisionServiceAsyncStub:
        """What the chair decides in session."""
        return self._decision.get()

    @property
    def cell(self) -> partner_directory_pb2_grpc.CellServiceAsyncStub:
        """Cells and their towns."""
        return self._cell.get()

    @property
    def organisation(self) -> partner_directory_pb2_grpc.OrganisationServiceAsyncStub:
        """Partner organisations."""
        return self._organisation.get()

    @property
    def mandate(self) -> partner_directory_pb2_grpc.MandateServiceAsyncStub:
        """Who represents whom in a cell."""
        return self._mandate.get()

    @property
    def invitation(self) -> partner_directory_pb2_grpc.InvitationServiceAsyncStub:
        """Who is invited to a mandate, and comes."""
        return self._invitation.get()

    @property
    def proposal(self) -> partner_directory_pb2_grpc.ProposalServiceAsyncStub:
        """Whom the host proposes."""
        return self._proposal.get()

    @property
    def recovery(self) -> partner_directory_pb2_grpc.RecoveryServiceAsyncStub:
        """How a cell that lost everybody gets somebody again."""
        return self._recovery.get()

    @property
    def profile(self) -> partner_directory_pb2_grpc.ProfileServiceAsyncStub:
        """What people tell their tables of themselves."""
        return self._profile.get()

    @property
    def law(self) -> partner_directory_pb2_grpc.LawServiceAsyncStub:
        """The register of the law."""
        return self._law.get()

    @property
    def rules(self) -> partner_directory_pb2_grpc.RulesServiceAsyncStub:
        """The texts a cell gives itself."""
        return self._rules.get()

    @property
    def identity(self) -> partner_directory_pb2_grpc.IdentityServiceAsyncStub:
        """Who is shut out, and which sign-ins ended."""
        return self._identity.get()

    @property
    def provider(self) -> partner_directory_pb2_grpc.ProviderServiceAsyncStub:
        """Where people of partners sign in."""
        return self._provider.get()

    @property
    def audit(self) -> audit_pb2_grpc.AuditServiceAsyncStub:
        """The log."""
        return self._audit.get()

    async def health(self) -> dict[str, bool]:
        """Each service, and whether it answers within a second that it serves."""
        answers = await asyncio.gather(*(_serves(channel.get()) for channel in self._channels.values()))
        return dict(zip(self._channels, answers, strict=True))

    async def close(self) -> None:
        """Close the channels."""
        for channel in self._channels.values():
            await channel.close()


async def _serves(channel: grpc.aio.Channel) -> bool:
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check", health_pb2.HealthCheckRequest.SerializeToString,
        health_pb2.HealthCheckResponse.FromString,
    )  # fmt: skip
    try:
        answer = await check(health_pb2.HealthCheckRequest(), timeout=HEALTH_SECONDS)
    except grpc.aio.AioRpcError:
        return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is signed in on this request. The token goes to the services and nowhere else."""

    token: str = field(repr=False)
    services: Services = field(repr=False)
    csrf_token: str | None = field(default=None, repr=False)

    async def ask(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Asked, Answer],
        request: Asked,
        cell_id: UUID,
        key: str | None = None,
    ) -> Answer:
        """Call one method in one cell. Raises Refused with what the service said."""
        metadata = call_metadata(cell_id, token=self.token, idempotency_key=key)
        try:
            return await method(request, metadata=metadata, timeout=ANSWER_SECONDS)
        except grpc.aio.AioRpcError as error:
            raise Refused(problem_of_call(error)) from None


def problem_of_call(error: grpc.aio.AioRpcError) -> Problem:
    """What a failed call means here. Text is taken only together with a code: it is then a constant of a service."""
    told = {name: value for name, value in error.trailing_metadata() or () if isinstance(value, str)}
    code, kind = told.get("error-code"), KINDS.get(error.code())
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Problem(504, "Unavailable", "A part the answer needs did not answer in time.", retry_after=2)
    if code is None:
        return Problem(503, "Unavailable", str(Unavailable.__doc__), retry_after=2) if kind is Unavailable else INTERNAL
    if kind is None or code in ("PeerRefused", "DeadlineMissing"):
        return INTERNAL
    retry_after = int(told["retry-after"]) if told.get("retry-after", "").isdigit() else None
    field = told.get("error-field", "")
    expected = told.get("error-expected")
    return problem(kind, code, error.details() or code, RENAMED.get(field, field) or None, expected, retry_after)


async def _caller(request: Request) -> Caller:
    caller: Caller = request.scope["caller"]
    return caller


SignedIn = Annotated[Caller, Depends(_caller)]
