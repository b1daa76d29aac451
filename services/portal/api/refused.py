"""Those who come without a valid sign-in are counted, and written into the host's log once a minute."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections import Counter
from datetime import datetime

from starlette.types import Scope

from services.kit.clock import Clock
from services.kit.errors import RondetafelError
from services.kit.execute import Executor
from services.kit.principal import PLATFORM, system
from services.portal.commands.record_refused_sign_ins import RecordRefusedSignIns, record_refused_sign_ins
from services.portal.policy import SESSION

logger = logging.getLogger(__name__)

MAX_SOURCES = 1_000
"""Per minute; those beyond share one record, so that many addresses cannot fill the log."""


class RefusedSignIns:
    """One record per source and minute. What was counted since the last minute is lost if the process is killed."""

    def __init__(self, executor: Executor, clock: Clock) -> None:
        self._executor = executor
        self._clock = clock
        self._counted: Counter[tuple[datetime, str]] = Counter()

    def count(self, scope: Scope) -> None:
        """One more, from where this request comes."""
        key = (self._clock().replace(second=0, microsecond=0), source_of(scope))
        if key not in self._counted and len(self._counted) >= MAX_SOURCES:
            key = (key[0], "others")
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
        for (minute, source), count in counted.items():
            command = RecordRefusedSignIns(source, minute, count)
            try:
                await self._executor.run(system(SESSION, PLATFORM), record_refused_sign_ins, command)
            except RondetafelError:
                logger.warning("refused sign-ins wait to be recorded")
                self._counted[(minute, source)] += count


def source_of(scope: Scope) -> str:
    """The network address a request comes from; of IPv6 the first 64 bits, which one customer has."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0]) if client else None
    except ValueError:
        address = None
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "unknown")
