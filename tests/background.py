"""What runs beside a test, as a process of ours runs it beside its doors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from services.kit.run import end_all


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Background work, ended with the block."""
    tasks = [asyncio.create_task(task) for task in work]
    try:
        yield
    finally:
        await end_all(tasks)
