"""The steps of sharing a contribution. Nothing leaves the author's hands before the last page is sent."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.backends.calls import Refused
from services.portal.web.contribution.left_out import keep_left_out
from services.portal.web.contribution.routes import find_mine, keep_answers, take_answers
from services.portal.web.contribution.share_view import ANSWER, STEPS, Sharing, read_step
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _

router = APIRouter(include_in_schema=False)

ORDER = list(STEPS)
LAST = ORDER[-1]
SHORTENED = _("Your text was shortened to what you ticked. Nothing is shared.")
ANSWERED = _("You answered in another place meanwhile. Nothing is shared: read once more what is shared now.")
NOT_SHARED = _("Nothing is shared. Your draft is as it was.")


@router.get("/cells/{cell}/cases/{case}/contribution/{contribution}/{step}")
async def sharing_step(viewer: SignedIn, cell: UUID, case: UUID, contribution: UUID, step: str) -> Response:
    """One question, with the answer given before; no step is skipped."""
    sharing = await _to_share(viewer, cell, case, contribution, step)
    await take_answers(viewer, sharing)
    if not sharing.is_draft or sharing.obstacle:
        return viewer.go(sharing.address)
    if ORDER.index(step) > ORDER.index(sharing.open_step):
        return viewer.go(f"{sharing.address}/{sharing.open_step}")
    form = await viewer.form_with_draft()
    if form.kept:
        sharing.take(form, step)
    form.fields |= {name: list(values) for name, values in sharing.answers.items()}
    return _asking(viewer, sharing, step, form)


@router.post("/cells/{cell}/cases/{case}/contribution/{contribution}/{step}")
async def answer_step(sender: Posted, cell: UUID, case: UUID, contribution: UUID, step: str) -> Response:
    """Keep the answer and go on; at the last step, share."""
    sharing = await _to_share(sender, cell, case, contribution, step)
    await take_answers(sender, sharing)
    if not sharing.is_draft or sharing.obstacle:
        return sender.go(sharing.address)
    if step == LAST:
        return await _share(sender, cell, sharing)
    form = sender.sent
    if form.value("answers") != str(sharing.answered or "-"):
        sharing.compare(form, step)
    read_step(form, step, sharing)
    drafts = None if form.errors else await sender.drafts.ended_by(form)
    if drafts is None:
        return _asking(sender, sharing, step, form, status=422)
    await keep_answers(sender, sharing)
    await sender.drafts.drop(drafts)
    onward = LAST if _from_last(sender) and sharing.open_step == LAST else ORDER[ORDER.index(step) + 1]
    return sender.go(f"{sharing.address}/{onward}")


def _from_last(viewer: Viewer) -> bool:
    """Whether an answer is changed from the last step, to which it leads back."""
    return viewer.request.query_params.get("from") == LAST


async def _to_share(viewer: Viewer, cell: UUID, case: UUID, contribution: UUID, step: str) -> Sharing:
    if step not in STEPS:
        raise NotFound
    return await find_mine(viewer, cell, case, contribution)


async def _share(sender: Sender, cell: UUID, sharing: Sharing) -> Response:
    if sharing.open_step != LAST:
        return sender.go(f"{sharing.address}/{sharing.open_step}")
    form = sender.sent
    if form.value("answers") != str(sharing.answered or "-"):
        return _asking(sender, sharing, LAST, form, status=422, told=ANSWERED)
    done: list[str] = []
    left_out = await keep_left_out(sender, sharing)
    try:
        await _shorten_weigh_share(sender, cell, sharing, done)
    except Refused as refused:
        form.refuse(refused)
        if left_out and not done:
            await sender.drafts.drop([left_out])
        return await _not_shared(sender, cell, sharing, form, SHORTENED if done else NOT_SHARED)
    for address in (sharing.address, *(f"{sharing.address}/{step}" for step in ORDER)):
        await sender.drafts.drop(form=address)
    return sender.go(sharing.address)


async def _shorten_weigh_share(sender: Sender, cell: UUID, sharing: Sharing, done: list[str]) -> None:
    """Three acts from one form, each under a key of its own that a repeat has too: sent twice, it happens once.

    The text is always written, changed or not, so that a repeat asks the very same.
    """
    services, form, mine = sender.services.contribution, sender.sent, sharing.contribution
    revised = await sender.ask(
        services.ReviseContribution,
        pb.ReviseContributionRequest(
            contribution_id=mine.contribution_id, expected_version=form.version, text=sharing.text,
            life_domain=mine.life_domain, language=mine.language,
        ),
        cell, f"{form.key}-revise",
    )  # fmt: skip
    if sharing.left_out:
        done.append("revise")
    assessed = await sender.ask(
        services.AssessContribution,
        pb.AssessContributionRequest(
            contribution_id=mine.contribution_id, expected_version=revised.version,
            need=sharing.answer("need").strip(), less_is_enough=sharing.answer("less_is_enough"),
            proportionality=sharing.answer("proportionality").strip(),
            person_informed=sharing.answer("person_informed"), legal_basis=sharing.basis.code if sharing.basis else "",
        ),
        cell, f"{form.key}-assess",
    )  # fmt: skip
    await sender.ask(
        services.ShareContribution,
        pb.ShareContributionRequest(contribution_id=mine.contribution_id, expected_version=assessed.version),
        cell, f"{form.key}-share",
    )  # fmt: skip


async def _not_shared(sender: Sender, cell: UUID, sharing: Sharing, form: Form, told: str) -> Response:
    """The last page again as things are now: what was done, what was not, and a form for a new attempt."""
    case, mine = UUID(sharing.case.frame.case_id), UUID(sharing.contribution.contribution_id)
    now = await find_mine(sender, cell, case, mine)
    now.answers, now.answered = sharing.answers, sharing.answered
    form.fields.pop("key", None)
    return _asking(sender, now, LAST, form, status=422, told=told)


def _asking(viewer: Viewer, sharing: Sharing, step: str, form: Form, status: int = 200, told: str = "") -> Response:
    form.faces(sharing.contribution.version)
    labels = Labels(viewer.language)
    at = ORDER.index(step)
    before = LAST if _from_last(viewer) else ORDER[at - 1] if at else ""
    return viewer.page(
        f"contribution/{step}.html", status, sharing=sharing, case=sharing.case, form=form, told=told,
        now=at + 1, all=len(ORDER), back=f"{sharing.address}/{before}" if before else sharing.address,
        informed=list(labels.all("informed").items()), longest=ANSWER, watermark=viewer.mark,
        table=sharing.table, tab="tables", draft_form="" if step == LAST else "form",
    )  # fmt: skip
