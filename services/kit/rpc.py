"""gRPC, the server: mutual TLS, guards in a fixed order, deadlines, health, reflection.

No service can forget a guard: `RpcServer` builds the server, and only `ServicerAdapter.run` leads from a method to a
handler.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import grpc
from google.protobuf.descriptor import FileDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from opentelemetry.trace import SpanKind

from rondetafel.kit.v1 import kit_pb2
from services.kit import telemetry
from services.kit.catalogue import SERVICES
from services.kit.certificates import server_credentials
from services.kit.channel import MAX_DEADLINE_SECONDS, pinged, pinging
from services.kit.errors import (
    CellNotFound,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    RondetafelError,
    Unauthenticated,
    Unavailable,
)
from services.kit.execute import Executor, HandlerOf
from services.kit.identities import person_id
from services.kit.identity import TokenVerifier, VerifiedToken
from services.kit.outbox import Receipt
from services.kit.patience import Calls
from services.kit.principal import Principal, PrincipalKind, system

logger = logging.getLogger(__name__)

Command = TypeVar("Command")
Result = TypeVar("Result")

STATUS: Mapping[type[RondetafelError], grpc.StatusCode] = {
    Invalid: grpc.StatusCode.INVALID_ARGUMENT,
    Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    Denied: grpc.StatusCode.PERMISSION_DENIED,
    NotFound: grpc.StatusCode.NOT_FOUND,
    Conflict: grpc.StatusCode.FAILED_PRECONDITION,
    Unavailable: grpc.StatusCode.UNAVAILABLE,
}
"""One status per kind, the same in all services."""

HOST_CLIENT = "host"
"""The one client that may act without a person: the host's administration, never content (invariant 24)."""
OPEN_SERVICES = ("/grpc.health.v1.Health/", "/grpc.reflection.v1alpha.ServerReflection/")


Refused = Callable[[str, str], None]
"""Takes the code of what was missing and whence the caller came."""


class DeadlineMissing(Invalid):
    """Every call needs a deadline of at most 60 seconds."""


class PeerRefused(Denied):
    """This process may not call this method."""


def status_of(error: RondetafelError) -> grpc.StatusCode:
    """The gRPC status of an error, by its kind."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def trailers_of(error: RondetafelError) -> tuple[tuple[str, str], ...]:
    """What a client needs to explain the error: stable code, field, what would be right, when to try again."""
    pairs = {
        "error-code": error.code,
        "error-field": error.field,
        "error-expected": error.expected,
        "retry-after": str(error.retry_after) if error.retry_after else None,
    }
    return tuple((name, value) for name, value in pairs.items() if value)


def peer_name(context: grpc.aio.ServicerContext[Any, Any]) -> str:
    """The name in the caller's certificate; empty when there is none."""
    names = context.auth_context().get("x509_subject_alternative_name", [])
    return next((name.decode() for name in names if name not in (b"localhost", b"127.0.0.1")), "")


def metadata_of(context: grpc.aio.ServicerContext[Any, Any]) -> dict[str, str]:
    """The call's text metadata."""
    return {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}


class Guards(grpc.aio.ServerInterceptor):
    """Certificate name, deadline, span, typed errors; in this order, for every method.

    `peers` names, per method, the processes that may call it; a method that is missing is refused. `refused` is told of
    each caller that came without the right certificate or token.
    """

    def __init__(self, peers: Mapping[str, frozenset[str]], refused: Refused) -> None:
        self._peers = peers
        self._refused = refused

    async def intercept_service(self, continuation: Any, details: Any) -> Any:
        """Wrap unary methods; health and reflection pass."""
        handler = await continuation(details)
        if handler is None or details.method.startswith(OPEN_SERVICES):
            return handler
        method = details.method.rsplit("/", 1)[1]
        inner = handler.unary_unary

        async def guarded(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            sent, peer = metadata_of(context).get("traceparent"), peer_name(context)
            # Only our own processes' traces go on here; the command line is somebody else's machine.
            parent, stranger = (sent, None) if peer in SERVICES else (None, sent)
            with telemetry.span(method, SpanKind.SERVER, parent, stranger=stranger, method=method):
                try:
                    self._check(method, peer, context)
                    return await inner(request, context)
                except RondetafelError as error:
                    if isinstance(error, PeerRefused | Unauthenticated):
                        self._refused(error.code, peer or "without a name")
                    await abort(context, error)
                except grpc.aio.AbortError:
                    raise
                except Exception:
                    logger.exception("internal error in %s", method)
                    await context.abort(grpc.StatusCode.INTERNAL, "internal", (("error-code", "Internal"),))

        return grpc.unary_unary_rpc_method_handler(
            guarded, request_deserializer=handler.request_deserializer, response_serializer=handler.response_serializer
        )

    def _check(self, method: str, peer: str, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        if peer not in self._peers.get(method, frozenset()):
            raise PeerRefused
        remaining = context.time_remaining()
        if remaining is None or remaining > MAX_DEADLINE_SECONDS:
            raise DeadlineMissing


async def abort(context: grpc.aio.ServicerContext[Any, Any], error: RondetafelError) -> NoReturn:
    """End the call with the error's status and trailers; the text is the class's own, never a person's words."""
    await context.abort(status_of(error), type(error).__doc__ or error.code, trailers_of(error))


class ServicerAdapter:
    """From a gRPC call to a handler: verify the caller's token here again, then the executor."""

    def __init__(self, executor: Executor, verifier: TokenVerifier) -> None:
        self._executor = executor
        self._verifier = verifier

    async def run(
        self, context: grpc.aio.ServicerContext[Any, Any], handler: HandlerOf[Command, Result], command: Command
    ) -> Result:
        """Run `handler` for the person or host client whose token came along. Raises the typed errors."""
        metadata = metadata_of(context)
        token = await self._verifier.verify(metadata.get("authorization", "").removeprefix("Bearer "))
        principal = self._principal(token, _cell_of(metadata))
        return await self._executor.run(
            principal, handler, command, idempotency_key=metadata.get("idempotency-key") or None
        )

    async def run_for_service(
        self, context: grpc.aio.ServicerContext[Any, Any], handler: HandlerOf[Command, Result], command: Command
    ) -> Result:
        """Run `handler` for the calling process itself, named by its certificate: system principal `<name>.service`."""
        cell_id = _cell_of(metadata_of(context))
        return await self._executor.run(system(f"{peer_name(context)}.service", cell_id), handler, command)

    def _principal(self, token: VerifiedToken, cell_id: UUID) -> Principal:
        actor_id, of_token = person_id(token.issuer, token.subject), (token.identities, token.issued_at)
        if not token.is_service:
            return Principal(PrincipalKind.PERSON, actor_id, cell_id, token.acr, "", None, *of_token)
        if token.client_id != HOST_CLIENT:
            raise Unauthenticated
        return Principal(PrincipalKind.HOST, actor_id, cell_id, 0, token.client_id, None, *of_token)


def _cell_of(metadata: Mapping[str, str]) -> UUID:
    try:
        return UUID(metadata["rondetafel-cell"])
    except (KeyError, ValueError):
        raise CellNotFound from None


class RpcServer:
    """The one way to build a server: guards, health, reflection, mutual TLS with certificates reread at renewal."""

    def __init__(
        self, listen: str, tls_directory: Path, peers: Mapping[str, frozenset[str]], refused: Refused,
        patience: Calls | None = None,
    ) -> None:  # fmt: skip
        patience = patience or Calls()
        self._server = grpc.aio.server(
            interceptors=[Guards(peers, refused)],
            options=[
                *pinging(patience),
                *pinged(patience),
                ("grpc.so_reuseport", 0),
                ("grpc.server_handshake_timeout_ms", 10_000),
            ],
        )
        self.health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self.health, self._server)
        self._server.add_secure_port(listen, server_credentials(tls_directory))

    @property
    def grpc(self) -> grpc.aio.Server:
        """For the generated `add_..._to_server`."""
        return self._server

    async def start(self, file: FileDescriptor) -> None:
        """Serve the services of one proto file, and answer health as serving."""
        names = [service.full_name for service in file.services_by_name.values()]
        reflection.enable_server_reflection((*names, health.SERVICE_NAME, reflection.SERVICE_NAME), self._server)
        await self._server.start()
        for name in ("", *names):
            await self.health.set(name, health_pb2.HealthCheckResponse.SERVING)

    async def stop(self, grace_seconds: float = 5) -> None:
        """Answer health as not serving, let calls in flight finish, then close."""
        await self.health.enter_graceful_shutdown()
        await self._server.stop(grace_seconds)


def receipt_message(receipt: Receipt) -> kit_pb2.Receipt:
    """A command's answer on the wire."""
    return kit_pb2.Receipt(id=str(receipt.id), state=receipt.state, version=receipt.version)
