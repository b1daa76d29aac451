"""Traces by hand at the four places that matter (HTTP, gRPC, act and its SQL, NATS), RED metrics, JSON logs.

An allow-list of attributes keeps content out: ids of cells, names of handlers and codes, nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Histogram

ALLOWED = frozenset(
    {"service", "handler", "outcome", "error.code", "cell", "method", "route", "status", "subject.type"}
)

ACTS = Counter("rondetafel_acts_total", "Commands and queries by outcome", ["service", "handler", "outcome"])
ACT_SECONDS = Histogram(
    "rondetafel_act_seconds", "Duration of commands and queries", ["service", "handler"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("rondetafel")


class _JsonLines(logging.Formatter):
    """One JSON object a line; messages are constants of the code, values stand in `extra` codes."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "trace_id": trace_id(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False)


def _where(record: logging.LogRecord) -> str:
    """File and line of an exception, never its text: it may hold what a person typed."""
    frame = record.exc_info[2] if record.exc_info else None
    places = []
    while frame is not None:
        places.append(f"{os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}")
        frame = frame.tb_next
    return " > ".join(places[-8:])


def start_telemetry(service: str, otlp_endpoint: str | None) -> None:
    """Set up logs, and spans if there is an OTLP endpoint. Once per process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "nats", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    resource = Resource.create({"service.name": f"rondetafel-{service}", "process.pid": os.getpid()})
    # Without an endpoint nothing is sampled, but every act still has a trace id for logs, audit and clients.
    provider = TracerProvider(resource=resource, sampler=None if otlp_endpoint else ALWAYS_OFF)
    if otlp_endpoint:
        # Here, as it is a tenth of what a service has to load at its start, and most run without.
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=otlp_endpoint, insecure=True)
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=500))
    trace.set_tracer_provider(provider)


def stop_telemetry() -> None:
    """Send what is left; bounded by the exporter's own time-out."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


@contextmanager
def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, parent: str | None = None, *, stranger: str | None = None,
    **attributes: str,
) -> Iterator[Span]:  # fmt: skip
    """A span with allowed attributes only. Exceptions leave their type, no text.

    `parent` is the W3C traceparent of a process of ours. `stranger` is one that somebody else sent: it becomes a link,
    never the id, because the audit record names the trace and readers of the log gather by it. Inside a trace that
    nobody keeps there is nothing to name: its first span stands for all.
    """
    around = trace.get_current_span()
    if parent is None and stranger is None and not around.is_recording() and around.get_span_context().is_valid:
        yield around
        return
    context: Context | None = _propagator.extract({"traceparent": parent}) if parent else None
    allowed = {key.replace("__", "."): value for key, value in attributes.items() if key.replace("__", ".") in ALLOWED}
    with _tracer.start_as_current_span(
        name, context, kind, allowed, _links(stranger), record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as error:
            current.set_attribute("error.code", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR))
            raise


def _links(stranger: str | None) -> list[Link]:
    if stranger is None:
        return []
    theirs = trace.get_current_span(_propagator.extract({"traceparent": stranger}, Context())).get_span_context()
    return [Link(theirs)] if theirs.is_valid else []


@contextmanager
def act(service: str, handler: str) -> Iterator[None]:
    """Span and RED metrics of one command or query."""
    started = time.perf_counter()
    outcome = "ok"
    try:
        with span(f"{service}.{handler}", service=service, handler=handler):
            yield
    except BaseException as error:
        outcome = type(error).__name__
        raise
    finally:
        ACTS.labels(service, handler, outcome).inc()
        ACT_SECONDS.labels(service, handler).observe(time.perf_counter() - started)


def traceparent() -> str:
    """The W3C traceparent of the current span, empty when there is none."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def trace_id() -> str:
    """The current trace id in hex, empty when there is none."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.trace_id else ""
