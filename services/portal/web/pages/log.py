"""The log of a cell, for its data protection officer and for oversight. The search is an entry of it too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.case.v1 import case_pb2
from services.kit.clock import day_ends_at, day_starts_at
from services.kit.errors import NotFound
from services.kit.fields import stamp_of
from services.portal.api.calls import Refused
from services.portal.web.acts import ACTS
from services.portal.web.door import SignedIn, Viewer, together
from services.portal.web.forms import Form, uuid_or_none
from services.portal.web.labels import VERBS, Labels
from services.portal.web.language import message as _
from services.portal.web.table import TableView

router = APIRouter(include_in_schema=False)

KINDS = {
    "system": _("the platform itself"),
    "host": _("the host"),
    "person": _("somebody who does not sit at this table"),
}
UNKNOWN = _("somebody whose name is no longer known here")


@dataclass(frozen=True, slots=True)
class Line:
    """One act: when, who, what, about which cases, and whether it was allowed."""

    at: datetime
    who: str
    what: str
    about: list[str]
    outcome: str


@router.get("/cells/{cell}/log")
async def log(cell: UUID, viewer: SignedIn) -> Response:
    """A page of the log by who, what, which case and when; for DPO and oversight, for others there is none."""
    form = Form(viewer.language, {name: [value] for name, value in viewer.request.query_params.items()})
    asked = _search(form)
    wanted = [viewer.table(cell), _codes(viewer, cell)]
    if not form.errors:
        wanted.append(viewer.ask(viewer.services.audit.SearchAudit, asked, cell))
    table, codes, *found = await together(*wanted)
    if not table.has_role("dpo", "oversight"):
        raise NotFound
    page = found[0] if found else pb.SearchAuditResponse()
    return viewer.page(
        "log/log.html", status=422 if form.errors else 200, table=table, tab="log", form=form,
        people=_people(table), verbs=list(Labels(viewer.language).all("verb").items()), cases=list(codes.items()),
        lines=[_line(entry, table, codes, viewer) for entry in page.entries], size=page.log_size,
        findings=_findings(page, viewer), more=_more(form, page.next_cursor),
    )  # fmt: skip


def _search(form: Form) -> pb.SearchAuditRequest:
    """The filters; a name that is not one of ours is no filter."""
    first, last = form.day("from"), form.day("to")
    if first and last and last < first:
        form.fail("to", _("The last day comes before the first. Choose a later one."))
    actor, about = uuid_or_none(form.value("who")), uuid_or_none(form.value("case"))
    verb = form.value("verb")
    asked = pb.SearchAuditRequest(
        actor_id=str(actor or ""), object_id=str(about or ""), verb=verb if verb in VERBS else "", page_size=50,
        cursor=form.value("cursor"), to=stamp_of(day_ends_at(last)) if last else None,
    )  # fmt: skip
    if first:
        # `from` is a word of Python.
        getattr(asked, "from").CopyFrom(stamp_of(day_starts_at(first)))
    return asked


async def _codes(viewer: Viewer, cell: UUID) -> dict[str, str]:
    """The codes of the newest cases by id, for a DPO; oversight sees no frames."""
    try:
        listed = await viewer.ask(viewer.services.case.ListCases, case_pb2.ListCasesRequest(page_size=50), cell)
    except Refused as refused:
        if refused.problem.code != "RoleMissing":
            raise
        return {}
    return {one.case_id: one.code for one in listed.cases}


def _line(entry: pb.Entry, table: TableView, codes: Mapping[str, str], viewer: Viewer) -> Line:
    leaf: dict[str, Any] = json.loads(entry.leaf)
    at = datetime.fromisoformat(leaf["at"].replace("Z", "+00:00")).astimezone(UTC)
    what = viewer.language.text(ACTS.get(leaf["action"], leaf["action"]))
    about = [codes[one] for one in entry.object_ids if one in codes]
    return Line(at, _who(entry, table, viewer), what, about, leaf["outcome"])


def _who(entry: pb.Entry, table: TableView, viewer: Viewer) -> str:
    if entry.actor_id in table.people:
        return table.people[entry.actor_id].name
    return viewer.language.text(KINDS.get(entry.actor_kind, UNKNOWN))


def _people(table: TableView) -> list[tuple[str, str]]:
    """Everybody who sits or sat here, by name."""
    everybody = sorted(table.people.values(), key=lambda one: one.name)
    return [(one.person_id, f"{one.name}, {one.organisation}") for one in everybody]


def _findings(page: pb.SearchAuditResponse, viewer: Viewer) -> list[tuple[str, str, str, str]]:
    """What the log cannot explain, still open: what, where, which numbers, since when."""
    words = Labels(viewer.language)
    return [
        (
            words.of("finding", one.kind), one.producer, f"{one.producer_seq}-{one.last_producer_seq}",
            viewer.language.moment(one.found_at.ToDatetime(tzinfo=UTC), today=viewer.today),
        )
        for one in page.findings
        if not one.HasField("resolved_at")
    ]  # fmt: skip


def _more(form: Form, cursor: str) -> str:
    """The query of the next page: the same filters; empty on the last."""
    kept = {name: values[0] for name, values in form.fields.items() if name != "cursor" and values[0]}
    return urlencode(kept | {"cursor": cursor}) if cursor else ""
