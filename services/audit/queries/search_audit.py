"""Who did what in this cell: for its DPO and for oversight. Itself recorded, so nobody reads the log unseen."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, column, func, select, table, text

from services.audit.model.detail import UNDER_CELL_KEY, Detail, SealedPart, name_data, open_detail
from services.audit.model.leaf import base64url, canonical
from services.kit.audit import MAX_OBJECTS
from services.kit.execute import Work
from services.kit.paging import page_of
from services.kit.vault import KeyDestroyed

_ENTRY = table("entry", *(column(name) for name in ("tenant_id", "index", "record_id", "leaf", "at", "verb", "actor")))
_DETAIL = table("entry_detail", *(column(name) for name in ("tenant_id", "index", "pseudonym")))
# Arrays, not lists of parameters: of those each length would be a statement of its own.
_PARTS = text("""
SELECT index, pseudonym, sealed FROM entry_detail
WHERE tenant_id = :tenant AND index = ANY(CAST(:indexes AS bigint[]))""")
_NAMES = text("""
SELECT pseudonym, sealed FROM object_name
WHERE tenant_id = :tenant AND pseudonym = ANY(CAST(:pseudonyms AS bytea[]))""")
_SIZE = text("SELECT size FROM log WHERE tenant_id = :tenant")
_FINDINGS_OPEN = text("SELECT count(*) FROM finding WHERE tenant_id = :tenant AND resolved_at IS NULL")
_FINDINGS = text("""
SELECT kind, producer, epoch, first_seq, last_seq, found_at, resolved_at FROM finding WHERE tenant_id = :tenant
ORDER BY resolved_at IS NOT NULL, finding_id DESC LIMIT 50""")


@dataclass(frozen=True, slots=True)
class SearchAudit:
    """Filters, None or empty for any; `before` is the index at which the page before ended."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    actor_id: UUID | None = None
    object_id: UUID | None = None
    verb: str = ""
    action: str = ""
    size: int = 20
    before: int | None = None


@dataclass(frozen=True, slots=True)
class EntryView:
    """The leaf exactly as logged, and what it stands for while the keys exist."""

    index: int
    leaf: str
    detail: Detail | None
    object_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """What the log could not explain; `resolved_at` when the numbers arrived after all."""

    kind: str
    producer: str
    epoch: UUID
    first_seq: int
    last_seq: int
    found_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Newest first; `next_before` is None on the last page. Open findings first, at most 50, and how many are open."""

    entries: tuple[EntryView, ...]
    next_before: int | None
    log_size: int
    findings: tuple[FindingView, ...]
    findings_open: int


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry as it stands in the log."""

    index: int
    record_id: UUID
    leaf: bytes


async def search_audit(work: Work, query: SearchAudit) -> AuditPage:
    """Search the log of the addressed cell. What is returned is named: up to 50 objects, and their number."""
    shown, more = page_of(await _find(work, query), query.size)
    entries = await _resolve(work, shown)
    _note(work, query, entries)
    values = {"tenant": work.cell_id}
    size = (await work.session.execute(_SIZE, values)).scalar() or 0
    findings = tuple(FindingView(*row) for row in await work.session.execute(_FINDINGS, values))
    unexplained = (await work.session.execute(_FINDINGS_OPEN, values)).scalar_one()
    return AuditPage(entries, shown[-1].index if more else None, size, findings, unexplained)


async def _find(work: Work, query: SearchAudit) -> list[_Found]:
    """One row more than the page, to know whether there is another."""
    try:
        filters = await _filters(work, query)
    except KeyDestroyed:
        # Nothing was ever logged of this object, or it was erased: nobody can tell which entries were its own.
        return []
    wanted = select(_ENTRY.c.index, _ENTRY.c.record_id, _ENTRY.c.leaf).where(*filters)
    wanted = wanted.order_by(_ENTRY.c.index.desc()).limit(query.size + 1)
    return [_Found(*row) for row in await work.session.execute(wanted)]


async def _filters(work: Work, query: SearchAudit) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [_ENTRY.c.tenant_id == work.cell_id]
    if query.before is not None:
        filters.append(_ENTRY.c.index < query.before)
    if query.starts_at is not None:
        filters.append(_ENTRY.c.at >= query.starts_at)
    if query.ends_at is not None:
        filters.append(_ENTRY.c.at < query.ends_at)
    if query.verb:
        filters.append(_ENTRY.c.verb == query.verb)
    if query.action:
        filters.append(func.pg_catalog.position(_ENTRY.c.leaf, said_of(query.action)) > 0)
    if query.actor_id is not None:
        filters.append(_ENTRY.c.actor == await work.keyring.pseudonym(str(query.actor_id), "actor"))
    if query.object_id is not None:
        pseudonym = await work.keyring.pseudonym(str(query.object_id), "object", query.object_id)
        own = (_DETAIL.c.tenant_id == work.cell_id, _DETAIL.c.pseudonym == pseudonym)
        filters.append(_ENTRY.c.index.in_(select(_DETAIL.c.index).where(*own)))
    return filters


def said_of(action: str) -> bytes:
    """What the leaf of such an act says, and no other: it is canonical, and holds neither objects nor free text."""
    return canonical({"action": action}).strip(b"{}")


async def _resolve(work: Work, found: Sequence[_Found]) -> tuple[EntryView, ...]:
    parts = await _parts(work, [result.index for result in found])
    names = await _names(work, {part.pseudonym for many in parts.values() for part in many})
    await work.keyring.hold(list(names.values()))
    views = []
    for result in found:
        places = {name: place for place, name in enumerate(json.loads(result.leaf)["objects"])}
        ordered = sorted(parts[result.index], key=lambda part: places.get(base64url(part.pseudonym), -1))
        opened = await open_detail(work.keyring, work.cell_id, result.record_id, ordered, names, salted=False)
        views.append(EntryView(result.index, result.leaf.decode(), opened.detail, opened.object_ids))
    return tuple(views)


async def _parts(work: Work, indexes: Sequence[int]) -> Mapping[int, list[SealedPart]]:
    parts: dict[int, list[SealedPart]] = defaultdict(list)
    values = {"tenant": work.cell_id, "indexes": list(indexes)}
    for index, pseudonym, sealed in await work.session.execute(_PARTS, values):
        parts[index].append(SealedPart(pseudonym, sealed))
    return parts


async def _names(work: Work, pseudonyms: set[bytes]) -> dict[bytes, UUID]:
    """Which objects these are; erased ones are missing."""
    values = {"tenant": work.cell_id, "pseudonyms": list(pseudonyms - {UNDER_CELL_KEY})}
    return {
        pseudonym: UUID(await work.keyring.open(sealed, name_data(work.cell_id, pseudonym)))
        for pseudonym, sealed in (await work.session.execute(_NAMES, values)).all()
    }


def _note(work: Work, query: SearchAudit, entries: Sequence[EntryView]) -> None:
    """An object that was asked for is named among the others: a code would outlive its erasure."""
    objects = dict.fromkeys(object_id for entry in entries for object_id in entry.object_ids)
    for object_id in list(objects)[:MAX_OBJECTS]:
        work.concern(object_id)
    work.trail.count = len(entries)
    work.trail.detail["objects"] = str(len(objects))
    if query.actor_id is not None:
        work.trail.detail["by_actor"] = str(query.actor_id)
    if query.object_id is not None:
        work.trail.detail["by_object"] = "yes"
