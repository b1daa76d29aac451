"""A collector of traces in the test's own process: whatever the platform exports by OTLP arrives here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as pb_grpc


@dataclass(frozen=True, slots=True)
class Span:
    """One span, and the process it came from."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    pid: int
    service: str


class Collector(pb_grpc.TraceServiceServicer):
    """Keeps every export as it came."""

    def __init__(self) -> None:
        self.exports: list[pb.ExportTraceServiceRequest] = []
        self.endpoint = ""

    async def Export(self, request: Any, context: Any) -> Any:
        self.exports.append(request)
        return pb.ExportTraceServiceResponse()

    def spans(self, trace_id: str) -> list[Span]:
        """The spans of one trace that have arrived."""
        return [span for span in self._all() if span.trace_id == trace_id]

    def holds(self, text: bytes) -> bool:
        """Whether an export contains these bytes anywhere."""
        return any(text in export.SerializeToString() for export in self.exports)

    def _all(self) -> Iterator[Span]:
        for export in self.exports:
            for group in export.resource_spans:
                about = {attribute.key: attribute.value for attribute in group.resource.attributes}
                pid, service = about["process.pid"].int_value, about["service.name"].string_value
                for span in (span for scope in group.scope_spans for span in scope.spans):
                    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                    yield Span(*ids, span.name, pid, service)


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """A collector that listens on a free port."""
    collector = Collector()
    server = grpc.aio.server()
    pb_grpc.add_TraceServiceServicer_to_server(collector, server)  # type: ignore[no-untyped-call]
    collector.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    try:
        yield collector
    finally:
        await server.stop(None)
