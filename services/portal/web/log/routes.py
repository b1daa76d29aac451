"""The log of a cell, for its data protection officer and for oversight. The search is an entry of it too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.case.v1 import case_pb2
from services.kit.channel import MAX_DEADLINE_SECONDS
from services.kit.clock import day_ends_at, day_starts_at
from services.kit.errors import NotFound
from services.kit.field_rules import limit_of
from services.kit.fields import to_timestamp
from services.portal.backends.calls import Refused
from services.portal.web.log.acts import ACTS
from services.portal.web.request.together import each_of, together
from services.portal.web.request.viewer import SignedIn, Viewer
from services.portal.web.request.whole import PAGE
from services.portal.web.ui.forms import Form, uuid_or_none
from services.portal.web.ui.labels import VERBS, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

KINDS = {
    "system": _("the platform itself"),
    "host": _("the host"),
    "person": _("somebody who does not sit at this table"),
}
UNKNOWN = _("somebody whose name is no longer known here")


OPENED = "read_table"
"""What every page of a cell asks first; beside another act it says nothing more."""

NAMED = 3
"""Cases that a line names; of a list of fifty the first ones say enough, and the filter finds who saw a certain one."""
LONGEST_CODE = limit_of(case_pb2.ListCasesRequest, "code")
LONGEST_REQUEST = timedelta(seconds=MAX_DEADLINE_SECONDS)
"""Entries of one trace that lie further apart are not of one request, whatever the trace says."""

OPENED_CASE = "read_case"
"""A choice beside the kinds of acts: openings of a case, apart from the glances of a start page or a list."""

ORDER = {action: place for place, action in enumerate(ACTS)}


@dataclass(frozen=True, slots=True)
class Act:
    """What was done, and whether it was allowed."""

    what: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one person did by one request, such as opening a page: when, who, which acts, about which cases."""

    at: datetime
    who: str
    acts: list[Act]
    about: list[str]
    """Codes of cases; `more`: a list of them was looked at."""
    more: bool


@router.get("/cells/{cell}/log")
async def log(cell: UUID, viewer: SignedIn) -> Response:
    """A page of the log by who, what, which case and when; for DPO and oversight, for others there is none."""
    form = Form(viewer.language, {name: [value] for name, value in viewer.request.query_params.items()})
    asked = _search(form)
    table, about = await together(viewer.table(cell), _meant(viewer, cell, form))
    if not table.may("search_audit"):
        raise NotFound
    asked.object_id = about
    page = await _entries(viewer, cell, form, asked)
    codes = await _codes(viewer, cell, page.entries) if table.may("list_cases") else {}
    return viewer.page(
        "log/log.html", status=422 if form.errors else 200, table=table, tab="log", form=form,
        people=_people(table), verbs=_verbs(viewer),
        lines=_lines(page.entries, table, codes, viewer), size=page.log_size,
        findings=_findings(page, viewer), unexplained=page.findings_open, more=_more(form, page.next_cursor),
    )  # fmt: skip


def _search(form: Form) -> pb.SearchAuditRequest:
    """The filters; a name that is not one of ours is no filter."""
    first, last = form.day("from"), form.day("to")
    if first and last and last < first:
        form.fail("to", _("The last day comes before the first. Choose a later one."))
    actor, verb = uuid_or_none(form.value("who")), form.value("verb")
    asked = pb.SearchAuditRequest(
        actor_id=str(actor or ""), verb=verb if verb in VERBS else "", page_size=50, cursor=form.value("cursor"),
        action=OPENED_CASE if verb == OPENED_CASE else "",
        to=to_timestamp(day_ends_at(last)) if last else None,
    )  # fmt: skip
    if first:
        # `from` is a word of Python.
        getattr(asked, "from").CopyFrom(to_timestamp(day_starts_at(first)))
    return asked


def _verbs(viewer: Viewer) -> list[tuple[str, str]]:
    """The kinds of acts, and first what is asked most: who opened a case."""
    return [(OPENED_CASE, viewer.language.text(ACTS[OPENED_CASE])), *Labels(viewer.language).all("verb").items()]


async def _entries(viewer: Viewer, cell: UUID, form: Form, asked: pb.SearchAuditRequest) -> pb.SearchAuditResponse:
    """What was found; nothing is searched for by filters with a fault."""
    if form.errors:
        return pb.SearchAuditResponse()
    return await viewer.ask(viewer.services.audit.SearchAudit, asked, cell)


async def _meant(viewer: Viewer, cell: UUID, form: Form) -> str:
    """The case whose code was typed, by its id; empty when none was, or none is called so, which the field says."""
    code = form.text("case", LONGEST_CODE)
    if not code or form.error("case"):
        return ""
    found = await _cases(viewer, cell, case_pb2.ListCasesRequest(code=code))
    if not found:
        form.fail("case", _("No case of this table has that code."))
    return next(iter(found), "")


async def _codes(viewer: Viewer, cell: UUID, entries: Sequence[pb.Entry]) -> dict[str, str]:
    """The codes of the cases that these entries name first, by id."""
    wanted = list(dict.fromkeys(name for entry in entries for name in entry.object_ids[:NAMED]))
    found = await each_of(
        _cases(viewer, cell, case_pb2.ListCasesRequest(case_ids=wanted[at : at + PAGE], page_size=PAGE))
        for at in range(0, len(wanted), PAGE)
    )
    return {case_id: code for codes in found for case_id, code in codes.items()}


async def _cases(viewer: Viewer, cell: UUID, asked: case_pb2.ListCasesRequest) -> dict[str, str]:
    """Codes by id of those that were asked for; none for who sees no frames, such as oversight."""
    try:
        found = await viewer.ask(viewer.services.case.ListCases, asked, cell)
    except Refused as refused:
        if refused.problem.code != "RoleMissing":
            raise
        return {}
    return {case.case_id: case.code for case in found.cases}


def _lines(entries: Sequence[pb.Entry], table: TableView, codes: Mapping[str, str], viewer: Viewer) -> list[Line]:
    """Entries of the same person and request as one line, in the place of the newest."""
    lines: list[list[tuple[dict[str, Any], pb.Entry]]] = []
    newest: dict[tuple[str, str], list[tuple[dict[str, Any], pb.Entry]]] = {}
    for entry in entries:
        leaf = json.loads(entry.leaf)
        name = leaf["actor"], leaf["trace_id"] or leaf["id"]
        if name not in newest or _at(newest[name][0][0]) - _at(leaf) > LONGEST_REQUEST:
            newest[name] = []
            lines.append(newest[name])
        newest[name].append((leaf, entry))
    return [_line(many, _who([entry for _, entry in many], table, viewer), codes, viewer) for many in lines]


def _at(leaf: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(leaf["at"].replace("Z", "+00:00")).astimezone(UTC)


def _line(entries: list[tuple[dict[str, Any], pb.Entry]], who: str, codes: Mapping[str, str], viewer: Viewer) -> Line:
    told = [leaf for leaf, _ in entries if leaf["action"] != OPENED or leaf["outcome"] != "allow"]
    # Asked of several services at once, they have no order of their own: content comes before what stands round it.
    told.sort(key=lambda leaf: ORDER.get(leaf["action"], 0))
    acts = [
        Act(viewer.language.text(ACTS.get(leaf["action"], leaf["action"])), leaf["outcome"])
        for leaf in told or [entries[0][0]]
    ]
    known = [[codes[name] for name in entry.object_ids if name in codes] for _, entry in entries]
    about = list(dict.fromkeys(code for of_entry in known for code in of_entry))
    more = any(of_entry and len(entry.object_ids) > NAMED for of_entry, (_, entry) in zip(known, entries, strict=True))
    return Line(_at(entries[0][0]), who, list(dict.fromkeys(acts)), about[:NAMED], more or len(about) > NAMED)


def _who(entries: Sequence[pb.Entry], table: TableView, viewer: Viewer) -> str:
    """Who did it; of a deputy also for whom, where the log says so."""
    entry = entries[0]
    if entry.actor_id not in table.people:
        return viewer.language.text(KINDS.get(entry.actor_kind, UNKNOWN))
    name = table.people[entry.actor_id].name
    holder = next(filter(None, (table.people.get(acted.detail.get("acts_for", "")) for acted in entries)), None)
    return viewer.language.text(_("%(deputy)s (for %(holder)s)"), deputy=name, holder=holder.name) if holder else name


def _people(table: TableView) -> list[tuple[str, str]]:
    """Everybody who sits or sat here, in the order of their names."""
    return [
        (person.person_id, f"{person.name_within}, {person.organisation}") for person in table.in_order(table.people)
    ]


def _findings(page: pb.SearchAuditResponse, viewer: Viewer) -> list[tuple[str, str, str, str]]:
    """What the log cannot explain, still open: what, where, which numbers, since when."""
    words = Labels(viewer.language)
    return [
        (
            words.of("finding", finding.kind), finding.producer,
            f"{finding.producer_seq}-{finding.last_producer_seq}",
            viewer.language.moment(from_timestamp(finding.found_at), today=viewer.today),
        )
        for finding in page.findings
        if not finding.HasField("resolved_at")
    ]  # fmt: skip


def _more(form: Form, cursor: str) -> str:
    """The query of the next page: the same filters; empty on the last."""
    kept = {name: values[0] for name, values in form.fields.items() if name != "cursor" and values[0]}
    return urlencode(kept | {"cursor": cursor}) if cursor else ""
