"""Time as the tests say it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Seconds:
    """A monotonic clock that stands until somebody moves it; `sleep` moves it and notes by how much."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.slept.append(round(seconds, 6))
        self.now += seconds
