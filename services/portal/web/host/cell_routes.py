"""One cell as the host sees it, in codes and counts; suspending it, and taking back one that nobody ever had."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from services.portal.web.host.founding_words import guests_of
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.cell_labels import CELL_SUSPENSION_REASONS
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.towns import cell_name, town_name, towns_in_order

router = APIRouter(include_in_schema=False)

COMES_OF_IT = _(
    "Within a second nobody of this table acts or reads any more; oversight reads its log. Nothing is lost,"
    " and terms go on. Its coordinator and mayor are written to."
)
DONE = {
    "suspended": _("The cell is suspended. Its coordinator and mayor are written to."),
    "invited": _(
        "The letter goes out in a moment. Who comes with its code gets the seat; content opens 72 hours later."
    ),
    "resent": _("A new letter goes out in a moment. The code before works no more."),
    "withdrawn": _("The invitation is taken back. Its code works no more, and the person is forgotten."),
    "resumed": _("The cell is resumed. Everything is as before, less what ended meanwhile."),
}


@router.get("/host/cells/{cell}")
async def one_cell(viewer: SignedIn, cell: UUID) -> Response:
    """What it is, how far it is, and taking it back while nobody had it."""
    return await shown(viewer, cell, viewer.form())


@router.post("/host/cells/{cell}")
async def withdraw_cell(sender: Posted, cell: UUID) -> Response:
    """Take it back; the page that says what will happen is the form."""
    ask, asked = sender.services.cell.WithdrawCell, pb.WithdrawCellRequest(host_cell_id=str(cell))
    done = await submit(sender, ask, asked, PLATFORM, lambda _: "/host?back=1", drafted=False)
    return done or await shown(sender, cell, sender.sent, 422)


@router.get("/host/cells/{cell}/suspend")
async def suspending(viewer: SignedIn, cell: UUID) -> Response:
    """Why, and what comes of it."""
    found = await found_with(viewer, cell, "suspend_cell")
    form = await viewer.form_with_draft()
    again = between_again(viewer, form, 0, lambda: _suspended(viewer, found, form)[1])
    return again or _to_suspend(viewer, found, form)


@router.post("/host/cells/{cell}/suspend")
async def suspend_cell(sender: Posted, cell: UUID) -> Response:
    """Suspend it, when it was read once more."""
    found, form = await found_with(sender, cell, "suspend_cell"), sender.sent
    if changes(form):
        return _to_suspend(sender, found, form)
    asked, between = _suspended(sender, found, form)
    ask, onward = sender.services.cell.SuspendCell, f"/host/cells/{cell}?done=suspended"
    done = await checked(sender, ask, asked, PLATFORM, lambda _: onward, between=between)
    return done or _to_suspend(sender, found, form, 422)


@router.get("/host/cells/{cell}/resume")
async def resuming(viewer: SignedIn, cell: UUID) -> Response:
    """What it is, with the button."""
    return _to_resume(viewer, await found_with(viewer, cell, "resume_cell"), viewer.form())


@router.post("/host/cells/{cell}/resume")
async def resume_cell(sender: Posted, cell: UUID) -> Response:
    """Resume it."""
    asked = pb.ResumeCellRequest(host_cell_id=str(cell))
    ask, onward = sender.services.cell.ResumeCell, f"/host/cells/{cell}?done=resumed"
    done = await submit(sender, ask, asked, PLATFORM, lambda _: onward, drafted=False)
    return done or await shown(sender, cell, sender.sent, 422)


async def read_one(viewer: Viewer, cell: UUID) -> pb.HostCell:
    """The cell from outside."""
    viewer.host = True
    asked = pb.ReadCellRequest(host_cell_id=str(cell))
    return await viewer.ask(viewer.services.cell.ReadCell, asked, PLATFORM)


async def found_with(viewer: Viewer, cell: UUID, verb: str) -> pb.HostCell:
    """One with which that may be done. Raises NotFound."""
    found = await read_one(viewer, cell)
    if verb not in found.may:
        raise NotFound
    return found


def _suspended(
    viewer: Viewer, found: pb.HostCell, form: Form
) -> tuple[pb.SuspendCellRequest, Callable[[], Response]]:  # fmt: skip
    say = viewer.language.text
    reason = form.choice("reason", tuple(CELL_SUSPENSION_REASONS), missing=_("Choose why."))
    asked = pb.SuspendCellRequest(host_cell_id=found.cell_id, reason=reason)
    said = [Answer(say(_("Cell")), cell_name(found, viewer.language))]
    if reason:
        said.append(Answer(say(_("Why")), say(CELL_SUSPENSION_REASONS[reason]), "reason"))
    said.append(Answer(say(_("What comes of it")), say(COMES_OF_IT)))
    answers = Answers(say(_("Do you suspend this cell now?")), said, say(_("Suspend the cell")), _back(viewer, found))
    return asked, lambda: answers_page(viewer, form, answers, tab="host")


def _to_suspend(viewer: Viewer, found: pb.HostCell, form: Form, status: int = 200) -> Response:
    reasons = [(code, viewer.language.text(said)) for code, said in CELL_SUSPENSION_REASONS.items()]
    return viewer.page(
        "host/suspend.html", status, tab="host", form=form, draft_form="form", reasons=reasons,
        name=cell_name(found, viewer.language), back=_back(viewer, found), hint=viewer.language.text(COMES_OF_IT),
    )  # fmt: skip


def _to_resume(viewer: Viewer, found: pb.HostCell, form: Form) -> Response:
    say = viewer.language.text
    reason = say(CELL_SUSPENSION_REASONS[found.suspension_reason])
    said = [
        Answer(say(_("Cell")), cell_name(found, viewer.language)),
        Answer(say(_("Suspended since")), viewer.language.moment(from_timestamp(found.suspended_at))),
        Answer(say(_("Why")), reason),
    ]
    answers = Answers(say(_("Do you resume this cell now?")), said, say(_("Resume the cell")), _back(viewer, found))
    return answers_page(viewer, form, answers, kept=False, tab="host")


def _back(viewer: Viewer, found: pb.HostCell) -> tuple[str, str]:
    return f"/host/cells/{found.cell_id}", viewer.language.text(_("Back to the cell"))


async def shown(viewer: Viewer, cell: UUID, form: Form, status: int = 200) -> Response:
    """The page of one cell."""
    found = await read_one(viewer, cell)
    labels, done = Labels(viewer.language), DONE.get(viewer.request.query_params.get("done", ""), "")
    return viewer.page(
        "host/cell.html", status, tab="host", form=form, name=cell_name(found, viewer.language),
        facts=_facts(viewer, found), missing=[labels.of("set_up_line", code) for code in found.missing],
        may_withdraw="withdraw_cell" in found.may, may_suspend="suspend_cell" in found.may,
        may_resume="resume_cell" in found.may, here=f"/host/cells/{cell}", done=viewer.language.text(done),
        suspended=found.HasField("suspended_at"), guests=guests_of(found, viewer.language),
        may_found="found_seat" in found.may,
    )  # fmt: skip


def _facts(viewer: Viewer, found: pb.HostCell) -> list[tuple[str, str]]:
    language, say = viewer.language, viewer.language.text
    towns = ", ".join(town_name(town, language) for town in towns_in_order(found.towns, language))
    facts = [
        (say(_("Municipalities")), towns),
        (say(_("State")), Labels(language).of("cell_state", found.state)),
        (say(_("Made on")), language.day(from_timestamp(found.created_at), weekday=False)),
        (say(_("Contact of the municipality")), found.contact or say(_("none yet"))),
        (say(_("People with a mandate")), language.number(found.people)),
    ]
    if found.HasField("opened_at"):
        facts.insert(3, (say(_("Open since")), language.day(from_timestamp(found.opened_at), weekday=False)))
    if found.HasField("suspended_at"):
        facts.insert(2, (say(_("Suspended since")), language.moment(from_timestamp(found.suspended_at))))
        facts.insert(3, (say(_("Why")), say(CELL_SUSPENSION_REASONS[found.suspension_reason])))
    return facts
