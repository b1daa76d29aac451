"""Look, when its time has come, whether what is missing must be called a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from services.audit.find import add_finding, load_positions, unexplained
from services.kit.execute import Work

_LOCK = text("SELECT size FROM log WHERE tenant_id = :tenant FOR UPDATE")


@dataclass(frozen=True, slots=True)
class CheckHeights:
    """When each producer was heard last, in any cell."""

    heard: Mapping[str, datetime]


async def check_heights(work: Work, command: CheckHeights) -> None:
    """Add a finding for what is missing although its producer was heard a minute after that was noticed.

    The log's row is locked, so that no merge fills a gap meanwhile.
    """
    await work.session.execute(_LOCK, {"tenant": work.cell_id})
    for gap in await unexplained(work, await load_positions(work)):
        if gap.is_finding(command.heard):
            await add_finding(work, gap.source, gap.kind, gap.first, gap.last)
            work.trail.count += 1
