"""Seals of outbox rows (decision 25): a row that the service itself did not write is not sent, whoever put it there.

The key is derived from the service's root key, so no password of the database makes a seal. What is sealed names its
purpose and its teller first and the length of each part, so no row can be moved, and no two rows have the same bytes.
A seal says under which version of the root key it is; the newest seals, and every version at hand is taken.
"""

from __future__ import annotations

import hmac
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.kit.errors import Unavailable
from services.kit.keys import FIRST, Key, RootKeys, head_of, sealed_under

PURPOSE = b"rondetafel outbox row 1"
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SEAL_BYTES = len(head_of(FIRST)) + 32

Derive = Callable[[int | None], tuple[int, Key]]
"""The derived key of a version of the root key, of the newest for None, with its version. Raises Unavailable."""


class OutboxRow(NamedTuple):
    """What a seal is over: all an act writes but the record's number, which the statement itself takes."""

    tenant_id: UUID
    message_id: UUID
    stream: str
    type: str
    subject: str
    payload: bytes
    traceparent: str
    created_at: datetime


class Seals:
    """Makes and checks the seals of one service. It is given what derives, and no root key."""

    def __init__(self, service: str, derive: Derive) -> None:
        self.service = service
        self._derive = derive

    def seal(self, row: OutboxRow) -> bytes:
        """35 bytes: the version in three, HMAC-SHA-256."""
        version, key = self._derive(None)
        return head_of(version) + key.digest(self._sealed_bytes(row))

    def holds(self, row: OutboxRow, seal: bytes | None) -> bool:
        """Whether this service sealed this very row. Not, where the root key of that version is not at hand."""
        if seal is None or len(seal) != _SEAL_BYTES or seal[:1] != head_of(FIRST)[:1]:
            return False
        version, mac = sealed_under(seal)
        try:
            _, key = self._derive(version)
        except Unavailable:
            return False
        return hmac.compare_digest(mac, key.digest(self._sealed_bytes(row)))

    def _sealed_bytes(self, row: OutboxRow) -> bytes:
        moment = struct.pack(">q", (row.created_at - _START) // _MICROSECOND)
        texts = (row.stream, row.type, row.subject, row.traceparent)
        ids = (row.tenant_id.bytes, row.message_id.bytes)
        parts = (PURPOSE, self.service.encode(), *ids, *(text.encode() for text in texts), moment, row.payload)
        return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def seals_of(service: str, roots: RootKeys) -> Seals:
    """The seals of a service by its root keys."""

    def derive(version: int | None) -> tuple[int, Key]:
        return roots.derived(PURPOSE, version)

    return Seals(service, derive)
