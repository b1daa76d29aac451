"""No page, fragment or stream shows what is behind a wall: another cell, another circle, somebody's private draft."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.local.caller import Caller
from deploy.local.platform import Platform
from tests.pages.canaries import MARKS, Walled, walled
from tests.pages.crawl import Crawl, crawled, listening, opened
from tests.patience import HANGS_AFTER

READS = {
    "an": {"circle", "alone"},
    "lieve": {"circle", "alone"},
    "karim": {"circle", "alone"},
    "joris": {"circle", "alone"},
    "nele": {"circle", "alone", "draft"},
    "sofie": {"circle"},
    "tom": set[str](),
    "wim": set[str](),
}
"""Which marks each may meet: the mandatory seats read both cases, the DPO and the neighbour none."""
STREAM_LINE = re.compile(r"data: 0 [0-9a-f]{16}|retry: \d+|: [a-z ]+|")


@pytest.fixture(scope="module")
async def cells(platform: Platform) -> AsyncIterator[Walled]:
    """Two cells with marked texts."""
    async with walled(platform) as cells:
        yield cells


@pytest.fixture(scope="module")
async def inside(platform: Platform, cells: Walled) -> Crawl:
    """All that Nele, who reads most, comes to: the proof that the marks stand on pages, and the addresses to try."""
    found = await crawled(platform, cells.table.account("nele"))
    for mark in READS["nele"]:
        assert found.reads(cells.marks[mark]), f"nele meets no {mark}"
    assert found.streams
    return found


@pytest.mark.parametrize("name", READS)
async def test_who_is_in_the_cell_meets_only_what_is_meant_for_them(
    platform: Platform, cells: Walled, inside: Crawl, name: str
) -> None:
    found = await crawled(platform, cells.table.account(name))
    found.texts |= await opened(platform, cells.table.account(name), inside.texts)
    assert {mark: found.reads(cells.marks[mark]) for mark in set(MARKS) - READS[name]} == {
        mark: [] for mark in set(MARKS) - READS[name]
    }


async def test_who_is_in_another_cell_meets_nothing_of_this_one(
    platform: Platform, cells: Walled, inside: Crawl
) -> None:
    account = cells.others.account("an")
    found = await crawled(platform, account)
    assert found.reads(cells.marks["other"]), "the coordinator reads the case of the own cell"
    found.texts |= await opened(platform, account, inside.texts)
    assert [found.reads(cells.marks[mark]) for mark in ("circle", "alone", "draft")] == [[], [], []]


async def test_a_stream_says_how_far_a_cell_is_and_nothing_else(
    platform: Platform, cells: Walled, inside: Crawl
) -> None:
    (address,) = inside.streams
    async with listening(platform, cells.table.account("nele"), address) as stream:
        assert stream.status_code == 200
        lines = await lines_until_changed(stream, cells.table["nele"], cells)
    assert [line for line in lines if not STREAM_LINE.fullmatch(line)] == []
    async with listening(platform, cells.table.account("wim"), address) as stream:
        assert stream.status_code == 404


async def lines_until_changed(stream: httpx.Response, nele: Caller, cells: Walled) -> list[str]:
    """What is heard until something that Nele does now is told."""
    lines: list[str] = []
    async with asyncio.timeout(HANGS_AFTER):
        async for line in stream.aiter_lines():
            lines.append(line)
            told = len([line for line in lines if line.startswith("data:")])
            if told == 2:
                return lines
            if len(lines) == 1:
                await nele.post(cells.table.path("signals"), cells.pen("circle").signal(cells.table.nis_code))
    raise AssertionError(f"the stream ended after {lines}")
