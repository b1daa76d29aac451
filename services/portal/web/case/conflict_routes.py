"""A conflict of interest in a case: declared by oneself, decided by the mayor, lifted again (invariant 21).

Each page that says what happens is the form.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.case.circle_routes import read_circle
from services.portal.web.case.circle_view import CircleView
from services.portal.web.case.conflict_words import what_deciding_does, what_declaring_does, what_lifting_does
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/cases/{case}/conflict")
async def before_declaring(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """What it does to who declares it."""
    return await _own(viewer, cell, case, viewer.form())


@router.post("/cells/{cell}/cases/{case}/conflict")
async def declare(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Declare it; the case is gone with it, so the way leads to the table."""
    asked = pb.DeclareConflictRequest(case_id=str(case))
    method, onward = sender.services.circle.DeclareConflict, f"/cells/{cell}?out=1"
    done = await submit(sender, method, asked, cell, lambda _: onward, drafted=False)
    return done or await _own(sender, cell, case, sender.sent, status=422)


@router.get("/cells/{cell}/cases/{case}/circle/keep-out")
async def before_deciding(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """Whom it may concern, and what it does."""
    return await _deciding(viewer, cell, case, viewer.form())


@router.post("/cells/{cell}/cases/{case}/circle/keep-out")
async def keep_out(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Keep somebody out; of oneself it leads to the table."""
    form = sender.sent
    table, found = await read_circle(sender, cell, case)
    person = form.value("person_id")
    if person not in dict(_people(sender, table, found)):
        form.fail("person_id", _("Choose somebody of this table."))
    asked = pb.KeepOutRequest(case_id=str(case), expected_version=form.version, person_id=person)
    onward = f"/cells/{cell}?out=1" if person == table.me else f"{_circle(table, found)}?out=1"
    done = await submit(sender, sender.services.circle.KeepOut, asked, cell, lambda _: onward, drafted=False)
    return done or await _deciding(sender, cell, case, form, status=422)


@router.get("/cells/{cell}/cases/{case}/circle/kept-out/{person}")
async def before_lifting(viewer: SignedIn, cell: UUID, case: UUID, person: UUID) -> Response:
    """Who said it and when, and what lifting it does."""
    return await _lifting(viewer, cell, case, person, viewer.form())


@router.post("/cells/{cell}/cases/{case}/circle/kept-out/{person}")
async def lift(sender: Posted, cell: UUID, case: UUID, person: UUID) -> Response:
    """Let the person in again."""
    form = sender.sent
    asked = pb.LiftConflictRequest(case_id=str(case), expected_version=form.version, person_id=str(person))
    onward = f"/cells/{cell}/cases/{case}/circle?lifted=1"
    done = await submit(sender, sender.services.circle.LiftConflict, asked, cell, lambda _: onward, drafted=False)
    return done or await _lifting(sender, cell, case, person, form, status=422)


async def _own(viewer: Viewer, cell: UUID, case: UUID, form: Form, status: int = 200) -> Response:
    table, found = await read_circle(viewer, cell, case)
    if "declare_conflict" not in found.may:
        raise NotFound
    say = viewer.language.text
    return _page(
        viewer, table, found, form, status, title=say(_("Do you have a conflict of interest in this case?")),
        lead=say(_("You know the person concerned privately, say, or have an interest of your own in the decision.")),
        said=what_declaring_does(viewer.language), button_text=say(_("Yes, I keep out of this case")),
        leave=say(_("No, leave it as it is")),
    )  # fmt: skip


async def _deciding(viewer: Viewer, cell: UUID, case: UUID, form: Form, status: int = 200) -> Response:
    table, found = await read_circle(viewer, cell, case)
    if "keep_out" not in found.may:
        raise NotFound
    say = viewer.language.text
    return _page(
        viewer, table, found, form, status, title=say(_("Who has a conflict of interest in this case?")), lead="",
        said=what_deciding_does(viewer.language), people=_people(viewer, table, found),
        button_text=say(_("Keep this person out of the case")), leave=say(_("Leave it as it is")),
    )  # fmt: skip


async def _lifting(viewer: Viewer, cell: UUID, case: UUID, person: UUID, form: Form, status: int = 200) -> Response:
    table, found = await read_circle(viewer, cell, case)
    entry = next((out for out in found.kept_out if out.person_id == str(person)), None)
    if entry is None or not entry.may_lift:
        raise NotFound
    say, name = viewer.language.text, table.person(str(person)).name_within
    return _page(
        viewer, table, found, form, status, title=say(_("Do you let %(name)s in again?"), name=name),
        lead=CircleView(table, found, viewer.language, viewer.today).out_of(entry),
        said=what_lifting_does(name, viewer.language), button_text=say(_("Let this person in again")),
        leave=say(_("Leave it as it is")),
    )  # fmt: skip


def _page(
    viewer: Viewer, table: TableView, case: pb.Case, form: Form, status: int, *, people: object = (), **said: object
) -> Response:
    form.faces(case.frame.version)
    return viewer.page(
        "case/conflict.html", status, table=table, tab="tables", case=case, form=form, people=people,
        address=_circle(table, case), watermark=viewer.mark, **said,
    )  # fmt: skip


def _people(viewer: Viewer, table: TableView, case: pb.Case) -> list[tuple[str, str]]:
    """Who sits at the table of this town and is not kept out: those in the circle first."""
    circle = CircleView(table, case, viewer.language, viewer.today)
    inside, out = circle.people(), {entry.person_id for entry in case.kept_out}
    found = [person for person in table.seated_for(case.frame.nis_code) if person.person_id not in out]
    found.sort(key=lambda person: (person.person_id not in inside, person.in_order))
    return [(person.person_id, circle.named(person)) for person in found]


def _circle(table: TableView, case: pb.Case) -> str:
    return f"{table.address}/cases/{case.frame.case_id}/circle"
