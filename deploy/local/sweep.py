"""Finds and ends what a killed runner left behind, so that the next one starts on clean ground."""

import asyncio
import contextlib
from pathlib import Path

from deploy.local import open_place
from deploy.local.instance import Instance
from deploy.local.ports import Ports
from deploy.local.process import StartFailed, end_at_once, end_leftover, leftover


async def end_leftovers(root: Path) -> list[str]:
    """End every process of this instance that still runs; gives their names. Hold its lock."""
    files = sorted((root / "logs").glob("*.pid"))
    ended = await asyncio.gather(*(end_leftover(file) for file in files))
    return [file.stem for file, was_running in zip(files, ended, strict=True) if was_running]


def remove_abandoned(parent: Path) -> None:
    """Remove the instances below a directory that nobody runs any more, and their processes."""
    for root in parent.iterdir() if parent.exists() else ():
        try:
            with Instance(root, Ports.free()).locked():
                for file in (root / "logs").glob("*.pid"):
                    if found := leftover(file):
                        end_at_once(found[0])
                with contextlib.suppress(OSError):
                    open_place.remove(root)
        except StartFailed:
            continue
