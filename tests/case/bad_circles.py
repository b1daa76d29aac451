"""What the doors of informing and of conflicts of interest refuse before anything runs."""

from __future__ import annotations

from typing import Any

from services.kit.errors import Invalid
from services.kit.fields import FieldMalformed, UnknownCode

WRONG_CIRCLES: list[tuple[str, str, Any, type[Invalid], str]] = [
    ("NoteInformation", "case_id", "x", FieldMalformed, "case_id"),
    ("NoteInformation", "answer", "maybe", UnknownCode, "answer"),
    ("NoteInformation", "day", "", FieldMalformed, "day"),
    ("NoteInformation", "why", "because", UnknownCode, "why"),
    ("DeclareConflict", "case_id", "x", FieldMalformed, "case_id"),
    ("KeepOut", "case_id", "x", FieldMalformed, "case_id"),
    ("KeepOut", "person_id", "", FieldMalformed, "person_id"),
    ("LiftConflict", "case_id", "x", FieldMalformed, "case_id"),
    ("LiftConflict", "person_id", "x", FieldMalformed, "person_id"),
]
"""The method, its field, what is sent in it, the error and the field it names."""
