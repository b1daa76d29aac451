"""The number of the newest fact, for the heartbeat."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from services.kit.execute import Work

NEWEST = text("SELECT newest FROM fact_counter")


@dataclass(frozen=True, slots=True)
class ReadFactVersion:
    """Of all cells together."""


async def read_fact_version(work: Work, query: ReadFactVersion) -> int:
    """The highest number committed. Not recorded: it says nothing about anybody, four times a second."""
    newest: int = (await work.session.execute(NEWEST)).scalar_one()
    return newest
