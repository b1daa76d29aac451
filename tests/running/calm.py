"""The calm platform of a run: started once, beside the first parts, and handed to all parts that only use one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from types import TracebackType

from deploy.local.demo import seed
from tests.instances import CALM, running_platform


class Calm:
    """Runs on a thread of its own, whose loop starts again what ends, until the context is left."""

    def __init__(self) -> None:
        self._root: Future[str] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._keep()), name="calm")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()

    def handed(self) -> Mapping[str, str]:
        """The environment by which a part finds it; waits until it is up. Raises what its start raised."""
        return {CALM: self._root.result()}

    def __enter__(self) -> Calm:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    async def _keep(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            async with running_platform() as platform:
                await seed(platform)
                self._root.set_result(str(platform.instance.root))
                await self._ended.wait()
        except BaseException as error:
            if self._root.done():
                raise
            self._root.set_exception(error)
