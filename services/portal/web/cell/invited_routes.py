"""Who was invited to a cell: sent again, taken back, and those that are over."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.cell.invited import guest_of
from services.portal.web.cell.mandate_routes import act, asked_table
from services.portal.web.request.viewer import Posted, SignedIn
from services.portal.web.request.whole import PAGE

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/mandates/invitations")
async def past_invitations(viewer: SignedIn, cell: UUID) -> Response:
    """Those that are over, the newest first."""
    table = await asked_table(viewer, cell)
    after = viewer.request.query_params.get("after", "")
    asked = pb.ListInvitationsRequest(page_size=PAGE, cursor=after, time="past")
    found = await viewer.ask(viewer.services.invitation.ListInvitations, asked, cell)
    return viewer.page(
        "cell/invitations.html", table=table, tab="tables", older=found.next_cursor, newest=not after,
        guests=[guest_of(invitation, table, viewer.language) for invitation in found.invitations],
    )  # fmt: skip


@router.post("/cells/{cell}/mandates/invitations/{invitation}/resend")
async def resend_invitation(sender: Posted, cell: UUID, invitation: UUID) -> Response:
    """A new letter with a new code."""
    asked = pb.ResendInvitationRequest(invitation_id=str(invitation), expected_version=sender.sent.version)
    return await act(sender, cell, sender.services.invitation.ResendInvitation, asked, "resent")


@router.post("/cells/{cell}/mandates/invitations/{invitation}/withdraw")
async def withdraw_invitation(sender: Posted, cell: UUID, invitation: UUID) -> Response:
    """Nobody comes by it any more."""
    asked = pb.WithdrawInvitationRequest(invitation_id=str(invitation), expected_version=sender.sent.version)
    return await act(sender, cell, sender.services.invitation.WithdrawInvitation, asked, "withdrawn")
