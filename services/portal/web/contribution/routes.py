"""My contribution to a case: written for myself alone, changed, and read again once it is shared."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.kit.field_rules import limit_of
from services.portal.commands.save_draft import SaveDraft
from services.portal.model import LANGUAGES, DraftRef, Fields
from services.portal.web.case.circle_view import CircleView
from services.portal.web.contribution.left_out import left_out_of
from services.portal.web.contribution.share_view import STEPS, Sharing
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.request.whole import case_to_its_end
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import LIFE_DOMAINS, Labels
from services.portal.web.ui.language import NAMES
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/cases/{case}/contribution")
async def new_contribution(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """The form; who has a draft goes on with that."""
    table, found = await _to_write(viewer, cell, case)
    mine = [draft for draft in found.contributions if draft.author_id == table.me and draft.stage == "draft"]
    if mine:
        return viewer.go(f"{viewer.request.url.path}/{mine[-1].contribution_id}")
    return _writing(viewer, table, found, await viewer.form_with_draft())


@router.post("/cells/{cell}/cases/{case}/contribution")
async def write_contribution(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Keep a draft that the sender alone reads."""
    table, found = await _to_write(sender, cell, case)
    form = sender.sent
    asked = pb.WriteContributionRequest(case_id=found.frame.case_id, **_written(form))
    done = await submit(
        sender, sender.services.contribution.WriteContribution, asked, cell,
        lambda receipt: f"{sender.request.url.path}/{receipt.id}",
    )  # fmt: skip
    return done or _writing(sender, table, found, form, status=422)


@router.get("/cells/{cell}/cases/{case}/contribution/{contribution}")
async def my_contribution(viewer: SignedIn, cell: UUID, case: UUID, contribution: UUID) -> Response:
    """A draft and what sharing it takes; or what was shared, and who can read it."""
    sharing = await find_mine(viewer, cell, case, contribution)
    await take_answers(viewer, sharing)
    return viewer.page(
        "contribution/mine.html", table=sharing.table, tab="tables", sharing=sharing, case=sharing.case,
        steps=list(STEPS), left_out=await left_out_of(viewer, sharing), watermark=viewer.mark,
    )  # fmt: skip


@router.get("/cells/{cell}/cases/{case}/contribution/{contribution}/text")
async def contribution_text(viewer: SignedIn, cell: UUID, case: UUID, contribution: UUID) -> Response:
    """The form, with the present text or what was typed since."""
    sharing = await find_mine(viewer, cell, case, contribution)
    if not sharing.may("revise_contribution"):
        return viewer.go(sharing.address)
    form = await viewer.form_with_draft()
    if form.kept is None:
        form.fields |= _present(sharing)
    return _writing(viewer, sharing.table, sharing.case, form, sharing=sharing)


@router.post("/cells/{cell}/cases/{case}/contribution/{contribution}/text")
async def revise_contribution(sender: Posted, cell: UUID, case: UUID, contribution: UUID) -> Response:
    """Write the draft anew."""
    sharing = await find_mine(sender, cell, case, contribution)
    form = sender.sent
    written = _written(form)
    asked = pb.ReviseContributionRequest(contribution_id=str(contribution), expected_version=form.version, **written)
    revise = sender.services.contribution.ReviseContribution
    done = await submit(sender, revise, asked, cell, lambda _: sharing.address)
    if done:
        await _tick_again(sender, sharing)
    return done or _writing(sender, sharing.table, sharing.case, form, status=422, sharing=sharing)


@router.post("/cells/{cell}/cases/{case}/contribution/{contribution}/left-out")
async def throw_away(sender: Posted, cell: UUID, case: UUID, contribution: UUID) -> Response:
    """What was left out is not wanted any more."""
    sharing = await find_mine(sender, cell, case, contribution)
    ref = DraftRef.of(sender.sent.value("ref"))
    if ref:
        await sender.drafts.drop([ref])
    return sender.go(sharing.address)


async def find_mine(viewer: Viewer, cell: UUID, case: UUID, contribution: UUID) -> Sharing:
    """A contribution of the viewer's own. Raises NotFound for anybody else's, as for an unknown one."""
    table, found = await _read(viewer, cell, case)
    for written in found.contributions:
        if written.contribution_id == str(contribution) and written.author_id == table.me:
            return Sharing(table, found, written, viewer.language, viewer.today)
    raise NotFound


async def take_answers(viewer: Viewer, sharing: Sharing) -> None:
    """The answers that the viewer gave so far to the questions of sharing."""
    drafts = await viewer.drafts.find(sharing.address) if sharing.is_draft else ()
    if drafts:
        sharing.answers, sharing.answered = drafts[0].fields, drafts[0].ref


async def keep_answers(sender: Sender, sharing: Sharing) -> None:
    """The same in place of those that were read."""
    contribution = UUID(sharing.contribution.contribution_id)
    draft = SaveDraft(sharing.address, contribution, sharing.answers, sharing.answered)
    await sender.drafts.save(draft)


async def _tick_again(sender: Sender, sharing: Sharing) -> None:
    """Another text: which of its sentences are shared is asked anew, the other answers stay."""
    await take_answers(sender, sharing)
    kept = {name: values for name, values in sharing.answers.items() if name != "less_is_enough"}
    if kept != sharing.answers:
        sharing.answers = kept
        await keep_answers(sender, sharing)


async def _read(viewer: Viewer, cell: UUID, case: UUID) -> tuple[TableView, pb.Case]:
    return await together(viewer.table(cell), case_to_its_end(viewer, cell, case))


async def _to_write(viewer: Viewer, cell: UUID, case: UUID) -> tuple[TableView, pb.Case]:
    table, found = await _read(viewer, cell, case)
    if "write_contribution" not in found.may:
        raise NotFound
    return table, found


def _present(sharing: Sharing) -> Fields:
    mine = sharing.contribution
    return {"text": [mine.text], "life_domain": [mine.life_domain], "language": [mine.language]}


def _written(form: Form) -> dict[str, str]:
    return {
        "text": form.text("text", pb.WriteContributionRequest, missing=_("Write what you saw or heard.")),
        "life_domain": form.choice("life_domain", LIFE_DOMAINS, missing=_("Choose what it is about.")),
        "language": form.choice("language", LANGUAGES, missing=_("Choose the language you write in.")),
    }


def _writing(
    viewer: Viewer, table: TableView, case: pb.Case, form: Form, *, status: int = 200, sharing: Sharing | None = None
) -> Response:
    if sharing:
        form.faces(sharing.contribution.version, _present(sharing))
    circle = CircleView(table, case, viewer.language, viewer.today)
    mine = [code for guest in circle.guests if guest.mine for code in guest.entry.life_domains]
    return viewer.page(
        "contribution/write.html", status, table=table, tab="tables", case=case, form=form, draft_form="form",
        address=f"{table.address}/cases/{case.frame.case_id}", circle=circle, watermark=viewer.mark,
        domains=list(Labels(viewer.language).all("life_domain").items()), domain=mine[0] if mine else "",
        languages=list(NAMES.items()), longest=limit_of(pb.WriteContributionRequest, "text"),
        police=case.police, sharing=sharing,
    )  # fmt: skip
