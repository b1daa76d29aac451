"""The page of a case, and saying that there is nothing to share this time."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2
from services.portal.backends.calls import Refused
from services.portal.web.case.view import CaseView
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.request.whole import Whole, whole, whole_case

router = APIRouter(include_in_schema=False)

HIDDEN = (403, 404)


@router.get("/cells/{cell}/cases/{case}")
async def case_page(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """One case with the parts the viewer may read."""
    table, found, sessions = await together(
        viewer.table(cell),
        whole_case(viewer, cell, case),
        _sessions(viewer, cell, case),
    )
    view = CaseView(table, found, sessions.entries, viewer.language, viewer.now)
    return viewer.page(
        "case/case.html", table=table, tab="tables", view=view, case=found, circle=view.circle, form=viewer.form(),
        cut=sessions.cut, nothing=viewer.request.query_params.get("nothing") == "1", watermark=viewer.mark,
    )  # fmt: skip


async def _sessions(
    viewer: Viewer, cell: UUID, case: UUID
) -> Whole[meeting_pb2.ListCaseSessionsResponse, meeting_pb2.CaseSession]:
    """Its sessions; none when the meeting service shows the viewer none, or has not heard of a new case yet."""
    request = meeting_pb2.ListCaseSessionsRequest(case_id=str(case))
    try:
        return await whole(
            viewer, viewer.services.session.ListCaseSessions, request, cell, lambda found: found.sessions
        )
    except Refused as refused:
        if refused.problem.status in HIDDEN and refused.problem.code not in (
            "UndertakingMissing",
            "SecondFactorMissing",
        ):
            return Whole([], meeting_pb2.ListCaseSessionsResponse(), cut=False)
        raise


@router.post("/cells/{cell}/cases/{case}/decline")
async def decline(sender: Posted, cell: UUID, case: UUID) -> Response:
    """The sender has nothing to share until the next session; the page of the case says so, to nobody else."""
    request = case_pb2.DeclineContributionRequest(case_id=str(case))
    try:
        await sender.ask(sender.services.contribution.DeclineContribution, request, cell, sender.sent.key)
        # What was begun and not saved asks for nothing any more.
        await sender.drafts.drop(form=f"/cells/{cell}/cases/{case}/contribution")
    except Refused as refused:
        # The case has moved on meanwhile: its page says where it stands.
        if refused.problem.status != 409:
            raise
    return sender.go(f"/cells/{cell}/cases/{case}")
