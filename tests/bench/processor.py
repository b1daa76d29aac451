"""How much of the processor each part of the platform has used so far: all its processes, ended ones too."""

from __future__ import annotations

import contextlib
import ctypes
import os
import time

import psutil

from deploy.local.keeper import Part
from deploy.local.platform import Platform

OTHERS = "others"
"""Sign-in: nothing an act asks, but it runs on the same machine."""
LOAD = "load generator"
PARTS = ("case", "postgres", "portal", "audit", "nats", "partner_directory", "meeting", OTHERS)
"""As the table of processor time shows them; the load generator stands apart."""

_LIBC = ctypes.CDLL(None, use_errno=True)


def processor_seconds(platform: Platform) -> dict[str, float]:
    """In seconds, by part of the platform; the load generator is this very process."""
    found = dict.fromkeys(PARTS, 0.0)
    parts: list[Part] = [platform.postgres, platform.nats, platform.keycloak, platform.gate, *platform.services]
    for part in parts:
        found[part.name if part.name in found else OTHERS] += tree_seconds(part.process.pid)
    return found | {LOAD: time.process_time()}


def tree_seconds(pid: int) -> float:
    """Of a process, of its children, and of those of them that have ended and were waited for."""
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            ended = process.cpu_times()
            total += _own_seconds(process.pid) + ended.children_user + ended.children_system
    return total


def _own_seconds(pid: int) -> float:
    """By the process's own clock: /proc counts in hundredths, which dozens of backends would round away."""
    clock = ctypes.c_int()
    if _LIBC.clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
        raise ProcessLookupError(pid)
    try:
        return time.clock_gettime(clock.value)
    except OSError as error:
        raise ProcessLookupError(pid) from error


class Bystanders:
    """How many processors were busy meanwhile with what is not ours: this process and its children."""

    def __enter__(self) -> Bystanders:
        self._started, self._own, self._all = time.monotonic(), tree_seconds(os.getpid()), _busy_seconds()
        return self

    def __exit__(self, *raised: object) -> None:
        elapsed = time.monotonic() - self._started
        own, busy = tree_seconds(os.getpid()) - self._own, _busy_seconds() - self._all
        self.minutes, self.busy = elapsed / 60, max(0.0, busy - own) / elapsed


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)
