"""Moments on the wire."""

from __future__ import annotations

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp


def from_timestamp(stamp: Timestamp) -> datetime:
    """A moment on the wire, in UTC."""
    return stamp.ToDatetime(tzinfo=UTC)
