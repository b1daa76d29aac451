"""What the directory's own rules say of invitations to mandates (as_services.py)."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.allowed import allowed
from services.partner_directory.inviting import allow_invitation
from services.partner_directory.model import GivenBy, Invitation
from tests.portal.reader import LONG, Around


def invitations(told: pb.ListInvitationsResponse, around: Around) -> None:
    work = around.work
    for view in told.invitations:
        guest = Invitation(
            state=view.state, version=view.version, role=view.role, given_by=GivenBy.CELL, expires_at=work.now + LONG,
            nis_codes=list(view.nis_codes),
        )  # fmt: skip

        def guard(guest: Invitation = guest) -> None:
            allow_invitation(work, guest, guest.version)

        view.ClearField("may")
        view.may.extend(allowed(work.may, {"resend_invitation": guard, "withdraw_invitation": guard}))
