"""All keys of a running platform rotated by the real commands, in the middle of its work."""

from __future__ import annotations

import asyncio

import pytest

from deploy.local.platform import Platform
from deploy.local.ports import SERVICES
from deploy.local.rotate import rotate
from services.kit.keys import root_key_files
from tests.e2e.story import Story, trail_lines
from tests.e2e.table import Table


@pytest.fixture(scope="session")
def platform(storm: Platform) -> Platform:
    """The one of which parts may be stopped."""
    return storm


async def test_a_case_goes_on_while_all_keys_are_rotated(platform: Platform, table: Table) -> None:
    before, after = Story(table), Story(table)
    await before.play()
    instance, case = platform.instance, table.path(f"cases/{before.case}")
    told = (await table["lieve"].get(case)).body
    assert "Voorbeeld" in str(told)
    roots = {name: len(root_key_files(instance.secrets.root_key(name))) for name in SERVICES}
    await asyncio.to_thread(rotate, instance, "root", "--always")
    await asyncio.to_thread(rotate, instance, "cells", "--always")
    assert {name: len(root_key_files(instance.secrets.root_key(name))) for name in SERVICES} == {
        name: count + 1 for name, count in roots.items()
    }
    assert (await table["lieve"].get(case)).body == told
    for name in ("case", "audit", "partner_directory"):
        platform.kill(name)
        await platform.is_up(name)
    assert (await table["lieve"].get(case)).body == told
    await after.play()
    entries = await before.audit_trail()
    assert len(trail_lines(entries, {})) == len(entries)
