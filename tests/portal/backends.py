"""Real gRPC servers in the place of the four services: they answer what the test says, or refuse as a service does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from deploy.local.instance import Instance
from rondetafel.audit.v1 import audit_pb2
from rondetafel.case.v1 import case_pb2
from rondetafel.kit.v1 import kit_pb2
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2
from services.kit.errors import RondetafelError
from services.kit.rpc import abort, metadata_of
from tests.kit.issuer import NOW
from tests.portal.as_services import completed

FILES = {
    "partner_directory": partner_directory_pb2,
    "case": case_pb2,
    "meeting": meeting_pb2,
    "audit": audit_pb2,
}
NOTED = "NoteSignIn"
RECEIPT = kit_pb2.Receipt(id="01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55", state="RECEIVED", version=7)


@dataclass
class Call:
    """One call as it arrived."""

    method: str
    request: Any
    metadata: Mapping[str, str]


@dataclass
class Backends:
    """What was asked, and what is answered: per method a message, an error, or a bare gRPC status.

    Where sessions or cells differ, per method and session or cell, as `ReadSession <id>`.
    """

    instance: Instance
    calls: list[Call] = field(default_factory=list)
    noted: list[Call] = field(default_factory=list)
    """Sign-ins that were noted: with each that begins, whatever is asked then."""
    answers: dict[str, Message | RondetafelError | grpc.StatusCode] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    verbatim: bool = False
    """Whether answers go out as the test wrote them; else the services' rules say what may be done besides."""
    clock: Callable[[], datetime] = field(default=lambda: NOW)
    _servers: list[grpc.aio.Server] = field(default_factory=list)

    async def start(self) -> None:
        """Start the four."""
        for name, file in FILES.items():
            server = grpc.aio.server()
            for service in file.DESCRIPTOR.services_by_name.values():
                handlers = {method.name: self._handler(method) for method in service.methods}
                server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service.full_name, handlers),))
            self.targets[name] = f"127.0.0.1:{server.add_secure_port('127.0.0.1:0', self._credentials(name))}"
            await server.start()
            self._servers.append(server)

    async def stop(self) -> None:
        """Stop them."""
        for server in self._servers:
            await server.stop(None)

    def forget(self) -> None:
        """Begin anew."""
        self.calls.clear()
        self.noted.clear()
        self.answers.clear()
        self.verbatim = False

    @property
    def last(self) -> Call:
        """The last call."""
        return self.calls[-1]

    def _handler(self, method: MethodDescriptor) -> Any:
        usual = RECEIPT if method.output_type.name == "Receipt" else GetMessageClass(method.output_type)()

        async def answer(request: Message, context: grpc.aio.ServicerContext[Any, Any]) -> Message:
            metadata = metadata_of(context)
            (self.noted if method.name == NOTED else self.calls).append(Call(method.name, request, metadata))
            names = [getattr(request, "session_id", ""), metadata.get("rondetafel-cell", "")]
            of_these = [f"{method.name} {name}" for name in names]
            told = next((self.answers[name] for name in of_these if name in self.answers), None)
            told = told or self.answers.get(method.name, usual)
            if isinstance(told, RondetafelError):
                await abort(context, told)
            if isinstance(told, grpc.StatusCode):
                await context.abort(told, "text that must not leave")
            assert isinstance(told, Message)
            return told if self.verbatim else completed(told, request, self.answers, self.clock())

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=GetMessageClass(method.input_type).FromString,
            response_serializer=lambda message: message.SerializeToString(),
        )

    def _credentials(self, name: str) -> grpc.ServerCredentials:
        directory = self.instance.tls(name)
        key, certificate, authority = (
            (directory / file).read_bytes() for file in ("key.pem", "certificate.pem", "ca.pem")
        )
        return grpc.ssl_server_credentials([(key, certificate)], authority, require_client_auth=True)
