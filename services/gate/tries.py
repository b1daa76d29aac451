"""Wrong tries of one key, and the wait they bring."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

MOST_KEYS = 50_000


@dataclass(frozen=True, slots=True)
class Measure:
    """How tries are weighed: `free` of them bring no wait, the next `first` seconds, each further one twice as many,
    `most` at most; every `fades` seconds one is forgotten. `ceiling` is how many are remembered at most."""

    free: int
    first: float
    most: float
    fades: float
    ceiling: int

    def wait(self, level: float) -> float:
        """The seconds this many tries bring; of one that is fading all is still there."""
        beyond = math.ceil(level) - self.free
        return float(min(self.first * 2 ** min(beyond, 30), self.most)) if beyond >= 0 else 0.0


@dataclass(slots=True)
class _Kept:
    level: float
    at: float
    until: float
    since: float


class Tries:
    """Counts by key, in bounded memory: beyond `most_keys` the key that came longest ago starts anew.

    A try is counted before it is made and taken back when it was right: many at once count each.
    """

    def __init__(self, measure: Measure, clock: Callable[[], float], *, most_keys: int = MOST_KEYS) -> None:
        self._measure = measure
        self._clock = clock
        self._most_keys = most_keys
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are kept."""
        return len(self._kept)

    def level(self, key: Hashable) -> float:
        """How many tries are remembered now."""
        kept = self._kept.get(key)
        return self._faded(kept) if kept is not None else 0.0

    def wait(self, key: Hashable, *, queue: float = 0.0) -> float:
        """Seconds until the next try; 0.0 for now. With `queue` a key waits that long since it came or last tried."""
        now = self._clock()
        kept = self._touched(key) if queue else self._kept.get(key)
        if kept is None:
            return 0.0
        return max(kept.until - now, kept.since + queue - now if queue else 0.0, 0.0)

    def charge(self, key: Hashable) -> None:
        """Count one try."""
        now = self._clock()
        kept = self._touched(key)
        kept.level = min(self._faded(kept) + 1, self._measure.ceiling)
        kept.at = kept.since = now
        kept.until = max(kept.until, now + self._measure.wait(kept.level))

    def take_back(self, key: Hashable) -> None:
        """It was right after all."""
        kept = self._kept.get(key)
        if kept is not None:
            kept.level, kept.at = max(self._faded(kept) - 1, 0.0), self._clock()
            kept.until = min(kept.until, kept.at + self._measure.wait(kept.level))

    def forget(self, key: Hashable) -> None:
        """Nothing is held against the key any more."""
        self._kept.pop(key, None)

    def _faded(self, kept: _Kept) -> float:
        return max(0.0, kept.level - (self._clock() - kept.at) / self._measure.fades)

    def _touched(self, key: Hashable) -> _Kept:
        now = self._clock()
        kept = self._kept.setdefault(key, _Kept(0.0, now, now, now))
        self._kept.move_to_end(key)
        if len(self._kept) > self._most_keys:
            self._kept.popitem(last=False)
        return kept
