"""The same story `make demo` plays, in a fresh cell; twice, because a town has more than one case."""

from __future__ import annotations

import ast
import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from deploy.local.caller import Problem
from deploy.local.platform import Platform
from tests.e2e.fresh import next_nis_code
from tests.e2e.setting_up import PEOPLE, setting_up
from tests.e2e.story import Story, trail_lines
from tests.e2e.table import Table
from tests.e2e.waiting import until

FOLDER = Path(__file__).parent
PLAYED = ("story.py", "setting_up.py", "table.py", "bodies.py", "waiting.py")


async def test_from_signal_to_decision_and_again(table: Table) -> None:
    first, second = Story(table), Story(table)
    await first.play()
    await second.play()
    assert first.case != second.case
    entries = await first.audit_trail()
    assert len(trail_lines(entries, {})) == len(entries)


async def test_a_new_town_is_set_up_before_it_and_told_once(platform: Platform) -> None:
    told: list[str] = []
    nis_code, tag = next_nis_code(), secrets.token_hex(4)
    async with setting_up(platform, town=f"Molenwijk {tag}", nis_code=nis_code, tag=tag, say=told.append) as story:
        await story.play()
        assert len([line for line in told if "promises secrecy" in line]) == len(PEOPLE)
        assert told[-2].endswith("opens the table: ACTIVE")
        with pytest.raises(Problem, match="CellExists"):
            await story.play()


async def test_invariant_16_the_log_names_every_reader_of_the_case(table: Table) -> None:
    story = Story(table)
    await story.play()
    expected = {story.ids[name] for name in ("an", "lieve", "karim", "joris", "nele", "sofie")}

    async def named() -> list[dict[str, Any]] | None:
        """The last reading takes a moment to get there."""
        entries = await story.audit_trail()
        leaves = [(entry["actor_id"], json.loads(entry["leaf"])) for entry in entries]
        readers = {actor for actor, leaf in leaves if leaf["action"] == "read_case" and leaf["outcome"] == "allow"}
        return entries if expected <= readers else None

    assert "Voorbeeld" not in json.dumps(await until("the log names every reader", named))


def test_the_story_imports_nothing_of_the_product() -> None:
    imported = {name for file in PLAYED for name in imports_of((FOLDER / file).read_text())}
    assert not {name for name in imported if name.split(".")[0] in ("services", "rondetafel")}
    assert imports_of("from services.kit import rpc") == {"services.kit"}


def imports_of(source: str) -> set[str]:
    """The modules a source file imports."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
