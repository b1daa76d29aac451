"""The log, searched."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Literal

from rondetafel.audit.v1 import audit_pb2 as pb
from services.audit.queries.search_audit import AuditPage, EntryView, FindingView, SearchAudit, search_audit
from services.kit.fields import FieldMalformed, required_moment
from services.kit.methods import Served, query
from services.kit.reading import reader
from services.kit.shapes import Differences
from services.kit.writing import writer


def until(request: pb.SearchAuditRequest) -> datetime | None:
    """The end of the time searched, after its beginning."""
    starts_at, ends_at = _moment(request, "from"), _moment(request, "to")
    if starts_at and ends_at and starts_at >= ends_at:
        raise FieldMalformed(field="to", expected="a moment after 'from'")
    return ends_at


def before(request: pb.SearchAuditRequest) -> int | None:
    """The index in a cursor we gave."""
    if not request.cursor:
        return None
    try:
        index = int(
            urlsafe_b64decode(request.cursor + "=" * (-len(request.cursor) % 4)).decode().removeprefix("index ")
        )
    except ValueError:
        index = -1
    if not 0 <= index < 2**63 or cursor_of(index) != request.cursor:
        raise FieldMalformed(field="cursor", expected="the cursor of the page before")
    return index


def cursor_of(index: int) -> str:
    """The reverse."""
    return urlsafe_b64encode(f"index {index}".encode()).rstrip(b"=").decode()


def _moment(request: pb.SearchAuditRequest, name: Literal["from", "to"]) -> datetime | None:
    return required_moment(request, name) if request.HasField(name) else None


SEARCH = Differences(
    names={"starts_at": "from", "ends_at": "to", "size": "page_size", "before": "cursor"},
    by_hand={"ends_at": until, "before": before},
)
FINDING = writer(
    pb.Finding,
    FindingView,
    Differences(names={"producer_epoch": "epoch", "producer_seq": "first_seq", "last_producer_seq": "last_seq"}),
)


def entry_message(entry: EntryView) -> pb.Entry:
    """An entry; who and what only while the keys of its detail exist."""
    detail = entry.detail
    return pb.Entry(
        index=entry.index,
        leaf=entry.leaf,
        actor_id=detail["actor_id"] if detail else "",
        organisation_id=detail["organisation_id"] if detail else "",
        object_ids=[str(object_id) for object_id in entry.object_ids],
        detail=detail["codes"] if detail else {},
        actor_kind=detail["actor_kind"] if detail else "",
    )


def page_message(page: AuditPage) -> pb.SearchAuditResponse:
    """A page on the wire."""
    return pb.SearchAuditResponse(
        entries=[entry_message(entry) for entry in page.entries],
        next_cursor="" if page.next_before is None else cursor_of(page.next_before),
        log_size=page.log_size,
        findings_open=page.findings_open,
        findings=[FINDING(finding) for finding in page.findings],
    )


query_of = reader(SearchAudit, pb.SearchAuditRequest, SEARCH)
SERVED = Served(
    pb.DESCRIPTOR.services_by_name["AuditService"],
    query(search_audit, SearchAudit, pb.SearchAuditResponse, reading=SEARCH, write=page_message),
)
