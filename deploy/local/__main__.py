"""`python -m deploy.local run`, `stop`, `recover`, `reset`, `rotate-root` or `rotate-cells`."""

import argparse
import asyncio
import errno
import os
import signal
import sys
from pathlib import Path

from deploy.local import open_place, pythons
from deploy.local.demo import seed
from deploy.local.instance import REPOSITORY, Instance
from deploy.local.platform import Platform
from deploy.local.ports import Ports
from deploy.local.process import StartFailed, end_leftover, record
from deploy.local.rotate import rotate
from deploy.local.smtp import where_letters_are
from deploy.local.sweep import end_leftovers

RUNNER = "runner.pid"
STOPPED_WITHIN_SECONDS = 120.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Do what was asked; a failure is told in one sentence."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("what", choices=tuple(DO))
    parser.add_argument("--root", type=Path, default=REPOSITORY / ".run", help="the instance's directory")
    arguments = parser.parse_args()
    instance = Instance(arguments.root.resolve(), Ports.fixed())
    try:
        # Not asyncio.run, which waits for threads: a download in one of them cannot be interrupted.
        asyncio.new_event_loop().run_until_complete(DO[arguments.what](instance))
    except StartFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"The disk of {instance.root} is full: free some space and start again.", file=sys.stderr)
        return 1
    return 0


async def run(instance: Instance) -> None:
    """Bring the platform up and keep it up until Ctrl-C or `make stop`."""
    _tell_when_python_is_old()
    asked_to_stop = _stop_on_signals()
    with instance.locked():
        record(instance.root / RUNNER, os.getpid())
        platform = Platform(instance)
        starting = asyncio.create_task(_start(platform))
        stopping = asyncio.create_task(asked_to_stop.wait())
        try:
            await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await stopping
        finally:
            starting.cancel()
            stopping.cancel()
            print("Stopping", flush=True)
            await asyncio.gather(starting, return_exceptions=True)
            await platform.stop()
            print("Stopped; the data are kept", flush=True)


async def stop(instance: Instance) -> None:
    """Stop a running platform, or what a killed one left behind."""
    await end_leftover(instance.root / RUNNER, STOPPED_WITHIN_SECONDS)
    with instance.locked():
        await end_leftovers(instance.root)


async def recover(instance: Instance) -> None:
    """After the loss of keys by which Keycloak knows this platform: let the next start give it the new ones."""
    with instance.locked():
        await end_leftovers(instance.root)
        platform = Platform(instance)
        await platform.postgres.start()
        try:
            await platform.keycloak.recover()
        finally:
            await platform.postgres.stop()
    print("The next start gives Keycloak the keys of this platform", flush=True)


async def reset(instance: Instance) -> None:
    """Throw away all data, keys and settings of the stopped platform; downloads are kept."""
    with instance.locked():
        await end_leftovers(instance.root)
        open_place.remove(instance.root)
    print(f"Removed {instance.root}")


async def rotate_root(instance: Instance) -> None:
    """New root keys for all services of a running platform."""
    await asyncio.to_thread(rotate, instance, "root")


async def rotate_cells(instance: Instance) -> None:
    """New keys for all cells of a running platform."""
    await asyncio.to_thread(rotate, instance, "cells")


async def _start(platform: Platform) -> None:
    await platform.start()
    accounts = await seed(platform)
    told = [
        f"\nThe platform runs at {platform.instance.portal_url} (Ctrl-C stops it)",
        where_letters_are(platform.instance),
        *accounts,
    ]
    print(*told, sep="\n", flush=True)


def _tell_when_python_is_old() -> None:
    if pythons.old(sys.version_info[:3]):
        print(pythons.old(sys.version_info[:3], pythons.newest(os.environ.get("PATH", os.defpath))), flush=True)


def _stop_on_signals() -> asyncio.Event:
    asked = asyncio.Event()
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    return asked


DO = {
    "run": run, "stop": stop, "recover": recover, "reset": reset,
    "rotate-root": rotate_root, "rotate-cells": rotate_cells,
}  # fmt: skip

if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
