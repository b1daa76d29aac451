"""The number of the newest fact, for the heartbeat."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from services.kit.execute import Work

_NEWEST = "SELECT newest FROM fact_counter"
NEWEST = text(_NEWEST)


@dataclass(frozen=True, slots=True)
class ReadFactVersion:
    """Of all cells together."""


async def read_fact_version(work: Work, query: ReadFactVersion) -> int:
    """The highest number committed. Not recorded: it says nothing about anybody, at every heartbeat."""
    newest: int = await work.session.raw.fetchval(_NEWEST)
    return newest
