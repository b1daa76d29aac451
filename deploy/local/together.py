"""Do several things side by side."""

import asyncio
from collections.abc import Coroutine


async def together(*work: Coroutine[None, None, None]) -> None:
    """Wait for all; the first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for task in work:
                group.create_task(task)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
