"""What people are to be told by a letter that says nothing but that something waits (decision 68).

A service tells it to the directory, as its own event, with the act; the directory finds who holds a seat, gathers,
keeps to hours and numbers, and writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rondetafel.kit.v1 import kit_pb2
from services.kit.writing import writer


class NoticeKind(StrEnum):
    """What waits (docs/domain.md, Codes)."""

    URGENT_SIGNAL = "urgent_signal"
    URGENT_AT_DEPUTY = "urgent_at_deputy"
    CIRCLE_INVITATION = "circle_invitation"
    CASE_PROPOSED = "case_proposed"
    SESSION_PLANNED = "session_planned"
    SESSION_CANCELLED = "session_cancelled"
    MANDATE_ENDS = "mandate_ends"
    UNDERTAKING_ENDS = "undertaking_ends"
    CLEARANCE_ENDS = "clearance_ends"
    SIGNAL_ANSWERED = "signal_answered"
    SIGNAL_ASKED = "signal_asked"
    SIGNAL_ADDED = "signal_added"
    CHECK_WANTED = "check_wanted"
    CHECK_ANSWERED = "check_answered"
    CHECK_LATE = "check_late"
    HOLD_ENDS = "hold_ends"
    QUESTION_ASKED = "question_asked"
    ANSWER_WAITS = "answer_waits"
    INFORMATION_DUE = "information_due"
    RULES_WAIT = "rules_wait"
    TABLE_LACKS = "table_lacks"
    TABLE_SUSPENDED = "table_suspended"
    TABLE_RESUMED = "table_resumed"
    SIGN_IN_STOLEN = "sign_in_stolen"


@dataclass(frozen=True, slots=True)
class NoticeAsked:
    """What waits for whom, or waits no more (`over`); the fields of the message of that name say the rest."""

    kind: NoticeKind
    object_id: UUID
    code: str = ""
    urgent: bool = False
    over: bool = False
    until: datetime | None = None
    person_ids: tuple[UUID, ...] = ()
    seats: tuple[str, ...] = ()
    nis_codes: tuple[str, ...] = ()
    by: UUID | None = None


NOTICE_ASKED = writer(kit_pb2.NoticeAsked, NoticeAsked)
"""The message of it."""
