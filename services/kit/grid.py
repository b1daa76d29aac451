"""Answers that leave at fixed moments, so that nobody learns from a clock how much work they were."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

Sleep = Callable[[float], Awaitable[None]]


class Grid:
    """Moments `span` seconds apart, counted from when a request came.

    Work that ends before the first moment cannot be told from other such work. Work that takes longer waits for the
    next moment: so a busy machine does not show either what was done, but for the rare work that ends just at one.
    """

    def __init__(self, span: float, clock: Callable[[], float] = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        if span <= 0:
            raise ValueError("moments are some time apart")
        self._span = span
        self._clock = clock
        self._sleep = sleep

    def now(self) -> float:
        """The moment a request came, for `leave`; seconds of the grid's own clock."""
        return self._clock()

    async def leave(self, came: float) -> None:
        """Wait for the next moment of whoever came then."""
        elapsed = self._clock() - came
        moments = max(1, math.ceil(elapsed / self._span))
        await self._sleep(max(0.0, moments * self._span - elapsed))
