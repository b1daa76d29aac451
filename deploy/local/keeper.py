"""Keeps one part of the platform running until it is told otherwise."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Protocol

from deploy.local.process import Process, StartFailed

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 60.0


def pauses(longest: float) -> Iterator[float]:
    """How long to wait before each further start, in seconds."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        yield min(pause, longest)
        pause = min(pause * 2, longest)


class Part(Protocol):
    """A server or a service."""

    name: str

    @property
    def process(self) -> Process: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def kill(self) -> None: ...


class Keeper:
    """Starts a part again when it ended by itself; pauses longer each time it ends soon after."""

    def __init__(
        self,
        part: Part,
        changed: Callable[[], None],
        say: Callable[[str], None],
        *,
        longest_pause: float = LONGEST_PAUSE_SECONDS,
    ) -> None:
        self.part = part
        self._longest_pause = longest_pause
        self._changed = changed
        self._say = say
        self._watch: asyncio.Task[None] | None = None
        self._up = asyncio.Event()

    async def start(self) -> None:
        """Start and keep running; returns when ready."""
        await self.part.start()
        self._is_up()
        self._watch = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Stop and leave it stopped."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        self._up.clear()
        await self.part.stop()
        self._changed()

    def kill(self) -> None:
        """Let it crash (-9); it is started again as after any crash."""
        self._up.clear()
        self.part.kill()

    async def is_up(self) -> None:
        """Wait until it is ready, now or again."""
        await self._up.wait()

    def _is_up(self) -> None:
        self._up.set()
        self._changed()

    async def _keep(self) -> None:
        waits = pauses(self._longest_pause)
        while True:
            started = asyncio.get_running_loop().time()
            code = await self.part.process.wait()
            self._up.clear()
            if asyncio.get_running_loop().time() - started > STEADY_SECONDS:
                waits = pauses(self._longest_pause)
            self._say(f"{self.part.name} ended by itself (code {code}); starting it again")
            await asyncio.sleep(next(waits))
            try:
                await self.part.start()
                self._is_up()
            except StartFailed as failure:
                self._say(str(failure))
