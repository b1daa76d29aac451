"""The operations of circle. Made by `make proto` from proto/rondetafel/case/v1."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import case as models
from services.portal.api.operations import IfMatch, Key, change, creation
from services.portal.api.schema import Nothing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["case"])


@router.post(
    "/cells/{cell}/cases/{case}/circle", **creation("invite_to_circle", "Invite somebody to a case", changes=True)
)
async def invite_to_circle(
    cell: UUID, case: UUID, body: models.InviteToCircle, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator invites a person for some parts, until a date."""
    asked = body.message(pb.InviteToCircleRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.circle.InviteToCircle, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/cases/{case}")


@router.post("/cells/{cell}/cases/{case}/circle/{entry}/end", **change("end_invitation", "End an invitation to a case"))
async def end_invitation(
    cell: UUID, case: UUID, entry: UUID, body: models.EndInvitation, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Coordinator, mayor or delegate of the case's town takes a person out of the circle again, whatever the state of
    the case. The person reads nothing of it within a second. The invitation is kept with its end, and what the person
    shared stays. The same person can be invited anew. The receipt is the case's."""
    asked = body.message(
        pb.EndInvitationRequest, case_id=str(case), entry_id=str(entry), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.circle.EndInvitation, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/cases/{case}/conflict",
    **change("declare_conflict", "Declare a conflict of interest", versioned=False),
)
async def declare_conflict(cell: UUID, case: UUID, key: Key, caller: SignedIn, body: Nothing | None = None) -> Response:
    """Somebody in the circle has a conflict of interest: the case and the signal it began with are gone for that person
    from now on, also by a seat, and invitations end. No reason is asked. What the person shared stays. Coordinator,
    mayor and delegate read who and when; whoever is in the circle, who is kept out. The receipt is the case's."""
    asked = pb.DeclareConflictRequest(case_id=str(case))
    receipt = await caller.ask(caller.services.circle.DeclareConflict, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/cases/{case}/kept-out", **change("keep_out", "Keep somebody out of a case"))
async def keep_out(
    cell: UUID, case: UUID, body: models.KeepOut, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The mayor of the case's town, or a dated delegate, decides that somebody at its table has one: to the same
    effect, whether the person is in the circle or not yet."""
    asked = body.message(pb.KeepOutRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.circle.KeepOut, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/cases/{case}/kept-out/{person}/lift", **change("lift_conflict", "Let somebody in again"))
async def lift_conflict(
    cell: UUID, case: UUID, person: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """There is no conflict of interest any more: by their seat the person reads again, else after a new invitation. By
    mayor or delegate of the case's town; what the person declared also by the coordinator."""
    asked = pb.LiftConflictRequest(
        case_id=str(case), person_id=str(person), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.circle.LiftConflict, asked, cell, key)
    return answers.changed(receipt)
