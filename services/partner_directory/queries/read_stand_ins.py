"""Whether a cell has anybody who can say yes."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.partner_directory.invitation import anybody_left


@dataclass(frozen=True, slots=True)
class ReadStandIns:
    """Nothing more than the cell addressed."""


async def read_stand_ins(work: Work, query: ReadStandIns) -> bool:
    """Whether there is a mayor or a coordinator, now or planned; for a recovery, which is asked for outside."""
    return await anybody_left(work)
