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
from services.kit.errors import RondetafelError, Unavailable
from services.kit.problems import INTERNAL, Problem, problem
from services.kit.rpc import STATUS, Channel, call_metadata

DEADLINE_SECONDS = 10.0
HEALTH_SECONDS = 1.0

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
    """The four services behind this door, by their generated stubs."""

    def __init__(self, targets: Mapping[str, str], tls_directory: Path) -> None:
        self._channels = {name: Channel(target, name, tls_directory) for name, target in targets.items()}
        self._directory = _Kept(
            self._channels["partner_directory"], partner_directory_pb2_grpc.PartnerDirectoryServiceStub
        )
        self._case = _Kept(self._channels["case"], case_pb2_grpc.CaseServiceStub)
        self._meeting = _Kept(self._channels["meeting"], meeting_pb2_grpc.MeetingServiceStub)
        self._audit = _Kept(self._channels["audit"], audit_pb2_grpc.AuditServiceStub)

    @property
    def partner_directory(self) -> partner_directory_pb2_grpc.PartnerDirectoryServiceAsyncStub:
        """Cells, organisations, mandates."""
        return self._directory.get()

    @property
    def case(self) -> case_pb2_grpc.CaseServiceAsyncStub:
        """Signals, cases, contributions."""
        return self._case.get()

    @property
    def meeting(self) -> meeting_pb2_grpc.MeetingServiceAsyncStub:
        """Sessions and decisions."""
        return self._meeting.get()

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
            return await method(request, metadata=metadata, timeout=DEADLINE_SECONDS)
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
