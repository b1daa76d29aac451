"""Who is invited to a mandate, and comes."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, command, query
from services.kit.shapes import PERIOD, Differences
from services.kit.writing import writer
from services.partner_directory.commands.founding.found_seat import FoundSeat, found_seat
from services.partner_directory.commands.founding.resend_founding import ResendFounding, resend_founding
from services.partner_directory.commands.founding.withdraw_founding import WithdrawFounding, withdraw_founding
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.import_seats import ImportSeats, import_seats
from services.partner_directory.commands.invitation.resend_invitation import ResendInvitation, resend_invitation
from services.partner_directory.commands.invitation.withdraw_invitation import WithdrawInvitation, withdraw_invitation
from services.partner_directory.queries.check_seats import CheckSeats, SeatRow, check_seats
from services.partner_directory.queries.list_invitations import InvitationView, ListInvitations, list_invitations
from services.partner_directory.queries.sort_seats import SortSeats, sort_seats
from services.partner_directory.seat_list import SeatFault

INVITATION = writer(
    pb.Invitation,
    InvitationView,
    Differences(
        names={
            "organisation_name": "organisation.name",
            "organisation_kind": "organisation.kind",
            "from": "invitation.first_day",
            "to": "invitation.last_day",
            "last_day": "code_until",
        },
        flat=("invitation",),
    ),
)
SEAT_FAULT = writer(pb.SeatFault, SeatFault, Differences(unused=("line",)))
SEAT_ROW = writer(pb.SeatRow, SeatRow, Differences(names={"from": "first_day", "to": "last_day"}, nested=(SEAT_FAULT,)))


SERVED = Served(
    pb.DESCRIPTOR.services_by_name["InvitationService"],
    command(accept_invitation, AcceptInvitation),
    command(found_seat, FoundSeat, Differences(names=PERIOD)),
    command(resend_founding, ResendFounding),
    command(withdraw_founding, WithdrawFounding),
    command(resend_invitation, ResendInvitation),
    command(withdraw_invitation, WithdrawInvitation),
    query(check_seats, CheckSeats, pb.SeatCheck, Differences(nested=(SEAT_ROW,))),
    query(sort_seats, SortSeats, pb.SortedSeats, Differences(nested=(SEAT_FAULT,))),
    command(import_seats, ImportSeats),
    query(list_invitations, ListInvitations, pb.ListInvitationsResponse, Differences(nested=(INVITATION,))),
)
