"""What a table needs before it takes cases: a list that ticks itself, what can be said of the cell, and the opening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import grpc
from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Said:
    """Something said of a cell on a page of its own: by which verb, as it was read, and what stands there now."""

    verb: str
    line: str
    read: Callable[[Form], Any]
    present: Callable[[pb.SetUp], dict[str, list[str]]]
    method: Callable[[Viewer], grpc.aio.UnaryUnaryMultiCallable[Any, Any]]


def _dpia(form: Form) -> pb.SetDpiaRequest:
    asked = pb.SetDpiaRequest
    return asked(
        expected_version=form.version,
        reference=form.text("reference", asked, missing=_("Write where it is found, such as its number.")),
        on=form.iso_day("on", missing=_("Write of which day it is.")),
    )


def _dpia_now(found: pb.SetUp) -> dict[str, list[str]]:
    day = date.fromisoformat(found.dpia_on) if found.dpia_on else None
    parts = {f"on-{part}": [str(getattr(day, part))] for part in ("day", "month", "year")} if day else {}
    return {"reference": [found.dpia_reference]} | parts


def _danger(form: Form) -> pb.SetDangerContactRequest:
    asked, missing = pb.SetDangerContactRequest, _("Write whom to reach, and how.")
    return asked(expected_version=form.version, danger_contact=form.text("danger_contact", asked, missing=missing))


def _contact(form: Form) -> pb.ChangeContactRequest:
    asked, missing = pb.ChangeContactRequest, _("Write an e-mail address of the municipality.")
    return asked(expected_version=form.version, contact=form.text("contact", asked, missing=missing))


def _colour(form: Form) -> pb.ChangeBrandColourRequest:
    return pb.ChangeBrandColourRequest(brand_colour=form.text("brand_colour", 7))


SAID = {
    "dpia": Said("set_dpia", "dpia", _dpia, _dpia_now, lambda viewer: viewer.services.cell.SetDpia),
    "danger": Said(
        "set_danger_contact", "danger_contact", _danger, lambda found: {"danger_contact": [found.danger_contact]},
        lambda viewer: viewer.services.cell.SetDangerContact,
    ),
    "contact": Said(
        "change_contact", "contact", _contact, lambda found: {"contact": [found.contact]},
        lambda viewer: viewer.services.cell.ChangeContact,
    ),
    "colour": Said(
        "change_brand_colour", "colour", _colour, lambda found: {"brand_colour": [found.brand_colour]},
        lambda viewer: viewer.services.cell.ChangeBrandColour,
    ),
}  # fmt: skip
"""By the last word of its address."""


@dataclass(frozen=True, slots=True)
class Task:
    """A line as the page tells it: `href` is where the reader does it, empty when it is for somebody else."""

    text: str
    href: str
    status: str
    hint: str
    done: bool
    optional: bool


@router.get("/cells/{cell}/set-up")
async def set_up(viewer: SignedIn, cell: UUID) -> Response:
    """Each line, done or not."""
    return _shown(viewer, *await _read(viewer, cell), viewer.form())


@router.post("/cells/{cell}/set-up")
async def open_table(sender: Posted, cell: UUID) -> Response:
    """Open the table; the page that says what will happen is the form."""
    ask, asked = sender.services.cell.OpenTable, pb.OpenTableRequest()
    done = await submit(sender, ask, asked, cell, lambda _: f"/cells/{cell}/set-up?done=opened", drafted=False)
    return done or _shown(sender, *await _read(sender, cell), sender.sent, 422)


@router.get("/cells/{cell}/set-up/{what}")
async def saying(viewer: SignedIn, cell: UUID, what: str) -> Response:
    """The form of one of them, with what is said now."""
    table, found, said = await _to_say(viewer, cell, what)
    return _asked(viewer, table, found, said, await viewer.form_with_draft())


@router.post("/cells/{cell}/set-up/{what}")
async def say(sender: Posted, cell: UUID, what: str) -> Response:
    """Say it."""
    table, found, said = await _to_say(sender, cell, what)
    asked = said.read(sender.sent)
    done = await submit(sender, said.method(sender), asked, cell, lambda _: f"{table.address}/set-up?done=said")
    return done or _asked(sender, table, found, said, sender.sent, 422)


async def _read(viewer: Viewer, cell: UUID) -> tuple[TableView, pb.SetUp]:
    return await together(
        seated(viewer, cell, "read_set_up"),
        viewer.ask(viewer.services.cell.ReadSetUp, pb.ReadSetUpRequest(), cell),
    )


async def _to_say(viewer: Viewer, cell: UUID, what: str) -> tuple[TableView, pb.SetUp, Said]:
    """Raises NotFound for what is not said there, and for who may not say it."""
    table, found = await _read(viewer, cell)
    said = SAID.get(what)
    if said is None or said.verb not in found.may:
        raise NotFound
    return table, found, said


def _asked(
    viewer: Viewer, table: TableView, found: pb.SetUp, said: Said, form: Form, status: int = 200
) -> Response:  # fmt: skip
    present = said.present(found)
    form.faces(found.version, present)
    if viewer.request.method == "GET" and not form.typed:
        form.fields |= present
    title = Labels(viewer.language).of("set_up_line", said.line)
    return viewer.page(
        "cell/set_up_said.html", status, table=table, tab="tables", form=form, draft_form="form", title=title,
        line=said.line,
    )  # fmt: skip


DONE = {
    "opened": _("The table is open. From now on cases can be proposed."),
    "said": _("It is kept. The list shows it."),
}


def _shown(viewer: Viewer, table: TableView, found: pb.SetUp, form: Form, status: int = 200) -> Response:
    needed = [line for line in found.lines if not line.optional]
    done = DONE.get(viewer.request.query_params.get("done", ""), "")
    return viewer.page(
        "cell/set_up.html", status, table=table, tab="tables", form=form, found=found,
        tasks=[_task(viewer, table, found, line) for line in found.lines],
        all=len(needed), have=sum(line.done for line in needed), open=found.state != "SETTING_UP",
        may_open="open_table" in found.may, done=viewer.language.text(done),
        opened_at=from_timestamp(found.opened_at) if found.HasField("opened_at") else None,
    )  # fmt: skip


def _task(viewer: Viewer, table: TableView, found: pb.SetUp, line: pb.SetUpLine) -> Task:
    """How it stands, and by whom it is done."""
    labels, tell = Labels(viewer.language), viewer.language.text
    if line.done and line.HasField("since"):
        status = tell(_("in order since %(day)s"), day=viewer.language.day(from_timestamp(line.since), weekday=False))
    elif line.done:
        status = tell(_("in order"))
    else:
        status = tell(_("may wait")) if line.optional else tell(_("still missing"))
    hints = _seats(viewer, table, line)
    if not line.done:
        roles = ", ".join(labels.of("role", role) for role in line.roles)
        hints.append(tell(_("By: %(roles)s."), roles=roles))
    return Task(
        labels.of("set_up_line", line.code), _where(table, found, line.code), status, " ".join(hints), line.done,
        line.optional,
    )  # fmt: skip


def _seats(viewer: Viewer, table: TableView, line: pb.SetUpLine) -> list[str]:
    """How far a seat is that nobody holds: somebody is invited, came without secrecy, nobody."""
    labels, tell = Labels(viewer.language), viewer.language.text
    far: dict[str, list[str]] = {}
    for seat in line.seats:
        far.setdefault(seat.standing, []).append(seat.nis_code)
    told = [(labels.of("seat_standing", standing), towns) for standing, towns in far.items()]
    if len(table.towns) == 1:
        return [sentence for sentence, _towns in told]
    if line.missing_nis_codes and not told:
        told = [("", list(line.missing_nis_codes))]
    hints = []
    for sentence, towns in told:
        missing = tell(_("Missing in %(towns)s."), towns=", ".join(table.town_names(towns)))
        hints.append(f"{missing} {sentence}".strip())
    return hints


def _where(table: TableView, found: pb.SetUp, code: str) -> str:
    """The page on which the reader can do it: of mandates for a seat; empty when that is for somebody else."""
    for what, said in SAID.items():
        if said.line == code:
            return f"{table.address}/set-up/{what}" if said.verb in found.may else ""
    page = "rules" if code == "rules" else "mandates"
    return f"{table.address}/{page}" if table.may("list_proposals") else ""
