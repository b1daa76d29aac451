"""The circle of a case: who sits at the table and until when."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.case.circle_view import CircleView
from services.portal.web.case.ending_words import ended
from services.portal.web.request.together import together
from services.portal.web.request.viewer import SignedIn, Viewer
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

DONE = {
    "invited": _("The invitation is in force. The person finds this case among what waits."),
    "out": _("The person keeps out of this case from now on."),
    "lifted": _("The person is not kept out any more."),
    "ended": _("The invitation has ended. The person reads nothing of this case any more."),
}


@router.get("/cells/{cell}/cases/{case}/circle")
async def circle_page(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """Who is in; for who may with the way to invite somebody, and to end an invitation."""
    query = viewer.request.query_params
    table, found = await read_circle(viewer, cell, case)
    circle = CircleView(table, found, viewer.language, viewer.today)
    coordinators = table.coordinators(found.frame.nis_code)
    return viewer.page(
        "case/circle.html", table=table, tab="tables", case=found, circle=circle, invites=may_invite(found),
        address=f"{table.address}/cases/{found.frame.case_id}", coordinators=coordinators,
        done=viewer.language.text(next((said for name, said in DONE.items() if query.get(name) == "1"), "")),
        ends=may_end(found), watermark=viewer.mark, may=found.may,
        ended=[ended(table, entry, viewer.language, viewer.today) for entry in reversed(found.ended_invitations)],
    )  # fmt: skip


async def read_circle(viewer: Viewer, cell: UUID, case: UUID) -> tuple[TableView, pb.Case]:
    """The table and the case, for who is in its circle. Raises NotFound."""
    table, found = await together(
        viewer.table(cell),
        viewer.ask(viewer.services.case.ReadCase, pb.ReadCaseRequest(case_id=str(case)), cell),
    )
    if not found.circle:
        # Who sees the frame by role alone does not learn who is in the circle.
        raise NotFound
    return table, found


def may_invite(case: pb.Case) -> bool:
    """Whether the reader may invite somebody now."""
    return "invite_to_circle" in case.may


def may_end(case: pb.Case) -> bool:
    """Whether the reader may end an invitation now."""
    return "end_invitation" in case.may
