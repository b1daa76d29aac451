"""Two cells in which every text a person typed is marked by who may read it, for the walls between pages."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from deploy.local.platform import Platform
from tests.e2e.bodies import Pen
from tests.e2e.fresh import fresh_table
from tests.e2e.story import Story
from tests.e2e.table import Table

MARKS = ("circle", "alone", "draft", "other")


@dataclass
class Walled:
    """`table` has a case read by its whole circle (mark `circle`, in an open session), one whose circle lacks Sofie
    (`alone`), and a private draft of Nele (`draft`); `others` is another cell with a case of its own (`other`).
    """

    table: Table
    others: Table
    marks: dict[str, str] = field(default_factory=lambda: {name: f"mark{secrets.token_hex(6)}" for name in MARKS})

    def pen(self, mark: str) -> Pen:
        """Writes texts that carry this mark."""
        return Pen(lambda text: f"{text} {self.marks[mark]}")

    async def play(self) -> None:
        """All that was told above."""
        await self._whole("circle", self.table)
        await self._whole("other", self.others)
        await self._without_sofie()

    async def _whole(self, mark: str, table: Table) -> None:
        story = Story(table, say=_nothing, pen=self.pen(mark))
        story.ids = await table.ids()
        for step in (
            story.nele_enters_a_signal, story.an_proposes_a_case, story.lieve_lists_it, story.an_composes_the_circle,
            story.partners_share, story.an_plans_a_session, story.lieve_opens_it,
        ):  # fmt: skip
            await step()

    async def _without_sofie(self) -> None:
        table, pen = self.table, self.pen("alone")
        story = Story(table, say=_nothing, pen=pen)
        story.ids = await table.ids()
        await story.nele_enters_a_signal()
        await table.talk(story.signal, pen)
        await story.an_proposes_a_case()
        await story.lieve_lists_it()
        path = table.path(f"cases/{story.case}")
        present = await table["an"].get(path)
        await table["an"].post(f"{path}/circle", pen.invitation(story.ids["nele"], "family"), if_match=present.etag)
        await table["nele"].post(f"{path}/contributions", self.pen("draft").draft("family", "Nog niet zeker."))


@asynccontextmanager
async def walled(platform: Platform) -> AsyncIterator[Walled]:
    """The two cells, played."""
    async with fresh_table(platform) as table, fresh_table(platform) as others:
        cells = Walled(table, others)
        await cells.play()
        yield cells


def _nothing(_: str) -> None:
    """The story is not told here."""
