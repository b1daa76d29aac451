"""From a signal to a case: the coordinator proposes it, the mayor decides on the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.kit.policy import SEATS
from services.portal.backends.calls import Refused
from services.portal.web.request.access import seated, sits_for
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.signal.view import OPEN, age_on, birth_date_of, capital
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import CRITERIA, EVIDENCE, PHENOMENA, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

ARGUMENT = 4_000
BLOCKS = (1, 2, 3)
"""Criteria a proposal can name here: more than three make it weaker, not stronger."""

LISTS = ("criterion", "evidence", "phenomenon")
WAYS = ("list", "refuse")
BEFORE_THE_MAYOR = ("PROPOSED", "REOPENED")
FRAME: Mapping[str, str] = {"If-Match": "form", "state": "form", "criteria": "form", "Idempotency-Key": "form"}
"""Faults that no field of ours can mend: told for the whole form."""


@router.get("/cells/{cell}/signals/{signal}/propose")
async def proposal(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """The form, beside what was told."""
    table, found = await _to_propose(viewer, cell, signal)
    if found.state not in OPEN:
        return viewer.go(_signal_address(table, found))
    form, draft = await viewer.form_with_draft()
    return _proposing(viewer, table, found, form, kept=draft.saved_at if draft else None)


@router.post("/cells/{cell}/signals/{signal}/propose")
async def propose_case(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Make a case of the signal."""
    table, found = await _to_propose(sender, cell, signal)
    form = sender.sent
    blocks = [number for number in BLOCKS if number == 1 or _begun(form, number)]
    asked = _proposal_in(form, found, blocks)
    if not form.errors:
        try:
            receipt = await sender.ask(sender.services.case.ProposeCase, asked, cell, form.key)
        except Refused as refused:
            form.refuse(refused, _names_of(blocks))
        else:
            await sender.drop_draft()
            return sender.go(f"{table.address}/cases/{receipt.id}")
    return _proposing(sender, table, found, form, status=422)


async def _to_propose(viewer: Viewer, cell: UUID, signal: UUID) -> tuple[TableView, pb.Signal]:
    table = await seated(viewer, cell, ("coordinator",))
    found = await viewer.ask(viewer.services.signal.ReadSignal, pb.ReadSignalRequest(signal_id=str(signal)), cell)
    if not sits_for(table, found.nis_code, ("coordinator",)):
        raise NotFound
    return table, found


def _begun(form: Form, number: int) -> bool:
    names = ("criterion", "evidence", "day", "argument", "day-day", "day-month", "day-year")
    return any(form.value(_field(name, number)).strip() for name in names)


def _field(name: str, number: int) -> str:
    """The name of a field of one block; the parts of a day come last, as the form reads them."""
    head, dash, part = name.partition("-")
    return f"{head}-{number}{dash}{part}"


def _proposal_in(form: Form, signal: pb.Signal, blocks: list[int]) -> pb.ProposeCaseRequest:
    missing = _("Write what is best for this child, and how the table keeps to it.") if signal.minor else ""
    return pb.ProposeCaseRequest(
        signal_id=signal.signal_id,
        expected_version=form.version,
        criteria=[_criterion_in(form, number) for number in blocks],
        phenomenon=form.choice("phenomenon", PHENOMENA, missing=_("Choose what it is about, or that it is not clear.")),
        best_interest=form.text("best_interest", longest=ARGUMENT, missing=missing),
    )


def _criterion_in(form: Form, number: int) -> pb.Criterion:
    return pb.Criterion(
        code=form.choice(_field("criterion", number), CRITERIA, missing=_("Choose a criterion.")),
        evidence_kind=form.choice(_field("evidence", number), EVIDENCE, missing=_("Choose what shows it.")),
        evidence_date=form.iso_day(_field("day", number), missing=_("Write of which day this is.")),
        argument=form.text(_field("argument", number), longest=ARGUMENT, missing=_("Write your argument.")),
    )


def _names_of(blocks: list[int]) -> dict[str, str]:
    fields = {"code": "criterion", "evidence_kind": "evidence", "evidence_date": "day", "argument": "argument"}
    places = {
        f"criteria[{place}].{theirs}": _field(ours, number)
        for place, number in enumerate(blocks)
        for theirs, ours in fields.items()
    }
    return {**FRAME, **places, "signal_id": "form"}


def _proposing(
    viewer: Viewer, table: TableView, signal: pb.Signal, form: Form, status: int = 200, **more: Any
) -> Response:
    labels = Labels(viewer.language)
    lists = {name: [(code, capital(word)) for code, word in labels.all(name).items()] for name in LISTS}
    given = {"kept": None, **lists, **more}
    return viewer.page(
        "signal/propose.html", status, table=table, tab="tables", watermark=viewer.mark, signal=signal, form=form,
        draft_form="form", blocks=BLOCKS, begun=[number for number in BLOCKS if _begun(form, number)],
        received_at=from_timestamp(signal.received_at), reporter=table.person(signal.reporter_id), **given,
    )  # fmt: skip


def _signal_address(table: TableView, signal: pb.Signal) -> str:
    return f"{table.address}/signals/{signal.signal_id}"


@router.get("/cells/{cell}/cases/{case}/list")
async def list_decision(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """What is proposed, and the two ways to answer."""
    table, found = await _to_decide(viewer, cell, case)
    if found.frame.state not in BEFORE_THE_MAYOR:
        return viewer.go(_case_address(table, found))
    form, draft = await viewer.form_with_draft()
    return _deciding(viewer, table, found, form, kept=draft.saved_at if draft else None)


@router.post("/cells/{cell}/cases/{case}/list")
async def decide_on_list(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Place it on the list, or refuse it; both with reasons."""
    table, found = await _to_decide(sender, cell, case)
    form = sender.sent
    way = form.choice("way", WAYS, missing=_("Choose what you decide."))
    reasons = form.text("reasons", longest=ARGUMENT, missing=_("Write why you decide so."))
    if not form.errors:
        try:
            await _decide(sender, cell, way, found.frame.case_id, reasons)
        except Refused as refused:
            form.refuse(refused, FRAME)
        else:
            await sender.drop_draft()
            return sender.go(_case_address(table, found))
    return _deciding(sender, table, found, form, status=422)


async def _decide(sender: Sender, cell: UUID, way: str, case_id: str, reasons: str) -> None:
    services, form = sender.services.case, sender.sent
    version = form.version
    if way == "list":
        listed = pb.PlaceOnListRequest(case_id=case_id, expected_version=version, reasons=reasons)
        await sender.ask(services.PlaceOnList, listed, cell, form.key)
    else:
        refused = pb.RefuseCaseRequest(case_id=case_id, expected_version=version, reasons=reasons)
        await sender.ask(services.RefuseCase, refused, cell, form.key)


async def _to_decide(viewer: Viewer, cell: UUID, case: UUID) -> tuple[TableView, pb.Case]:
    asked = pb.ReadCaseRequest(case_id=str(case))
    table = await seated(viewer, cell, SEATS["mayor"])
    found = await viewer.ask(viewer.services.case.ReadCase, asked, cell)
    if not sits_for(table, found.frame.nis_code, SEATS["mayor"]):
        raise NotFound
    return table, found


def _deciding(viewer: Viewer, table: TableView, case: pb.Case, form: Form, status: int = 200, **more: Any) -> Response:
    given = {"kept": None, **more}
    return viewer.page(
        "signal/decide.html", status, table=table, tab="tables", watermark=viewer.mark, case=case, form=form,
        draft_form="form", age=age_on(viewer.today, case.person.birth_date),
        birth_date=birth_date_of(case.person, viewer.language), arguments=_arguments(viewer, case),
        proposed_at=from_timestamp(case.frame.proposed_at), **given,
    )  # fmt: skip


def _arguments(viewer: Viewer, case: pb.Case) -> list[tuple[str, str, str]]:
    """Each criterion, what shows it and of when, and the argument."""
    labels, language = Labels(viewer.language), viewer.language
    return [
        (
            capital(labels.of("criterion", one.code)),
            f"{capital(labels.of('evidence', one.evidence_kind))}, "
            + language.day(date.fromisoformat(one.evidence_date), today=viewer.today),
            one.argument,
        )
        for one in case.criteria
    ]


def _case_address(table: TableView, case: pb.Case) -> str:
    return f"{table.address}/cases/{case.frame.case_id}"
