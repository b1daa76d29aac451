"""Bodies, queries and answers of audit. Made by `make proto` from proto/rondetafel/audit/v1."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.portal.api.generated import codes
from services.portal.api.schema import Id, IdOrEmpty, Moment, Page, View, example


class SearchAuditPage(Page):
    """Entries of the addressed cell's log, newest first; for the cell's DPO and for oversight. The search itself is an
    entry."""

    from_: Moment | None = Field(None, alias="from", description="Inclusive lower bound.")
    to: Moment | None = Field(None, description="Exclusive upper bound.")
    actor_id: IdOrEmpty = Field("", description="Only acts of this person.")
    object_id: IdOrEmpty = Field("", description="Only acts on this case or signal.")
    verb: Literal[codes.AuditVerbs, ""] = Field("", description="Only acts of this kind, such as consult.")
    action: str = Field(
        "",
        max_length=64,
        description=(
            "Only acts of this name, as the leaf says it, such as read_case. A name that no act has finds nothing."
        ),
    )


class Entry(View):
    """One act."""

    index: int = 0
    leaf: str = Field(description="The leaf, canonical JSON (RFC 8785), exactly as logged.")
    actor_id: Id | None = Field(None, description="Resolved while keys exist.")
    organisation_id: Id | None = None
    object_ids: list[Id] = []
    detail: dict[str, str] = {}
    actor_kind: str = Field("", description="person, host or system; empty when no longer known.")


class Finding(View):
    """Something the log cannot explain: hole, height_missed or seq_twice."""

    kind: str
    producer: str = ""
    producer_epoch: str = ""
    producer_seq: int = Field(0, description="The first number concerned.")
    found_at: datetime | None = None
    last_producer_seq: int = Field(0, description="The last number concerned.")
    resolved_at: datetime | None = Field(None, description="When the missing numbers arrived after all.")


class Entries(View):
    """One page of the log, newest first, and what it cannot explain."""

    model_config = example(
        {
            "entries": [
                {
                    "index": 41,
                    "leaf": '{"action":"read_case","at":"2026-11-24T09:00:00.000Z","outcome":"allow","v":1}',
                    "actor_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "organisation_id": "01932f6e-0000-7000-8000-000000000003",
                    "object_ids": ["01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10"],
                    "detail": {"role": "coordinator"},
                }
            ],
            "log_size": 42,
            "findings": [
                {
                    "kind": "hole",
                    "producer": "case",
                    "producer_epoch": "01932f6e-0000-7000-8000-000000000009",
                    "producer_seq": 7,
                    "found_at": "2026-11-24T09:05:00Z",
                    "last_producer_seq": 8,
                }
            ],
            "findings_open": 0,
        }
    )

    entries: list[Entry] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    log_size: int = Field(0, description="Number of entries in this cell's log.")
    findings: list[Finding] = Field([], description="At most 50, open ones first, newest first.")
    findings_open: int = Field(0, description="How many are open, those that are not told here too.")
