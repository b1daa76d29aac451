"""Several services asked at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar, overload

First = TypeVar("First")
Second = TypeVar("Second")
Third = TypeVar("Third")
Fourth = TypeVar("Fourth")
Each = TypeVar("Each")


@overload
async def together(first: Awaitable[First], second: Awaitable[Second], /) -> tuple[First, Second]: ...
@overload
async def together(
    first: Awaitable[First], second: Awaitable[Second], third: Awaitable[Third], /
) -> tuple[First, Second, Third]: ...
@overload
async def together(
    first: Awaitable[First], second: Awaitable[Second], third: Awaitable[Third], fourth: Awaitable[Fourth], /
) -> tuple[First, Second, Third, Fourth]: ...
async def together(*asked: Awaitable[Any]) -> tuple[Any, ...]:
    """What each answered. The first refusal is raised when all have answered."""
    return tuple(await each_of(asked))


async def each_of(asked: Iterable[Awaitable[Each]]) -> list[Each]:
    """The same of any number that answer alike."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    found = []
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
        found.append(answer)
    return found
