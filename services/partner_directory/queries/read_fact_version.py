"""The number of the newest fact, for the heartbeat."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from services.kit.execute import Work
from services.kit.statements import Statement

NEWEST = text("SELECT newest FROM fact_counter")
_NEWEST = Statement(NEWEST)


@dataclass(frozen=True, slots=True)
class ReadFactVersion:
    """Of all cells together."""


async def read_fact_version(work: Work, query: ReadFactVersion) -> int:
    """The highest number committed. Not recorded: it says nothing about anybody, at every heartbeat."""
    row = await work.fetch_one(_NEWEST, {})
    assert row is not None
    return int(row.newest)
