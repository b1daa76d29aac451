"""One machine as a picture: states below each other in their order, moves ahead as arcs on the right, back on the left.

No arc crosses a box, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Any

Moves = Mapping[Any, Iterable[Any]]

WIDTH, HEIGHT, APART = 176, 34, 26
MARGIN = 16
STEP = 26
"""How much further out an arc goes for each state it passes."""
APART_AT_BOX = 7
"""Moves leave a box above its middle and come in below it, or the other way round, so that no two ends meet."""
AHEAD, BACK = "#1b6c68", "#8a5a00"
STYLE = f"""
.paper {{ fill: #fff }} .state {{ fill: #eaf4f2; stroke: {AHEAD}; stroke-width: 1.5 }}
text {{ font: 13px system-ui, sans-serif; fill: #16211f; text-anchor: middle }}
path {{ fill: none; stroke: {AHEAD}; stroke-width: 1.4 }} .back {{ stroke: {BACK}; stroke-dasharray: 5 4 }}
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A table of moves under the name of its file; `apart` are states of which a sentence tells instead of arcs."""

    name: str
    title: str
    moves: Moves
    apart: frozenset[StrEnum] = frozenset()

    @property
    def states(self) -> list[StrEnum]:
        """Those that are drawn, in the order of their code."""
        return [state for state in type(next(iter(self.moves))) if state in self.moves and state not in self.apart]

    def arrows(self) -> list[tuple[StrEnum, StrEnum]]:
        """The moves between them."""
        there = self.states
        return [(state, to) for state in there for to in there if to in set(self.moves[state])]


def draw(machine: Machine) -> str:
    """The picture as SVG; what it shows stands in its description too."""
    rows = {state: number for number, state in enumerate(machine.states)}
    arcs = [(rows[source], rows[to]) for source, to in machine.arrows()]
    left = MARGIN + _room(source - to for source, to in arcs if to < source)
    right = MARGIN + _room(max(to - source, 1) for source, to in arcs if to >= source)
    width, height = left + WIDTH + right, 2 * MARGIN + len(rows) * (HEIGHT + APART) - APART
    drawn = "\n".join(_arc(source, to, left) for source, to in arcs)
    boxes = "\n".join(_box(state, left, row) for state, row in rows.items())
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title what">
<title id="title">{escape(machine.title)}</title>
<desc id="what">{escape(_told(machine))}</desc>
<style>{STYLE}</style>
<defs>{_head("ahead", AHEAD)}{_head("back", BACK)}</defs>
<rect class="paper" width="{width}" height="{height}"/>
{drawn}
{boxes}
</svg>
"""


def _room(spans: Iterable[int]) -> int:
    return max((_reach(span) for span in spans), default=0)


def _reach(span: int) -> int:
    """How far from the box an arc over so many states goes; a curve comes three quarters of the way to its points."""
    return 18 + STEP * span


def _middle(row: int) -> float:
    return MARGIN + row * (HEIGHT + APART) + HEIGHT / 2


def _box(state: StrEnum, left: int, row: int) -> str:
    rect = (
        f'<rect class="state" x="{left}" y="{_middle(row) - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
    )
    return f'{rect}<text x="{left + WIDTH / 2:g}" y="{_middle(row) + 4.5:g}">{escape(state.value)}</text>'


def _arc(source: int, to: int, left: int) -> str:
    back = to < source
    side, out = (left, -1) if back else (left + WIDTH, 1)
    start, end = _middle(source) + out * APART_AT_BOX, _middle(to) - out * APART_AT_BOX
    if source == to:
        start, end = end, start
    point = side + out * 4 / 3 * (_reach(abs(to - source) or 1) - 6)
    way = f"M{side} {start:g} C{point:g} {start:g} {point:g} {end:g} {side + out * 2} {end:g}"
    name = "back" if back else "ahead"
    return f'<path class="{name}" d="{way}" marker-end="url(#{name})"/>'


def _head(name: str, colour: str) -> str:
    shape = f'<polygon points="0 0 8 4 0 8" fill="{colour}"/>'
    size = 'markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto" markerUnits="userSpaceOnUse"'
    return f'<marker id="{name}" {size}>{shape}</marker>'


def _told(machine: Machine) -> str:
    """The same in words."""
    ways: dict[StrEnum, list[str]] = {}
    for source, to in machine.arrows():
        ways.setdefault(source, []).append(to.value)
    return ". ".join(f"{state.value} to {', '.join(ways[state])}" for state in machine.states if state in ways) + "."
