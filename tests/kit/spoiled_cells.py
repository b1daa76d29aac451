"""Right requests about one cell of the host (tests/kit/spoiled.py)."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb

ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55"
AT_CELL = {"host_cell_id": ID}
INVITED = AT_CELL | {"invitation_id": ID, "expected_version": 3}
HOST_CELLS: dict[type[Message], dict[str, Any]] = {
    directory_pb.ReadCellRequest: AT_CELL, directory_pb.WithdrawCellRequest: AT_CELL,
    directory_pb.ResumeCellRequest: AT_CELL, directory_pb.SuspendCellRequest: AT_CELL | {"reason": "incident"},
    directory_pb.FoundSeatRequest: AT_CELL | {
        "email": "Nele@CAW.example", "given_name": " Nele ", "family_name": "Claes", "kbo_number": "0417497106",
        "from": "2026-11-24", "to": "2027-11-23", "role": "mayor", "nis_codes": ["24001"],
        "legal_basis": "law-2018-07-30", "language": "fr",
    },
    directory_pb.ResendFoundingRequest: INVITED,
    directory_pb.WithdrawFoundingRequest: INVITED,
}  # fmt: skip
