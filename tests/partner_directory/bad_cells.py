"""Bad input of the doors of one cell of the host, and of last days: method, request, the field that is named."""

from __future__ import annotations

from google.protobuf.message import Message

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from tests.partner_directory.signing_in import PEOPLE

BAD_CELLS: tuple[tuple[str, Message, str], ...] = (
    ("SuspendCell", pb.SuspendCellRequest(host_cell_id="x", reason="incident"), "host_cell_id"),
    ("SuspendCell", pb.SuspendCellRequest(host_cell_id=str(PEOPLE), reason="other"), "reason"),
    ("FoundSeat", pb.FoundSeatRequest(host_cell_id="x"), "host_cell_id"),
    ("FoundSeat", pb.FoundSeatRequest(host_cell_id=str(PEOPLE), email="nele"), "email"),
    ("ResendFounding", pb.ResendFoundingRequest(host_cell_id="x"), "host_cell_id"),
    ("WithdrawFounding", pb.WithdrawFoundingRequest(host_cell_id=str(PEOPLE), invitation_id="x"), "invitation_id"),
    ("ResumeCell", pb.ResumeCellRequest(host_cell_id="x"), "host_cell_id"),
    ("ExtendMandate", pb.ExtendMandateRequest(mandate_id=str(PEOPLE), last_day="later"), "last_day"),
    ("ShortenMandate", pb.ShortenMandateRequest(mandate_id=str(PEOPLE), last_day="soon", reason="left"), "last_day"),
    ("ShortenMandate", pb.ShortenMandateRequest(mandate_id=str(PEOPLE), last_day="2027-01-01"), "reason"),
)
