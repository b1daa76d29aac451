"""Where the letter of an invitation leads: what it is, the way in, and the code by which somebody comes."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.backends.calls import Refused
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Anyone, Posted, Visitor
from services.portal.web.ui.forms import WHOLE, Form
from services.portal.web.ui.language import message as _

router = APIRouter(include_in_schema=False)

WAITS = "STANDBY"
DEPUTY_REFUSED = frozenset(
    {
        "DeputyKindWrong", "DeputyOfDeputy", "DeputyOfOneself", "DeputyOverlaps", "DeputyRoleWrong", "DeputyTownWrong",
        "HolderNotFound",
    }
)  # fmt: skip


@router.get("/invitation/{cell}/{invitation}")
async def invitation_page(visitor: Anyone, cell: UUID, invitation: UUID) -> Response:
    """The same whether there is such an invitation or not."""
    return _shown(visitor, visitor.form(), waits=visitor.request.query_params.get("came") == "deputy")


@router.post("/invitation/{cell}/{invitation}")
async def accept_invitation(sender: Posted, cell: UUID, invitation: UUID) -> Response:
    """Come with the code; what is promised first at the table comes next."""
    form = sender.sent
    code = form.text("code", pb.AcceptInvitationRequest, missing=_("Write the code of the letter."))
    asked = pb.AcceptInvitationRequest(invitation_id=str(invitation), code=code)
    accept = sender.services.invitation.AcceptInvitation
    done = await submit(
        sender, accept, asked, cell, lambda came: _onward(cell, invitation, came.state), drafted=False,
        mend=lambda refused: _mended(form, refused),
    )  # fmt: skip
    if done is None:
        # Another code is another request.
        form.fields.pop("key", None)
    return done or _shown(sender, form, 422)


def _onward(cell: UUID, invitation: UUID, state: str) -> str:
    """To the promise of secrecy; a deputy whose turn it is not has no table yet to promise it at."""
    return f"/invitation/{cell}/{invitation}?came=deputy" if state == WAITS else f"/cells/{cell}/undertaking"


def _mended(form: Form, refused: Refused) -> bool:
    """Of a deputy whose holder changed meanwhile: the sentences of the errors speak to who names deputies."""
    if refused.problem.code not in DEPUTY_REFUSED:
        return False
    form.fail(WHOLE, _("What you were invited to stand in for has changed. Ask whoever invited you to do so again."))
    return True


def _shown(visitor: Visitor, form: Form, status: int = 200, *, waits: bool = False) -> Response:
    return visitor.page("account/invitation.html", status, form=form, waits=waits)
