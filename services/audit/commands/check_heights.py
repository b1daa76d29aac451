"""Look, when its time has come, whether what is missing must be called a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from services.audit.model.position import FindingKind, Missing, Position
from services.audit.model.record import Source
from services.kit.execute import Work
from services.kit.ids import new_id

_POSITIONS = text("""
SELECT position.producer, position.epoch, highest, height, height_at, first_seq, last_seq, noticed_at
FROM producer_position AS position LEFT JOIN producer_gap USING (tenant_id, producer, epoch)
WHERE position.tenant_id = :tenant ORDER BY position.producer, position.epoch, first_seq""")
_LOCK = text("SELECT size FROM log WHERE tenant_id = :tenant FOR UPDATE")
_OPEN = text("""
SELECT producer, epoch, first_seq, last_seq FROM finding
WHERE tenant_id = :tenant AND resolved_at IS NULL AND kind <> 'seq_twice'""")
_FIND = text("""
INSERT INTO finding (tenant_id, finding_id, kind, producer, epoch, first_seq, last_seq, found_at)
VALUES (:tenant, :finding_id, :kind, :producer, :epoch, :first, :last, :now)""")


@dataclass(frozen=True, slots=True)
class CheckHeights:
    """When each producer was heard last, in any cell."""

    heard: Mapping[str, datetime]


async def check_heights(work: Work, command: CheckHeights) -> None:
    """Add a finding for what is missing although its producer was heard a minute after that was noticed.

    The log's row is locked, so that no merge fills a gap meanwhile.
    """
    await work.session.execute(_LOCK, {"tenant": work.cell_id})
    for one in await unexplained(work, await load_positions(work)):
        if one.is_finding(command.heard):
            await add_finding(work, one.source, one.kind, one.first, one.last)
            work.trail.count += 1


async def unexplained(work: Work, positions: Mapping[Source, Position]) -> tuple[Missing, ...]:
    """What is missing and stands in no open finding yet."""
    missing = [one for position in positions.values() for one in position.missing()]
    if not missing:
        return ()
    found = (await work.session.execute(_OPEN, {"tenant": work.cell_id})).all()

    def covered(one: Missing) -> bool:
        return any(
            (row.producer, row.epoch) == (one.source.producer, one.source.epoch)
            and row.first_seq <= one.first
            and row.last_seq >= one.last
            for row in found
        )

    return tuple(one for one in missing if not covered(one))


async def load_positions(work: Work) -> dict[Source, Position]:
    """All producers of this cell's log, with their gaps in ascending order."""
    positions: dict[Source, Position] = {}
    for row in await work.session.execute(_POSITIONS, {"tenant": work.cell_id}):
        source = Source(row.producer, row.epoch)
        position = positions.setdefault(source, Position(source, row.highest, row.height, row.height_at))
        if row.first_seq is not None:
            position.gaps.append(Missing(source, FindingKind.HOLE, row.first_seq, row.last_seq, row.noticed_at))
    return positions


async def add_finding(work: Work, source: Source, kind: FindingKind, first: int, last: int) -> None:
    """Add a finding; it is never changed, only closed when the numbers arrive after all."""
    values = {
        "tenant": work.cell_id, "finding_id": new_id(), "kind": kind.value, "producer": source.producer,
        "epoch": source.epoch, "first": first, "last": last, "now": work.now,
    }  # fmt: skip
    await work.session.execute(_FIND, values)
