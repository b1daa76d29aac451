"""How far each producer's numbers have arrived, and what is missing below or above.

A number that is missing is no finding yet: messages overtake one another, and a producer may be cut off. It is one when
the producer was heard again a minute after the lack was noticed, because then it was connected and still did not send.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.audit.model.record import Source

PATIENCE = timedelta(minutes=1)


class FindingKind(StrEnum):
    """What the log cannot explain."""

    HOLE = "hole"
    HEIGHT_MISSED = "height_missed"
    SEQ_TWICE = "seq_twice"


@dataclass(frozen=True, slots=True)
class Missing:
    """Numbers `first` to `last` have not arrived; noticed at `since`, by the stream's clock."""

    source: Source
    kind: FindingKind
    first: int
    last: int
    since: datetime

    def is_finding(self, heard: Mapping[str, datetime]) -> bool:
        """Whether the producer was heard a minute later; `heard` tells when each was heard last, in any tenant."""
        heard_at = heard.get(self.source.producer)
        return heard_at is not None and heard_at >= self.since + PATIENCE


@dataclass(slots=True)
class Position:
    """One producer in one epoch: its highest number, the gaps below, the height it says it has reached."""

    source: Source
    highest: int = 0
    height: int = 0
    height_at: datetime | None = None
    gaps: list[Missing] = field(default_factory=list)

    @property
    def contiguous(self) -> int:
        """All numbers up to this one have arrived."""
        return self.gaps[0].first - 1 if self.gaps else self.highest

    def take(self, seq: int, heard_at: datetime) -> bool:
        """Note that a number arrived. False when it had arrived before: two records bear it."""
        if seq > self.highest:
            if seq > self.highest + 1:
                self.gaps.append(Missing(self.source, FindingKind.HOLE, self.highest + 1, seq - 1, heard_at))
            self.highest = seq
            return True
        for place, gap in enumerate(self.gaps):
            if gap.first <= seq <= gap.last:
                parts = [(gap.first, seq - 1), (seq + 1, gap.last)]
                self.gaps[place : place + 1] = [
                    Missing(self.source, gap.kind, first, last, gap.since) for first, last in parts if first <= last
                ]
                return True
        return False

    def reach(self, height: int, heard_at: datetime) -> None:
        """Note what the producer says. What it said first and did not send counts from then."""
        if self.height_at is None or self.highest >= self.height:
            self.height_at = heard_at
        self.height = max(self.height, height)

    def missing(self) -> Iterator[Missing]:
        """All that has not arrived."""
        yield from self.gaps
        if self.height > self.highest and self.height_at is not None:
            yield Missing(self.source, FindingKind.HEIGHT_MISSED, self.highest + 1, self.height, self.height_at)
