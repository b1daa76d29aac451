"""From a signal to a case: the coordinator proposes it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.signal.exchange import talk_of
from services.portal.web.signal.matches import Matches, find_matches
from services.portal.web.signal.view import capital
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import CRITERIA, EVIDENCE, PHENOMENA, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

BLOCKS = (0, 1, 2)
"""Criteria a proposal can name here: more than three make it weaker, not stronger."""

LISTS = ("criterion", "evidence", "phenomenon")


@router.get("/cells/{cell}/signals/{signal}/propose")
async def proposal(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """The form, beside what was told."""
    table, found = await _to_propose(viewer, cell, signal)
    if "propose_case" not in found.may:
        return viewer.go(_signal_address(table, found))
    form, matches = await together(viewer.form_with_draft(), find_matches(viewer, table, cell, found))
    return _proposing(viewer, table, found, form, matches)


@router.post("/cells/{cell}/signals/{signal}/propose")
async def propose_case(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Make a case of the signal."""
    table, found = await _to_propose(sender, cell, signal)
    form = sender.sent
    asked = _proposal_in(form, found)
    done = await submit(
        sender, sender.services.case.ProposeCase, asked, cell, lambda receipt: f"{table.address}/cases/{receipt.id}"
    )
    if done:
        return done
    return _proposing(sender, table, found, form, await find_matches(sender, table, cell, found), status=422)


async def _to_propose(viewer: Viewer, cell: UUID, signal: UUID) -> tuple[TableView, pb.Signal]:
    table = await seated(viewer, cell, "propose_case")
    asked = pb.ReadSignalRequest(signal_id=str(signal))
    found = await viewer.ask(viewer.services.signal.ReadSignal, asked, cell)
    if found.open and "propose_case" not in found.may:
        raise NotFound
    return table, found


def _begun(form: Form, number: int) -> bool:
    day = [f"evidence_date{part}" for part in ("", "-day", "-month", "-year")]
    return any(form.value(f"criteria[{number}].{name}").strip() for name in ("code", "evidence_kind", "argument", *day))


def _proposal_in(form: Form, signal: pb.Signal) -> pb.ProposeCaseRequest:
    blocks = [number for number in BLOCKS if number == 0 or _begun(form, number)]
    form.rows("criteria", blocks)
    missing = _("Write what is best for this child, and how the table keeps to it.") if signal.minor else ""
    return pb.ProposeCaseRequest(
        signal_id=signal.signal_id,
        expected_version=form.version,
        criteria=[_criterion_in(form, number) for number in blocks],
        phenomenon=form.choice("phenomenon", PHENOMENA, missing=_("Choose what it is about, or that it is not clear.")),
        unchecked=_unchecked_in(form, signal),
        best_interest=form.text("best_interest", pb.ProposeCaseRequest, missing=missing),
    )


def _unchecked_in(form: Form, signal: pb.Signal) -> str:
    """Why no answer of the police is waited for; asked where there is none."""
    missing = _("Say why you do not wait for an answer of the police.")
    return form.choice("unchecked", signal.unchecked, missing=missing) if signal.unchecked else ""


def _criterion_in(form: Form, number: int) -> pb.Criterion:
    here = f"criteria[{number}]"
    return pb.Criterion(
        code=form.choice(f"{here}.code", CRITERIA, missing=_("Choose a criterion.")),
        evidence_kind=form.choice(f"{here}.evidence_kind", EVIDENCE, missing=_("Choose what shows it.")),
        evidence_date=form.iso_day(f"{here}.evidence_date", missing=_("Write of which day this is.")),
        argument=form.text(f"{here}.argument", pb.ProposeCaseRequest, missing=_("Write your argument.")),
    )


def _proposing(
    viewer: Viewer, table: TableView, signal: pb.Signal, form: Form, matches: Matches, status: int = 200
) -> Response:
    form.faces(signal.version)
    labels = Labels(viewer.language)
    lists = {name: [(code, capital(word)) for code, word in labels.all(name).items()] for name in LISTS}
    return viewer.page(
        "signal/propose.html", status, table=table, tab="tables", watermark=viewer.mark, signal=signal, form=form,
        matches=matches,
        draft_form="form", blocks=BLOCKS, begun=[number for number in BLOCKS if _begun(form, number)],
        unchecked=[(code, capital(labels.of("unchecked", code))) for code in signal.unchecked],
        received_at=from_timestamp(signal.received_at), reporter=table.person(signal.reporter_id),
        talk=talk_of(table, signal), **lists,
    )  # fmt: skip


def _signal_address(table: TableView, signal: pb.Signal) -> str:
    return f"{table.address}/signals/{signal.signal_id}"
