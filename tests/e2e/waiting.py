"""Waiting for what is under way between services: by condition, with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

from deploy.local.caller import Answer, Caller, Problem
from tests.patience import HANGS_AFTER

PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 0.25
"""Between two questions: the longer the wait, the longer, as each costs what others wait for."""
GROWTH = 1.1

Found = TypeVar("Found")


async def until(what: str, ask: Callable[[], Awaitable[Found | None]], seconds: float = HANGS_AFTER) -> Found:
    """What `ask` finds, asked again until it finds something. Raises TimeoutError that says what did not happen."""
    try:
        async with asyncio.timeout(seconds):
            pause = PAUSE_SECONDS
            while (found := await ask()) is None:
                await asyncio.sleep(pause)
                pause = min(pause * GROWTH, LONGEST_PAUSE_SECONDS)
            return found
    except TimeoutError:
        raise TimeoutError(f"{what}: not within {seconds:.0f} s") from None


async def post_once_heard(
    caller: Caller, path: str, body: Mapping[str, Any], *, not_yet: frozenset[str], if_match: str | None = None
) -> Answer:
    """A command that needs an event still under way; `not_yet` are the codes of the refusals until it has arrived."""
    key = str(uuid4())

    async def attempt() -> Answer | None:
        try:
            return await caller.post(path, body, key=key, if_match=if_match)
        except Problem as problem:
            if problem.code not in not_yet:
                raise
            return None

    return await until(f"{path} without {', '.join(sorted(not_yet))}", attempt)
