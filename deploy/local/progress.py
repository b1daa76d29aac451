"""What of a longer work is done already, so that it can go on where it was cut off."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from deploy.local.secret_files import write_private


class Progress:
    """Which steps were done, each with what came of it; survives a seeding that was cut off."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._done: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def __contains__(self, step: str) -> bool:
        return step in self._done

    def note(self, step: str, result: str) -> None:
        """This step is done."""
        self._done[step] = result
        write_private(self._file, json.dumps(self._done, indent=2).encode())

    async def once(self, step: str, do: Callable[[], Awaitable[str]]) -> str:
        """What came of the step, now or the first time."""
        if step not in self:
            self.note(step, await do())
        return self._done[step]
