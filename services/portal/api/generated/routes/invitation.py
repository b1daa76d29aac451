"""The operations of invitation. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, asking, change, listing
from services.portal.api.schema import Nothing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post(
    "/cells/{cell}/invitations/{invitation}/accept",
    **change("accept_invitation", "Come with the code of an invitation", versioned=False),
)
async def accept_invitation(
    cell: UUID, invitation: UUID, body: models.AcceptInvitation, key: Key, caller: SignedIn
) -> Response:
    """Whoever is signed in with a second factor and has the code: the mandate is given now, to this person and nobody
    else; the receipt is the mandate's, which bears the invitation's id. A code that is wrong, used or over, an
    invitation that was withdrawn or is none, and another cell are all told alike (InvitationRefused); a wrong code is
    counted, and after five the code is blocked."""
    asked = body.message(pb.AcceptInvitationRequest, invitation_id=str(invitation))
    receipt = await caller.ask(caller.services.invitation.AcceptInvitation, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/host-cells/{host_cell}/founding",
    **change("found_seat", "Invite the first mayor or coordinator of a cell", versioned=False),
)
async def found_seat(host_cell: UUID, body: models.FoundSeat, key: Key, caller: SignedIn) -> Response:
    """The host invites the first coordinator or the first mayor of a cell that has no mayor yet; the receipt is the
    invitation's, and the same whether the person was known or not. Who comes is announced, and content opens 72 hours
    later. In a cell that has its mayor nothing is given and nothing proposed (CellFounded). Addressed to the platform
    tenant; done in the cell, with a record in both logs."""
    asked = body.message(pb.FoundSeatRequest, host_cell_id=str(host_cell))
    receipt = await caller.ask(caller.services.invitation.FoundSeat, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post(
    "/host-cells/{host_cell}/founding/{invitation}/resend",
    **change("resend_founding", "Send the invitation of a first mayor or coordinator again"),
)
async def resend_founding(
    host_cell: UUID, invitation: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The host has such an invitation sent again: a new letter with a new code and 14 new days. Not when who was
    invited could not come any more (CellFounded). Addressed to the platform tenant."""
    asked = pb.ResendFoundingRequest(
        host_cell_id=str(host_cell), invitation_id=str(invitation), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.invitation.ResendFounding, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post(
    "/host-cells/{host_cell}/founding/{invitation}/withdraw",
    **change("withdraw_founding", "Take back the invitation of a first mayor or coordinator"),
)
async def withdraw_founding(
    host_cell: UUID, invitation: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The host takes such an invitation back: its code counts no more, who was invited is forgotten. Addressed to the
    platform tenant."""
    asked = pb.WithdrawFoundingRequest(
        host_cell_id=str(host_cell), invitation_id=str(invitation), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.invitation.WithdrawFounding, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/invitations/{invitation}/resend",
    **change("resend_invitation", "Send an invitation again, with a new code"),
)
async def resend_invitation(
    cell: UUID, invitation: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """Who gives such mandates, and the host for what it founds: a new letter with a new code and 14 new days; the code
    before counts no more. The sign-in service writes anew as well to who has not set up how to sign in."""
    asked = pb.ResendInvitationRequest(invitation_id=str(invitation), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.invitation.ResendInvitation, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/invitations/{invitation}/withdraw", **change("withdraw_invitation", "Take back an invitation")
)
async def withdraw_invitation(
    cell: UUID, invitation: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The same people take it back: the code counts no more, and who was invited is forgotten."""
    asked = pb.WithdrawInvitationRequest(invitation_id=str(invitation), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.invitation.WithdrawInvitation, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/invitations/check", **asking("check_seats", "What a list of seats would come to", models.SeatCheck)
)
async def check_seats(cell: UUID, body: models.CheckSeats, caller: SignedIn) -> Response:
    """What a list of seats in a spreadsheet would come to: every row, and every fault in it, each with its code by line
    and column. Nobody is invited by it."""
    asked = body.message(pb.CheckSeatsRequest)
    found = await caller.ask(caller.services.invitation.CheckSeats, asked, cell)
    return answers.one(models.SeatCheck.model_validate(found))


@router.post(
    "/cells/{cell}/invitations/import", **change("import_seats", "Invite everybody on a list of seats", versioned=False)
)
async def import_seats(cell: UUID, body: models.ImportSeats, key: Key, caller: SignedIn) -> Response:
    """Who gives mandates invites everybody on a list of seats, at most 300, or nobody: with a fault anywhere nothing is
    done (SeatsFaulty, with the first faults by line and column). What is so already is left as it is, so that the same
    list can be sent again. The version of the receipt is how many were invited. The file is a CSV with a heading:
    e-mail, given name, family name, KBO number, role, first day, last day, legal basis; and where they are needed NIS
    codes, end of the clearance, language. Their names in Dutch, French, German and English are known."""
    asked = body.message(pb.ImportSeatsRequest)
    receipt = await caller.ask(caller.services.invitation.ImportSeats, asked, cell, key)
    return answers.changed(receipt)


@router.get(
    "/cells/{cell}/invitations", **listing("list_invitations", "Who is invited to this cell", models.Invitations)
)
async def list_invitations(
    cell: UUID, page: Annotated[models.ListInvitationsPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """Those that wait for who is invited, newest first; the host gets them without names and addresses."""
    asked = page.message(pb.ListInvitationsRequest)
    found = await caller.ask(caller.services.invitation.ListInvitations, asked, cell)
    return answers.page(models.Invitations.model_validate(found), found.next_cursor, request)
