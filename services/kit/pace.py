"""How fast somebody may come: a token bucket for each key, in bounded memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

MonotonicClock = Callable[[], float]
"""Seconds that only grow; for spans of time, never for the hour of the day."""

MOST_KEYS = 20_000
_ROUNDING = 1e-9


class Pace:
    """Each key may take `burst` at once, and `per_second` in the long run.

    Kept is one moment per key: when its bucket will be full again (the generic cell rate algorithm). At most
    `most_keys` are kept; beyond, the key that came longest ago starts anew with a full bucket. One process counts for
    itself: with n replicas a key has up to n times as much.
    """

    def __init__(
        self, burst: float, per_second: float, clock: MonotonicClock = time.monotonic, *, most_keys: int = MOST_KEYS
    ) -> None:
        if burst <= 0 or per_second <= 0 or most_keys < 1:
            raise ValueError("burst, per_second and most_keys are greater than nothing")
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._most_keys = most_keys
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are kept."""
        return len(self._full_at)

    def take(self, key: Hashable, cost: float = 1.0) -> float:
        """Take `cost` from the key's bucket: 0.0 when allowed, else the seconds until it would be.

        What is refused takes nothing. Raises ValueError when `cost` is negative or more than a bucket ever holds.
        """
        if not 0 <= cost <= self._burst:
            raise ValueError("no bucket of this pace ever holds that much")
        now = self._clock()
        full_at = max(self._full_at.get(key, now), now)
        after = full_at + cost / self._per_second
        wait = after - now - self._burst / self._per_second
        allowed = wait <= _ROUNDING
        self._full_at[key] = after if allowed else full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._most_keys:
            self._full_at.popitem(last=False)
        return 0.0 if allowed else wait

    def forget(self, key: Hashable) -> None:
        """Fill the key's bucket."""
        self._full_at.pop(key, None)
