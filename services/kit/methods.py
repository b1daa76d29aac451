"""The methods of a proto service, each with its handler: message to command, handler, answer to message.

`rpc/<aggregate>.py` of a service names them in a table, a line or two each; what needs a hand is a function there.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rondetafel.kit.v1 import kit_pb2
from rondetafel.kit.v1 import options_pb2 as options
from services.kit.execute import HandlerOf
from services.kit.outbox import Receipt
from services.kit.reading import Reader
from services.kit.rpc import ServicerAdapter, receipt_message
from services.kit.shapes import SAME, Differences, Unfitting
from services.kit.writing import writer_of

Context = grpc.aio.ServicerContext[Any, Any]
Asked = TypeVar("Asked")
Result = TypeVar("Result")
Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)
Call = Callable[[ServicerAdapter, Any, Context], Awaitable[Message]]

PORTAL = frozenset({"portal"})


@dataclass(frozen=True, slots=True)
class Method:
    """One method, and what it answers. `made` puts it together with what the proto says; it raises Unfitting."""

    name: str
    answers: type[Message]
    made: Callable[[MethodDescriptor], Call]


def command(
    handler: HandlerOf[Asked, Receipt], asks: type[Asked], reading: Differences = SAME, *, for_service: bool = False
) -> Method:
    """A command, read field by field and answered with its receipt.

    It runs for the person whose token came along; `for_service`: for the process that calls.
    """

    def made(method: MethodDescriptor) -> Call:
        return _call(handler, _reader(asks, method, reading), receipt_message, for_service=for_service)

    return Method(asks.__name__, kit_pb2.Receipt, made)


def query(
    handler: HandlerOf[Asked, Result], asks: type[Asked], answers: type[Answer], writing: Differences = SAME, *,
    reading: Differences = SAME, write: Callable[[Result], Answer] | None = None, for_service: bool = False,
) -> Method:  # fmt: skip
    """A query, read and answered field by field; `write` answers by hand. For whom it runs: as a command does."""

    def made(method: MethodDescriptor) -> Call:
        answer = write or writer_of(answers, inspect.get_annotations(handler, eval_str=True)["return"], writing)
        return _call(handler, _reader(asks, method, reading), answer, for_service=for_service)

    return Method(asks.__name__, answers, made)


def by_hand(
    asks: type[Request], answers: type[Answer], call: Callable[[ServicerAdapter, Request, Context], Awaitable[Answer]]
) -> Method:
    """A method that is a function, because it does more than one handler can."""
    return Method(asks.DESCRIPTOR.name.removesuffix("Request"), answers, lambda method: call)


def _reader(asks: type[Asked], method: MethodDescriptor, reading: Differences) -> Reader[Asked]:
    return Reader(asks, method.input_type, reading, facts=False)


def _call(
    handler: HandlerOf[Asked, Result], read: Reader[Asked], write: Callable[[Result], Message], *, for_service: bool
) -> Call:
    async def call(adapter: ServicerAdapter, request: Message, context: Context) -> Message:
        run = adapter.run_for_service if for_service else adapter.run
        return write(await run(context, handler, read(request)))

    return call


class Served:
    """All methods of one proto service. Raises Unfitting unless each is there once, and says what the proto says."""

    def __init__(self, service: ServiceDescriptor, *methods: Method) -> None:
        self.service = service
        named = Counter(method.name for method in methods)
        if named != Counter(service.methods_by_name):
            raise Unfitting(f"{service.name} has {sorted(service.methods_by_name)}, served are {sorted(named)}")
        self.calls: Mapping[str, Call] = {method.name: self._made(method) for method in methods}

    def _made(self, method: Method) -> Call:
        described = self.service.methods_by_name[method.name]
        if method.answers.DESCRIPTOR is not described.output_type:
            raise Unfitting(f"{method.name} answers {described.output_type.full_name}")
        return method.made(described)

    def handlers(self, adapter: ServicerAdapter) -> grpc.GenericRpcHandler:
        """What a gRPC server is given."""
        methods = {name: self._handler(name, call, adapter) for name, call in self.calls.items()}
        return grpc.method_handlers_generic_handler(self.service.full_name, methods)

    def _handler(self, name: str, call: Call, adapter: ServicerAdapter) -> grpc.RpcMethodHandler[Any, Any]:
        async def answer(request: Message, context: Context) -> Message:
            return await call(adapter, request, context)

        described = self.service.methods_by_name[name]
        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=GetMessageClass(described.input_type).FromString,
            response_serializer=GetMessageClass(described.output_type).SerializeToString,
        )


def expect_all_served(file: FileDescriptor, served: Sequence[Served]) -> None:
    """Raises Unfitting unless each service of the proto file is served once."""
    names = sorted(methods.service.name for methods in served)
    if names != sorted(file.services_by_name):
        raise Unfitting(f"{file.name} has {sorted(file.services_by_name)}, served are {names}")


def peers_of(file: FileDescriptor) -> dict[str, frozenset[str]]:
    """Per method, the processes that may call it: those the proto names, or the portal alone."""
    methods = [method for service in file.services_by_name.values() for method in service.methods]
    return {method.name: frozenset(method.GetOptions().Extensions[options.verb].peers) or PORTAL for method in methods}
