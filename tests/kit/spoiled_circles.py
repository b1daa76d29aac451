"""Right requests about conflicts of interest and about informing the person concerned (tests/kit/spoiled.py)."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from rondetafel.case.v1 import case_pb2

ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55"
CIRCLES: dict[type[Message], dict[str, Any]] = {
    case_pb2.NoteInformationRequest: {
        "case_id": ID, "expected_version": 1, "answer": "postponed", "day": "2026-12-24", "why": "safety",
    },
    case_pb2.DeclareConflictRequest: {"case_id": ID},
    case_pb2.KeepOutRequest: {"case_id": ID, "expected_version": 1, "person_id": ID},
    case_pb2.LiftConflictRequest: {"case_id": ID, "expected_version": 1, "person_id": ID},
}  # fmt: skip
