"""Records as producers send them, and what stands in the log afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.audit.commands.check_heights import CheckHeights, check_heights
from services.audit.commands.merge_records import MergeRecords, merge_records
from services.audit.model.position import Missing
from services.audit.model.record import HighWaterMark, Record, Source
from services.kit.ids import new_id
from tests.harness import START, Cell


@dataclass
class Producer:
    """A service that counts its records of one cell."""

    source: Source = field(default_factory=lambda: Source("case", uuid4()))
    seq: int = 0

    def record(self, *object_ids: UUID, **changes: Any) -> Record:
        """The next record."""
        self.seq += 1
        values: dict[str, Any] = {
            "record_id": new_id(), "source": self.source, "seq": self.seq, "heard_at": START, "at": START,
            "verb": "consult", "action": "read_case", "outcome": "allow", "purpose": "prevent_terrorist_offences",
            "legal_basis": "decree-vl-2021-05-21", "actor_id": str(uuid4()), "actor_kind": "person",
            "organisation_id": str(uuid4()), "on_behalf_of": "", "object_ids": object_ids, "fields": ("frame",),
            "count": 1, "acr": 2, "trace_id": "0af7651916cd43dd8448eb211c80319c", "codes": {"role": "coordinator"},
        }  # fmt: skip
        return Record(**(values | changes))

    def records(self, number: int) -> list[Record]:
        """The next few."""
        return [self.record(uuid4()) for _ in range(number)]

    def height(self, seq: int, **later: float) -> HighWaterMark:
        """What the producer says to have reached, some time after the start."""
        return HighWaterMark(self.source, seq, START + timedelta(**later))


async def merge(cell: Cell, records: Sequence[Record], *heights: HighWaterMark) -> tuple[Missing, ...]:
    """Deliver one batch."""
    return await cell.as_system(merge_records, MergeRecords(tuple(records), heights))


async def check(cell: Cell, producer: Producer, **later: float) -> None:
    """Check the cell when the producer was heard so long after the start."""
    await cell.as_system(check_heights, CheckHeights({producer.source.producer: START + timedelta(**later)}))


async def rows(cell: Cell, query: str) -> list[Any]:
    """What stands in the audit service's database of this cell, whoever may read it."""
    own = re.sub(r"FROM (\w+)", r"FROM (SELECT * FROM \1 WHERE tenant_id = $1) AS \1", query)
    return [tuple(row) for row in await cell.harness.database.unwalled(own, cell.cell_id)]


async def leaves(cell: Cell) -> list[bytes]:
    """The log, from the first entry on; its indexes have no gap and its size is right."""
    # In one statement, hence of one moment: tests look while records are arriving.
    found = await rows(
        cell, "SELECT size, index, leaf FROM log FULL JOIN (SELECT * FROM entry) e USING (tenant_id) ORDER BY index"
    )
    entries = [(index, leaf) for _, index, leaf in found if index is not None]
    assert [index for index, _ in entries] == list(range(len(entries)))
    assert {size for size, _, _ in found} <= {len(entries)}
    return [leaf for _, leaf in entries]


async def findings(cell: Cell) -> list[tuple[str, int, int, bool]]:
    """Kind, first and last number, and whether it is closed."""
    found = await rows(cell, "SELECT kind, first_seq, last_seq, resolved_at FROM finding ORDER BY finding_id")
    return [(kind, first, last, resolved is not None) for kind, first, last, resolved in found]
