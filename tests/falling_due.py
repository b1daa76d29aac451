"""What falls due by the clock of a test."""

from __future__ import annotations

from collections.abc import Mapping

from services.kit.scheduler import OnTerm, Scheduler
from tests.harness import Harness


async def run_due(harness: Harness, terms: Mapping[str, OnTerm], *, batch: int = 64) -> None:
    """Run all that is due in the service's database, of other tests' cells too, until nothing is."""
    scheduler = Scheduler(harness.service, harness.executor, terms, harness.clock, batch=batch)
    while (await scheduler.round()).due:
        pass
