"""Moments on the wire, and what a day makes of a session."""

from __future__ import annotations

from datetime import UTC, date, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.clock import local_date

TO_OPEN = ("PLANNED", "CONVENED")
"""States of a session that has yet to be opened."""


def from_timestamp(stamp: Timestamp) -> datetime:
    """A moment on the wire, in UTC."""
    return stamp.ToDatetime(tzinfo=UTC)


def stage_of(session: pb.Session | pb.CaseSession, today: date) -> str:
    """Its state as pages say it: a session that nobody closed is over with its day in Brussels."""
    over = session.state == "OPEN" and local_date(from_timestamp(session.ends_at)) < today
    return "CLOSED" if over else session.state
