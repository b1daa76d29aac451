"""Accessibility by axe: WCAG 2.0 to 2.2, A and AA, and best practice."""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]

from tests.pages.watched import Watched

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
OPTIONS = json.dumps({"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "elementRef": False})
WORLD = "axe"
SHOWN = 3


async def bring_axe(watched: Watched) -> None:
    """Let every document that this page comes to have the script from its beginning: sent once, not once for each."""
    await watched.bring(AXE_SCRIPT, WORLD)


async def axe_violations(watched: Watched) -> list[str]:
    """What axe finds, a line for each rule that is broken, with the first places.

    Its script is in a world of its own. Where it was not brought, it is sent now.
    """
    if not await watched.evaluate("typeof axe !== 'undefined'", WORLD):
        await watched.evaluate(f"{AXE_SCRIPT}; 0", WORLD)
    found: list[dict[str, Any]] = await watched.evaluate(f"axe.run(document, {OPTIONS}).then(r => r.violations)", WORLD)
    return [_line(result) for result in found]


def _line(violation: dict[str, Any]) -> str:
    places = [f"{' '.join(map(str, node['target']))} ({node['any'][0]['message'] if node['any'] else ''})"
              for node in violation["nodes"]]  # fmt: skip
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return f"axe {violation['id']}: {violation['help']}: {'; '.join(places[:SHOWN])}{more}"
