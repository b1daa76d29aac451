"""Every mandate of a cell, for its mayor and coordinator: what the host proposes, who gave what, and ending it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import grpc
from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound, UndertakingMissing
from services.kit.principal import PLATFORM
from services.portal.web.cell.invited import guest_of
from services.portal.web.cell.mandate_acts import ACTS
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.request.whole import PAGE, whole
from services.portal.web.ui.cell_labels import END_REASONS
from services.portal.web.ui.forms import WHOLE, Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
WARNED = timedelta(days=60)
"""So long before its end a clearance is spoken of, as the directory notes it in the log."""
DONE = {
    "confirmed": _("The invitation goes out. The mandate is given when the person comes with its code."),
    "declined": _("The host's proposal is turned down. The person is forgotten here."),
    "ended": _("The mandate has ended. It opens nothing any more."),
    "invited": _("The letter goes out in a moment. Who comes with its code gets the mandate."),
    "listed": _("The letters go out in the next minutes. Who comes with the code of theirs gets the mandate."),
    "resent": _("A new letter goes out in a moment. The code before works no more."),
    "withdrawn": _("The invitation is taken back. Its code works no more, and the person is forgotten here."),
    "absent": _("The absence is noted."),
    "back": _("The absence has ended."),
    "deputy": _("The deputy is named."),
    "extend": _("The mandate lasts longer now."),
    "shorten": _("The mandate has an earlier last day now."),
    "change": _("The mandate is changed."),
    "suspend": _("The mandate is suspended. It opens nothing until it is resumed."),
    "resume": _("The mandate counts again."),
    "suspend-organisation": _("All these people are suspended. Their mandates open nothing until they are resumed."),
    "resume-organisation": _("These people's mandates count again."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One mandate as the page tells it; `how` says in words by whom and when it was given."""

    mandate_id: str
    version: int
    name: str
    role: str
    organisation: str
    towns: tuple[str, ...]
    until: date
    how: str
    opens_at: datetime | None
    may_end: bool
    acts: Sequence[tuple[str, str]]
    suspended: str
    clearance: str
    deputy: str
    absences: Sequence[tuple[str, int, str]]


@router.get("/cells/{cell}/mandates")
async def mandates_page(viewer: SignedIn, cell: UUID) -> Response:
    """What waits for a yes, who has a mandate, and who had one."""
    return await _shown(viewer, await asked_table(viewer, cell), viewer.form())


@router.post("/cells/{cell}/mandates/proposals/{proposal}/confirm")
async def confirm(sender: Posted, cell: UUID, proposal: UUID) -> Response:
    """Say yes to what the host proposes."""
    asked = pb.ConfirmProposalRequest(proposal_id=str(proposal), expected_version=sender.sent.version)
    return await act(sender, cell, sender.services.proposal.ConfirmProposal, asked, "confirmed")


@router.post("/cells/{cell}/mandates/proposals/{proposal}/decline")
async def decline(sender: Posted, cell: UUID, proposal: UUID) -> Response:
    """Say no to it."""
    asked = pb.DeclineProposalRequest(proposal_id=str(proposal), expected_version=sender.sent.version)
    return await act(sender, cell, sender.services.proposal.DeclineProposal, asked, "declined")


@router.post("/cells/{cell}/mandates/{mandate}/end")
async def end(sender: Posted, cell: UUID, mandate: UUID) -> Response:
    """A mandate ends now."""
    reason = sender.sent.value("reason")
    if reason not in END_REASONS:
        sender.sent.fail(WHOLE, _("Choose why the mandate ends."))
    asked = pb.EndMandateRequest(mandate_id=str(mandate), expected_version=sender.sent.version, reason=reason)
    return await act(sender, cell, sender.services.mandate.EndMandate, asked, "ended")


@router.post("/cells/{cell}/mandates/absences/{absence}/end")
async def back(sender: Posted, cell: UUID, absence: UUID) -> Response:
    """Somebody is back, or does not go."""
    asked = pb.EndAbsenceRequest(absence_id=str(absence), expected_version=sender.sent.version)
    return await act(sender, cell, sender.services.mandate.EndAbsence, asked, "back")


async def act(
    sender: Sender, cell: UUID, method: grpc.aio.UnaryUnaryMultiCallable[Asked, Answer], asked: Asked, done: str
) -> Response:
    """What the forms of the page do, which says it then; `done` names the sentence."""
    onward = await submit(
        sender, method, asked, cell, lambda _: f"/cells/{cell}/mandates?done={done}", drafted=False
    )  # fmt: skip
    if onward is None:
        return await _shown(sender, await asked_table(sender, cell), sender.sent, 422)
    if done == "ended":
        # Whoever ended the own mandate has no table any more to go back to.
        found = await sender.ask(sender.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM)
        if str(cell) not in {mine.cell_id for mine in found.cells}:
            return sender.go("/")
    return onward


async def asked_table(viewer: Viewer, cell: UUID) -> TableView:
    """The table, for who gives mandates there. Raises UndertakingMissing, NotFound."""
    table = await viewer.table(cell)
    if not table.found.cell.undertaking_accepted:
        raise UndertakingMissing
    if not table.may("list_proposals"):
        raise NotFound
    return table


async def _shown(viewer: Viewer, table: TableView, form: Form, status: int = 200) -> Response:
    query, services = viewer.request.query_params, viewer.services
    shown = query if viewer.request.method == "GET" else {}
    after, time = shown.get("after", ""), "past" if shown.get("over") else "current"
    wanted = pb.ListMandatesRequest(page_size=PAGE, cursor=after, time=time)
    found, proposals, invited = await together(
        viewer.ask(services.mandate.ListMandates, wanted, table.cell_id),
        viewer.ask(services.proposal.ListProposals, pb.ListProposalsRequest(page_size=PAGE), table.cell_id),
        whole(
            viewer,
            services.invitation.ListInvitations,
            pb.ListInvitationsRequest(time="current"),
            table.cell_id,
            _invitations,
        ),
    )
    people = table.people_with(found.mandates)
    lines = [_line(viewer, table, mandate, people[mandate.person_id].name) for mandate in found.mandates]
    return viewer.page(
        "cell/mandates.html", status, table=table, tab="tables", form=form, proposals=proposals.proposals,
        proposed=[_proposed(viewer, table, proposal) for proposal in proposals.proposals],
        cut=invited.cut, guests=[guest_of(invitation, table, viewer.language) for invitation in invited.entries],
        lines=lines, over=time == "past", older=found.next_cursor, newest=not after,
        done=viewer.language.text(DONE.get(query.get("done", ""), "")),
        reasons=list(Labels(viewer.language).all("end_reason").items()),
    )  # fmt: skip


def _invitations(found: pb.ListInvitationsResponse) -> Iterable[pb.Invitation]:
    return found.invitations


def _proposed(viewer: Viewer, table: TableView, proposal: pb.Proposal) -> list[tuple[str, str]]:
    """What the host proposes, as facts."""
    say, day = viewer.language.text, viewer.language.day
    first, last = (date.fromisoformat(text) for text in (getattr(proposal, "from"), proposal.to))
    return [
        (say(_("As")), _capital(Labels(viewer.language).of("role", proposal.role))),
        (say(_("For")), f"{proposal.organisation_name}: {_towns(table, proposal.nis_codes)}"),
        (say(_("E-mail")), proposal.email),
        (say(_("From")), day(first, weekday=False)),
        (say(_("Until")), day(last, weekday=False)),
        (say(_("Proposed on")), day(from_timestamp(proposal.proposed_at), weekday=False)),
    ]  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _towns(table: TableView, nis_codes: Sequence[str]) -> str:
    return ", ".join(table.town_names(nis_codes))


def _line(viewer: Viewer, table: TableView, mandate: pb.MandateView, name: str) -> Line:
    labels, last = Labels(viewer.language), date.fromisoformat(mandate.to)
    how = labels.of("given_by", mandate.given_by or "EARLIER")
    if mandate.HasField("given_at"):
        how += f", {viewer.language.day(from_timestamp(mandate.given_at), weekday=False)}"
    opens_at = from_timestamp(mandate.opens_at) if mandate.HasField("opens_at") else None
    return Line(
        mandate.mandate_id, mandate.version, name, labels.of("role", mandate.role),
        mandate.organisation_name, tuple(table.town_names(mandate.nis_codes)), last, how,
        opens_at if opens_at and opens_at > viewer.now else None, "end_mandate" in mandate.may,
        _acts(viewer, table, mandate, name), _suspended(viewer, mandate), _clearance(viewer, mandate),
        _deputy(viewer, table, mandate), _absences(viewer, mandate),
    )  # fmt: skip


def _deputy(viewer: Viewer, table: TableView, mandate: pb.MandateView) -> str:
    """For whom it counts, and whether it does now."""
    if not mandate.deputy_of:
        return ""
    holder = next((held for held in table.found.mandates if held.mandate_id == mandate.deputy_of), None)
    name = table.person(holder.person_id if holder else "").name
    now = _("Deputy of %(name)s: not their turn now.") if mandate.ended else _("Deputy of %(name)s: stands in now.")
    return viewer.language.text(now, name=name)


def _absences(viewer: Viewer, mandate: pb.MandateView) -> list[tuple[str, int, str]]:
    """Which, in which version, and how they read."""
    day = viewer.language.day
    found = []
    for absence in mandate.absences:
        first, last = (
            day(date.fromisoformat(iso), weekday=False) for iso in (absence.first_day, absence.last_day)
        )  # fmt: skip
        said = viewer.language.text(_("Absent from %(first)s until %(last)s."), first=first, last=last)
        found.append((absence.absence_id, absence.version, said))
    return found


def _clearance(viewer: Viewer, mandate: pb.MandateView) -> str:
    """When it ends before the mandate does, and it is time to say so."""
    if not mandate.clearance_until or mandate.clearance_until >= mandate.to:
        return ""
    last_day = date.fromisoformat(mandate.clearance_until)
    if last_day - viewer.today > WARNED:
        return ""
    day = viewer.language.day(last_day, weekday=False)
    over = last_day < viewer.today
    said = (
        _("The clearance of this seat ended on %(day)s.") if over else _("The clearance of this seat ends on %(day)s.")
    )
    return viewer.language.text(said, day=day)


def _acts(viewer: Viewer, table: TableView, mandate: pb.MandateView, name: str) -> list[tuple[str, str]]:
    """What may be changed of it: where, and what that is called."""
    called = {"name": name, "organisation": mandate.organisation_name}
    return [
        (f"{table.address}/mandates/{mandate.mandate_id}/{below}", viewer.language.text(act.title, **called))
        for below, act in ACTS.items() if act.verb in mandate.may and _has_fields(table, mandate, below)
    ]  # fmt: skip


def _has_fields(table: TableView, mandate: pb.MandateView, below: str) -> bool:
    """A mandate for the one town there is, and without a clearance, has nothing to be changed."""
    return below != "change" or len(table.towns) > 1 or mandate.takes_clearance


def _suspended(viewer: Viewer, mandate: pb.MandateView) -> str:
    if not mandate.HasField("suspended_since"):
        return ""
    day = viewer.language.day(from_timestamp(mandate.suspended_since), weekday=False)
    return viewer.language.text(_("Suspended since %(day)s."), day=day)
