"""The people of each cell as the directory last told them, so that it need not read the same names for each page.

Every page still asks: the directory decides and records, and says whether what is held is the present state. Nothing of
this is shown without that answer, so who lost the mandate sees nothing, and what changed is told anew.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from uuid import UUID

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.language import Language
from services.portal.web.ui.table import Drawn, TableView

LIVES_SECONDS = 300
"""How long names stay in memory after they were told, asked for or not."""
MOST_MANDATES = 20_000
"""Of all cells together, some 20 MB; the cell asked for longest ago gives way."""


class _Held:
    """The people of one cell in one version, and what pages made of them in each language."""

    def __init__(self, told: pb.Table) -> None:
        # A copy without what was the caller's own.
        self.people = pb.Table(version=told.version, mandates=told.mandates, more_before=told.more_before)
        self.drawn: dict[object, Drawn] = {}


class Tables:
    """Reads the tables of cells, for whoever asks."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, _Held] = OrderedDict()

    async def read(
        self, cell: UUID, language: Language, ask: Callable[[pb.ReadTableRequest], Awaitable[pb.Table]]
    ) -> TableView:
        """The table of a cell as `ask` is answered: a call to the directory for the person who looks."""
        held = self._held.get(cell)
        told = await ask(pb.ReadTableRequest(if_version=held.people.version if held else ""))
        if told.unchanged:
            assert held is not None, "nobody said that anything was held"
            told.MergeFrom(held.people)
            if self._held.get(cell) is held:
                self._held.move_to_end(cell)
        else:
            held = self._hold(cell, told)
        return TableView(told, language, held.drawn)

    def _hold(self, cell: UUID, told: pb.Table) -> _Held:
        held = _Held(told)
        # Before secrecy is promised the answer is the caller's own place, and of no use to others.
        if told.version:
            self._held[cell] = held
            self._held.move_to_end(cell)
            asyncio.get_running_loop().call_later(LIVES_SECONDS, self._forget, cell, held)
            while sum(len(each.people.mandates) for each in self._held.values()) > MOST_MANDATES:
                self._held.popitem(last=False)
        return held

    def _forget(self, cell: UUID, held: _Held) -> None:
        if self._held.get(cell) is held:
            del self._held[cell]
