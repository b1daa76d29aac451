"""The gRPC door of the audit service: message, query, message."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

import grpc

from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.audit.v1 import audit_pb2_grpc as pb_grpc
from services.audit.queries.search_audit import AuditPage, EntryView, FindingView, SearchAudit, search_audit
from services.kit.fields import FieldMalformed, parse_code, parse_page_size, parse_uuid, required_moment, to_timestamp
from services.kit.policy import Verb
from services.kit.rpc import ServicerAdapter

Context = grpc.aio.ServicerContext[Any, Any]

VERBS = tuple(verb.value for verb in Verb)
PEERS = {"SearchAudit": frozenset({"portal"})}


class AuditServicer(pb_grpc.AuditServiceServicer):
    """One method per verb; the proto file says what each means."""

    def __init__(self, adapter: ServicerAdapter) -> None:
        self._adapter = adapter

    async def SearchAudit(self, request: pb.SearchAuditRequest, context: Context) -> pb.SearchAuditResponse:
        return page_message(await self._adapter.run(context, search_audit, query_of(request)))


def query_of(request: pb.SearchAuditRequest) -> SearchAudit:
    """The search, its filters checked."""
    starts_at, ends_at = _moment(request, "from"), _moment(request, "to")
    if starts_at and ends_at and starts_at >= ends_at:
        raise FieldMalformed(field="to", expected="a moment after 'from'")
    return SearchAudit(
        starts_at=starts_at,
        ends_at=ends_at,
        actor_id=parse_uuid(request.actor_id, "actor_id") if request.actor_id else None,
        object_id=parse_uuid(request.object_id, "object_id") if request.object_id else None,
        verb=parse_code(request.verb, "verb", VERBS) if request.verb else "",
        size=parse_page_size(request.page_size),
        before=_before(request.cursor) if request.cursor else None,
    )


def page_message(page: AuditPage) -> pb.SearchAuditResponse:
    """A page on the wire."""
    return pb.SearchAuditResponse(
        entries=[_entry_message(entry) for entry in page.entries],
        next_cursor="" if page.next_before is None else _cursor(page.next_before),
        log_size=page.log_size,
        findings=[_finding_message(finding) for finding in page.findings],
    )


def _moment(request: pb.SearchAuditRequest, name: str) -> datetime | None:
    return required_moment(request, name) if request.HasField(name) else None  # type: ignore[arg-type]


def _cursor(index: int) -> str:
    return urlsafe_b64encode(f"index {index}".encode()).rstrip(b"=").decode()


def _before(cursor: str) -> int:
    """The index in a cursor we gave."""
    try:
        index = int(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().removeprefix("index "))
    except ValueError:
        index = -1
    if not 0 <= index < 2**63 or _cursor(index) != cursor:
        raise FieldMalformed(field="cursor", expected="the cursor of the page before")
    return index


def _entry_message(entry: EntryView) -> pb.Entry:
    detail = entry.detail
    return pb.Entry(
        index=entry.index,
        leaf=entry.leaf,
        actor_id=detail["actor_id"] if detail else "",
        organisation_id=detail["organisation_id"] if detail else "",
        object_ids=[str(one) for one in entry.object_ids],
        detail=detail["codes"] if detail else {},
        actor_kind=detail["actor_kind"] if detail else "",
    )


def _finding_message(finding: FindingView) -> pb.Finding:
    return pb.Finding(
        kind=finding.kind,
        producer=finding.producer,
        producer_epoch=str(finding.epoch),
        producer_seq=finding.first_seq,
        last_producer_seq=finding.last_seq,
        found_at=to_timestamp(finding.found_at),
        resolved_at=to_timestamp(finding.resolved_at),
    )
