"""Runs what is due, in the order in which it fell due, each as an act of its cell (kit/terms.py).

Nothing is kept in memory: after a downtime what was missed is due and run. One in each process of a service.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from prometheus_client import Counter, Gauge

from services.kit.agenda import (
    Agenda,
    FindDue,
    PostponeTerm,
    TidyKept,
    TidyTerms,
    clock_name,
    find_due,
    postpone_term,
    tidy_kept,
    tidy_terms,
)
from services.kit.clock import Clock
from services.kit.errors import Unavailable
from services.kit.execute import Executor, HandlerOf
from services.kit.principal import PLATFORM, system
from services.kit.terms import Due, NotDue

logger = logging.getLogger(__name__)

Command = TypeVar("Command")

BATCH = 64
POLL_SECONDS = 5.0
"""From one look to the next at most: for terms that were set meanwhile."""
PACE_SECONDS = 0.05
"""From one look to the next at least."""
RETRY_SECONDS = 0.5
TIDY_EVERY = timedelta(hours=1)

RUN = Counter("rondetafel_terms_total", "Terms run, by how it ended", ["service", "kind", "outcome"])
LATE = Gauge("rondetafel_terms_late_seconds", "How long the longest due term is due", ["service", "lane"])
SET_ASIDE = Gauge("rondetafel_terms_set_aside", "Terms whose command kept failing; alarm above 0", ["service"])


@dataclass(frozen=True, slots=True)
class OnTerm:
    """What a kind of term leads to: a command of the object's id, and its handler.

    The handler MUST ask the state itself whether it is time: the term may have been set for what is no more so.
    """

    command: Callable[[UUID], Any]
    handler: Callable[[Any, Any], Any]


def falls_due(command: Callable[[UUID], Command], handler: HandlerOf[Command, Any]) -> OnTerm:
    """What one kind of term leads to."""
    return OnTerm(command, handler)


class Scheduler:
    """The terms of one service, as the system principal `<service>.clock`. Other processes may be at them too.

    `lane`: of a service that runs some kinds apart, because they wait for others, the name of these.
    """

    def __init__(
        self, service: str, executor: Executor, terms: Mapping[str, OnTerm], clock: Clock, *, batch: int = BATCH,
        lane: str = "",
    ) -> None:  # fmt: skip
        self._service = service
        self._executor = executor
        self._terms = terms
        self._clock = clock
        self._batch = batch
        self._lane = lane
        self._platform = system(clock_name(service), PLATFORM)
        self._tidied_at: datetime | None = None
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Run what is due until cancelled. An outage of the database is waited out."""
        while True:
            try:
                pause = self._pause(await self.round())
            except Unavailable:
                logger.warning("terms wait: the database does not answer")
                pause = RETRY_SECONDS
            await self._rest(pause)

    def wake(self) -> None:
        """Look again at once: an act of this process set what is due now."""
        self._woken.set()

    async def _rest(self, pause: float) -> None:
        """Until the next look, `pause` seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._woken.wait()
        self._woken.clear()

    async def round(self) -> Agenda:
        """Run one batch of what is due; what there was. Raises Unavailable, and may be given again then."""
        agenda = await self._executor.run(self._platform, find_due, FindDue(tuple(self._terms), self._batch))
        late = self._clock() - agenda.due[0].due_at if agenda.due else timedelta()
        LATE.labels(self._service, self._lane).set(late.total_seconds())
        SET_ASIDE.labels(self._service).set(agenda.set_aside)
        for due in agenda.due:
            await self._run_due(due)
        await self._tidy()
        return agenda

    def _pause(self, agenda: Agenda) -> float:
        """Seconds until the next look; after a batch there may be more, which other processes may be at as well."""
        if agenda.next_at is None:
            return POLL_SECONDS
        return min(max(PACE_SECONDS, (agenda.next_at - self._clock()).total_seconds()), POLL_SECONDS)

    async def _run_due(self, due: Due) -> None:
        """One that fails keeps no other back; the record of the failure is written by the executor."""
        on_term, principal = self._terms[due.kind], system(clock_name(self._service), due.cell_id)
        try:
            await self._executor.run(principal, on_term.handler, on_term.command(due.object_id), due=due)
            outcome = "done"
        except NotDue:
            outcome = "not_due"
        except Unavailable:
            # If it is the database that is away, this fails in the same way, and the round ends.
            outcome = await self._postpone(PostponeTerm(due, counted=False))
        except Exception:
            logger.exception("a term of kind %s failed", due.kind)
            outcome = await self._postpone(PostponeTerm(due))
        RUN.labels(self._service, due.kind, outcome).inc()

    async def _postpone(self, command: PostponeTerm) -> str:
        if await self._executor.run(self._platform, postpone_term, command):
            logger.error("a term of kind %s was set aside", command.due.kind)
            return "set_aside"
        return "postponed"

    async def _tidy(self) -> None:
        if self._tidied_at is None or self._clock() - self._tidied_at > TIDY_EVERY:
            self._tidied_at = self._clock()
            await self._executor.run(self._platform, tidy_terms, TidyTerms())
            await self._executor.run(self._platform, tidy_kept, TidyKept())
