"""How far each producer has come in a cell's log, what of it is missing, and which findings say so."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from services.audit.model.position import FindingKind, Missing, Position
from services.audit.model.record import Source
from services.kit.execute import Work
from services.kit.ids import new_id

_POSITIONS = text("""
SELECT position.producer, position.epoch, highest, height, height_at, first_seq, last_seq, noticed_at
FROM producer_position AS position LEFT JOIN producer_gap USING (tenant_id, producer, epoch)
WHERE position.tenant_id = :tenant ORDER BY position.producer, position.epoch, first_seq""")
_OPEN = text("""
SELECT producer, epoch, first_seq, last_seq FROM finding
WHERE tenant_id = :tenant AND resolved_at IS NULL AND kind <> 'seq_twice'""")
_FIND = text("""
INSERT INTO finding (tenant_id, finding_id, kind, producer, epoch, first_seq, last_seq, found_at)
VALUES (:tenant, :finding_id, :kind, :producer, :epoch, :first, :last, :now)""")


async def unexplained(work: Work, positions: Mapping[Source, Position]) -> tuple[Missing, ...]:
    """What is missing and stands in no open finding yet."""
    missing = [gap for position in positions.values() for gap in position.missing()]
    if not missing:
        return ()
    found = (await work.session.execute(_OPEN, {"tenant": work.cell_id})).all()

    def covered(gap: Missing) -> bool:
        return any(
            (row.producer, row.epoch) == (gap.source.producer, gap.source.epoch)
            and row.first_seq <= gap.first
            and row.last_seq >= gap.last
            for row in found
        )

    return tuple(gap for gap in missing if not covered(gap))


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
