"""One trace from the front door through gRPC and SQL, and over NATS into every service that hears of it."""

from __future__ import annotations

import secrets

from deploy.local.caller import Caller
from deploy.local.platform import Platform
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.security.collector import Collector, Span

SERVICES = {f"rondetafel-{name}" for name in ("portal", "partner_directory", "case", "meeting", "audit")}


async def test_one_trace_reaches_five_processes(platform: Platform, table: Table, collector: Collector) -> None:
    trace_id, theirs = await end_a_mandate(table["an"], table)

    async def complete() -> list[Span] | None:
        # Each process sends its spans in its own time, a parent perhaps after its children.
        spans = collector.spans(trace_id)
        known = {span.span_id for span in spans}
        whole = len([span for span in spans if span.parent_id not in known]) == 1
        there = {span.service for span in spans} >= SERVICES and transactions(spans) and merges(spans)
        return spans if whole and there else None

    spans = await until("spans of five services in one trace", complete)
    processes = {service.process.pid for service in platform.services}
    assert len(processes) == 5
    assert {span.pid for span in spans} == processes
    assert merges(spans)
    known = {span.span_id for span in spans}
    assert [span.parent_id for span in spans if span.parent_id not in known] == [""], "the trace begins at the portal"
    assert collector.spans(theirs) == []
    assert collector.holds(bytes.fromhex(theirs)), "the trace of the client is linked"
    print("\n" + "\n".join(f"{span.pid} {span.service} {span.name}" for span in spans))


def merges(spans: list[Span]) -> list[Span]:
    """Those of the log taking in the record: the last to be heard, on a busy machine well after the event."""
    return [span for span in spans if span.service == "rondetafel-audit" and span.name.startswith("merge ")]


def transactions(spans: list[Span]) -> list[Span]:
    """Those of the act itself."""
    acts = {span.span_id for span in spans if span.name == "partner_directory.end_mandate"}
    return [span for span in spans if span.parent_id in acts and span.name == "postgresql transaction"]


async def end_a_mandate(coordinator: Caller, table: Table) -> tuple[str, str]:
    """An act that all services hear of; gives its trace id, and the one that the client sent."""
    mandates = (await coordinator.get(table.path("mandates"), page_size=50)).body["mandates"]
    sofie = next(mandate for mandate in mandates if mandate["given_name"] == "Sofie")
    theirs = secrets.token_hex(16)
    answer = await coordinator.send(
        "POST",
        table.path(f"mandates/{sofie['mandate_id']}/end"),
        headers={
            "Idempotency-Key": secrets.token_hex(8),
            "If-Match": f'"{sofie["version"]}"',
            "traceparent": f"00-{theirs}-{secrets.token_hex(8)}-01",
        },
        json={"reason": "left"},
    )
    assert answer.is_success, answer.text
    return answer.headers["X-Trace-Id"], theirs
