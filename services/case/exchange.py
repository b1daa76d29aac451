"""The exchange inside a signal as its commands and its read see it, and whom it tells that something waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from services.case.check import tell_seat, waits_no_more
from services.case.events import notice_asked
from services.case.model import ExchangeKind, ExchangeStanding, Signal, SignalEntry
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.policy import TABLE
from services.kit.statements import Row, Statement
from services.kit.vault import AssociatedData

# The walls show entries to who reads the texts, and of how far others read nothing. One row without an entry tells of a
# signal of which nothing was said, or nothing to the caller.
_FOUND = """
SELECT one.reporter_id, EXISTS (SELECT 1 FROM mandate
         WHERE mandate.tenant_id = one.tenant_id AND mandate.person_id = one.reporter_id
           AND mandate.role = ANY (:roles) AND one.nis_code = ANY (mandate.nis_codes)
           AND mandate.starts_at <= :now AND mandate.ends_at > :now) AS reporter_sits,
       own.seen_to, entry.entry_id, entry.kind, entry.answers, entry.author_id, entry.said_at, entry.language{said}
  FROM signal AS one
  LEFT JOIN signal_entry AS entry ON entry.tenant_id = one.tenant_id AND entry.signal_id = one.signal_id
  LEFT JOIN signal_seen AS own ON own.tenant_id = one.tenant_id AND own.signal_id = one.signal_id
 WHERE one.tenant_id = :tenant AND one.signal_id = :signal_id ORDER BY entry.said_at, entry.entry_id"""
_STANDING = Statement(text(_FOUND.format(said="")))
_WITH_TEXTS = Statement(text(_FOUND.format(said=", entry.said")))
_SEE = Statement(
    text("""
INSERT INTO signal_seen (tenant_id, signal_id, reader_id, seen_to)
VALUES (:tenant, :signal_id, :reader, :seen_to)
ON CONFLICT (tenant_id, signal_id, reader_id) DO UPDATE SET seen_to = excluded.seen_to
 WHERE signal_seen.seen_to < excluded.seen_to""")
)


@dataclass(frozen=True, slots=True)
class EntryView:
    """Something said; `answers`: of an answer, which question; `open`: a question that nobody answered yet."""

    entry_id: UUID
    kind: str
    author_id: UUID
    said_at: datetime
    text: str
    language: str
    answers: UUID | None
    open: bool


async def standing_exchange(work: Work, signal_id: UUID) -> ExchangeStanding:
    """What the exchange of a signal allows now; the caller has found the signal."""
    return _standing(await work.fetch(_STANDING, _named(work, signal_id)))


async def read_exchange(work: Work, signal_id: UUID) -> tuple[ExchangeStanding, tuple[EntryView, ...]]:
    """What was said, in order of time, as far as the caller reads it; what others added does not wait any more."""
    rows = await work.fetch(_WITH_TEXTS, _named(work, signal_id))
    standing = _standing(rows)
    views = tuple([await _view(work, signal_id, row, standing) for row in _entries(rows)])
    news = [view.said_at for view in views if view.kind != ExchangeKind.QUESTION and view.author_id != work.actor_id]
    if news and (rows[0].seen_to is None or rows[0].seen_to < news[-1]):
        values = {"tenant": work.cell_id, "signal_id": signal_id, "reader": work.actor_id, "seen_to": news[-1]}
        await work.execute(_SEE, values)
    return standing, views


async def say(
    work: Work, signal: Signal, kind: ExchangeKind, said: str, language: str, answers: UUID | None = None
) -> None:  # fmt: skip
    """Keep it for the circle of the signal, which has a new version by it."""
    entry_id = new_id()
    place = AssociatedData(signal.signal_id, "signal_entry", "said", entry_id)
    entry = SignalEntry(
        tenant_id=work.cell_id, entry_id=entry_id, signal_id=signal.signal_id, nis_code=signal.nis_code,
        kind=kind, answers=answers, author_id=work.actor_id, said_at=work.now, language=language,
        said=await work.seal(said, place),
    )  # fmt: skip
    work.session.add(entry)
    await work.session.flush()


def tell_reporter(work: Work, signal: Signal) -> None:
    """Whoever told it is written to that a question waits."""
    asked = NoticeAsked(
        NoticeKind.SIGNAL_ASKED, signal.signal_id, urgent=signal.urgent, person_ids=(signal.reporter_id,),
        by=work.actor_id,
    )  # fmt: skip
    work.publish(notice_asked(asked))


def tell_coordinator(work: Work, signal: Signal) -> None:
    """Whoever holds the coordinator's seat is written to that there is more to read."""
    tell_seat(work, signal, NoticeKind.SIGNAL_ADDED, "coordinator", urgent=signal.urgent)


def exchange_over(work: Work, signal_id: UUID) -> None:
    """It is decided what comes of the signal: nothing of the exchange waits."""
    waits_no_more(work, signal_id, NoticeKind.SIGNAL_ASKED, NoticeKind.SIGNAL_ADDED)


def _named(work: Work, signal_id: UUID) -> dict[str, object]:
    roles = sorted(role.value for role in TABLE)
    return {"tenant": work.cell_id, "signal_id": signal_id, "now": work.now, "roles": roles}


def _entries(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.entry_id is not None]


def _standing(rows: Sequence[Row]) -> ExchangeStanding:
    entries = _entries(rows)
    return ExchangeStanding(
        rows[0].reporter_id,
        rows[0].reporter_sits,
        frozenset(row.entry_id for row in entries if row.kind == ExchangeKind.QUESTION),
        frozenset(row.answers for row in entries if row.answers is not None),
        sum(row.kind == ExchangeKind.ADDITION for row in entries),
    )


async def _view(work: Work, signal_id: UUID, row: Row, standing: ExchangeStanding) -> EntryView:
    said = await work.open(row.said, AssociatedData(signal_id, "signal_entry", "said", row.entry_id))
    waits = row.entry_id in standing.open
    return EntryView(row.entry_id, row.kind, row.author_id, row.said_at, said, row.language, row.answers, waits)
