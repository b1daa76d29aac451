"""What producers send: records of acts, and how far they have counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Source:
    """One producer in one epoch; its numbers count from 1 without gaps."""

    producer: str
    epoch: UUID


@dataclass(frozen=True, slots=True)
class Record:
    """One act of one person or process, in clear. `heard_at` is when the stream took it in."""

    record_id: UUID
    source: Source
    seq: int
    heard_at: datetime
    at: datetime
    verb: str
    action: str
    outcome: str
    purpose: str
    legal_basis: str
    actor_id: str
    actor_kind: str
    organisation_id: str
    on_behalf_of: str
    object_ids: tuple[UUID, ...]
    fields: tuple[str, ...]
    count: int
    acr: int
    trace_id: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HighWaterMark:
    """A producer has counted up to `seq` in this tenant."""

    source: Source
    seq: int
    heard_at: datetime
