"""Those who come to a door without what it asks for are counted, and written into the host's log once a minute.

One record per kind, source and minute, so that whoever knocks a million times fills no log. What was counted since the
last minute is lost if the process is killed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from services.kit.clock import Clock
from services.kit.errors import RondetafelError
from services.kit.execute import Executor, Work
from services.kit.policy import Handler, Rule, Verb
from services.kit.principal import PLATFORM, system

logger = logging.getLogger(__name__)

MAX_SOURCES = 1_000
"""Per minute; those beyond share one record, so that many addresses cannot fill the log."""
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class RecordRefusals:
    """How often in that minute. The source is an address or a process; the log holds a keyed pseudonym of it."""

    kind: str
    source: str = field(repr=False)
    minute: datetime
    count: int


async def record_refusals(work: Work, command: RecordRefusals) -> None:
    """Leave the record; it is all there is to do."""
    work.trail.count = command.count
    work.trail.detail["kind"] = command.kind
    work.trail.detail["source"] = (await work.keyring.blind(command.source, "source")).hex()[:32]
    work.trail.detail["minute"] = command.minute.isoformat()


def refusal_policy(service: str) -> dict[Handler, Rule]:
    """The policy line of the counted refusals, for every service with a door."""
    return {record_refusals: Rule(Verb.SIGN_IN, systems=frozenset({_door(service)}), fields=())}


def _door(service: str) -> str:
    return f"{service}.door"


class Refusals:
    """Counts for one process; `kind` is the code of what was missing, such as `PeerRefused`."""

    def __init__(self, executor: Executor, service: str, clock: Clock) -> None:
        self._executor = executor
        self._principal = system(_door(service), PLATFORM)
        self._clock = clock
        self._counted: Counter[tuple[datetime, str, str]] = Counter()

    def __len__(self) -> int:
        """How many records the next flush writes."""
        return len(self._counted)

    def count(self, kind: str, source: str) -> None:
        """One more of this kind from there."""
        minute = self._clock().replace(second=0, microsecond=0)
        key = (minute, kind, source)
        if key not in self._counted and len(self._counted) >= MAX_SOURCES:
            key = (minute, kind, OTHERS)
        self._counted[key] += 1

    async def run(self) -> None:
        """Write after each minute, until cancelled."""
        while True:
            now = self._clock()
            await asyncio.sleep(60 - now.second - now.microsecond / 1_000_000)
            await self.flush()

    async def flush(self) -> None:
        """Write what was counted. What cannot be written now is written with the next."""
        counted, self._counted = self._counted, Counter()
        for (minute, kind, source), count in counted.items():
            command = RecordRefusals(kind, source, minute, count)
            try:
                await self._executor.run(self._principal, record_refusals, command)
            except RondetafelError:
                logger.warning("refusals wait to be recorded")
                self._counted[(minute, kind, source)] += count
