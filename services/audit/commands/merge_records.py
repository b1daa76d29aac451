"""Append the records of all services to the cell's log: the heart of the audit service.

MUST: a record enters the log exactly once, however often and in whatever order it is delivered; indexes have no gap;
producers are told only of what is committed. The log's row is locked first, so merges of one cell follow one another.
This handler is not recorded, else the log would record itself without end; it changes nothing but the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.audit.events import audit_merged
from services.audit.find import add_finding, load_positions, unexplained
from services.audit.model.detail import SealedPart, name_data, seal_detail
from services.audit.model.leaf import base64url, leaf_bytes, make_leaf
from services.audit.model.position import FindingKind, Missing, Position
from services.audit.model.record import HighWaterMark, Record, Source
from services.kit.execute import Work

_LOCK = text("SELECT size FROM log WHERE tenant_id = :tenant FOR UPDATE")
# A log that exists is a cell's: refusals in it are recorded there from now on.
_OPEN_LOG = text("""
WITH known AS (INSERT INTO known_cell VALUES (:tenant) ON CONFLICT DO NOTHING)
INSERT INTO log (tenant_id, size) VALUES (:tenant, 0) ON CONFLICT DO NOTHING""")
_REPEATS = text("SELECT record_id FROM entry WHERE tenant_id = :tenant AND record_id = ANY(CAST(:ids AS uuid[]))")
_APPEND = text("""
WITH entries AS (
    INSERT INTO entry (tenant_id, index, record_id, leaf, at, verb, actor)
    SELECT :tenant, * FROM unnest(CAST(:indexes AS bigint[]), CAST(:record_ids AS uuid[]), CAST(:leaves AS bytea[]),
        CAST(:moments AS timestamptz[]), CAST(:verbs AS text[]), CAST(:actors AS bytea[]))),
details AS (
    INSERT INTO entry_detail (tenant_id, index, pseudonym, sealed)
    SELECT :tenant, * FROM unnest(CAST(:part_indexes AS bigint[]), CAST(:pseudonyms AS bytea[]),
        CAST(:sealed AS bytea[]))),
names AS (
    INSERT INTO object_name (tenant_id, pseudonym, sealed)
    SELECT :tenant, * FROM unnest(CAST(:names AS bytea[]), CAST(:named AS bytea[])) ON CONFLICT DO NOTHING)
UPDATE log SET size = :size WHERE tenant_id = :tenant""")
_MOVE = text("""
INSERT INTO producer_position (tenant_id, producer, epoch, highest, height, height_at)
SELECT :tenant, * FROM unnest(CAST(:producers AS text[]), CAST(:epochs AS uuid[]), CAST(:highest AS bigint[]),
    CAST(:heights AS bigint[]), CAST(:heights_at AS timestamptz[]))
ON CONFLICT (tenant_id, producer, epoch) DO UPDATE SET
    highest = excluded.highest, height = excluded.height, height_at = excluded.height_at""")
_FORGET_GAPS = text(
    "DELETE FROM producer_gap WHERE tenant_id = :tenant AND producer = :producer AND epoch = CAST(:epoch AS uuid)"
)
_NOTE_GAPS = text("""
INSERT INTO producer_gap (tenant_id, producer, epoch, first_seq, last_seq, noticed_at)
SELECT :tenant, :producer, CAST(:epoch AS uuid), * FROM unnest(CAST(:first AS bigint[]), CAST(:last AS bigint[]),
    CAST(:since AS timestamptz[]))""")
_RESOLVE = text("""
UPDATE finding SET resolved_at = :now
WHERE tenant_id = :tenant AND producer = :producer AND epoch = CAST(:epoch AS uuid) AND resolved_at IS NULL
AND kind <> 'seq_twice' AND last_seq <= :highest AND NOT EXISTS (
    SELECT 1 FROM producer_gap AS gap
    WHERE gap.tenant_id = :tenant AND gap.producer = :producer AND gap.epoch = CAST(:epoch AS uuid)
    AND gap.first_seq <= finding.last_seq AND gap.last_seq >= finding.first_seq)""")


@dataclass(frozen=True, slots=True)
class MergeRecords:
    """What arrived for one cell, in any order, repeats included. Empty: only say what is missing.

    `tells`: the producers hear of it now, and those that are still `owed` word of earlier merges; else whoever asks
    sees to it that they do.
    """

    records: tuple[Record, ...]
    heights: tuple[HighWaterMark, ...] = ()
    tells: bool = True
    owed: tuple[Source, ...] = ()


_Named = tuple[str, str | UUID]
"""What a pseudonym is for, and who or what bears it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One record on its way into the log."""

    record: Record
    leaf: bytes
    actor: bytes
    pseudonyms: list[bytes]
    parts: list[SealedPart]


async def merge_records(work: Work, command: MergeRecords) -> tuple[Missing, ...]:
    """Append what is new, tell producers how far it reaches. Returns what is missing and stands in no finding yet."""
    size = await _lock_log(work, command)
    positions = await load_positions(work)
    before = {source: tuple(position.missing()) for source, position in positions.items()}
    fresh = await _drop_repeats(work, command.records)
    if fresh:
        await _append(work, size, fresh)
    touched = await _advance(work, positions, fresh, command)
    if touched:
        await _keep_positions(work, touched, before)
    if command.tells:
        for source in dict.fromkeys((*(position.source for position in touched), *command.owed)):
            if source in positions:
                work.publish(audit_merged(source, positions[source].contiguous))
    return await unexplained(work, positions)


async def _lock_log(work: Work, command: MergeRecords) -> int:
    size = (await work.session.execute(_LOCK, {"tenant": work.cell_id})).scalar()
    if size is None and (command.records or command.heights):
        await work.session.execute(_OPEN_LOG, {"tenant": work.cell_id})
        size = (await work.session.execute(_LOCK, {"tenant": work.cell_id})).scalar_one()
    return size or 0


async def _drop_repeats(work: Work, records: Sequence[Record]) -> list[Record]:
    unique = {record.record_id: record for record in records}
    if not unique:
        return []
    known = set((await work.session.execute(_REPEATS, {"tenant": work.cell_id, "ids": list(unique)})).scalars())
    return [record for record_id, record in unique.items() if record_id not in known]


async def _append(work: Work, size: int, records: Sequence[Record]) -> None:
    made = await work.keyring.hold([object_id for record in records for object_id in record.object_ids], create=True)
    pseudonyms = await _pseudonyms(work, records)
    entries = [await _entry(work, record, pseudonyms) for record in records]
    indexed = list(enumerate(entries, size))
    parts = [(index, part) for index, entry in indexed for part in entry.parts]
    names = await _names(work, entries, made)
    values = {
        "tenant": work.cell_id,
        "size": size + len(entries),
        "indexes": [index for index, _ in indexed],
        "record_ids": [record.record_id for record in records],
        "leaves": [entry.leaf for entry in entries],
        "moments": [record.at for record in records],
        "verbs": [record.verb for record in records],
        "actors": [entry.actor for entry in entries],
        "part_indexes": [index for index, _ in parts],
        "pseudonyms": [part.pseudonym for _, part in parts],
        "sealed": [part.sealed for _, part in parts],
        "names": list(names),
        "named": list(names.values()),
    }
    await work.session.execute(_APPEND, values)


async def _pseudonyms(work: Work, records: Sequence[Record]) -> Mapping[_Named, bytes]:
    """Of everybody and everything these records name: of one batch many name the same."""
    named: dict[_Named, None] = {}
    for record in records:
        named["actor", record.actor_id] = named["actor", record.on_behalf_of] = None
        named["organisation", record.organisation_id] = None
        named.update((("object", object_id), None) for object_id in record.object_ids)
    made: dict[_Named, bytes] = {}
    for purpose, name in named:
        object_id = name if isinstance(name, UUID) else None
        made[purpose, name] = await work.keyring.pseudonym(str(name), purpose, object_id)
    return made


async def _entry(work: Work, record: Record, pseudonyms: Mapping[_Named, bytes]) -> _Entry:
    actor = pseudonyms["actor", record.actor_id]
    org = pseudonyms["organisation", record.organisation_id] if record.organisation_id else b""
    other = pseudonyms["actor", record.on_behalf_of] if record.on_behalf_of else b""
    objects = [pseudonyms["object", object_id] for object_id in record.object_ids]
    detail, parts = await seal_detail(work.keyring, work.cell_id, record, objects)
    leaf = make_leaf(
        record, work.cell_id, actor=base64url(actor), org=base64url(org), on_behalf_of=base64url(other),
        objects=[base64url(pseudonym) for pseudonym in objects], detail=detail,
    )  # fmt: skip
    return _Entry(record, leaf_bytes(leaf), actor, objects, parts)


async def _names(work: Work, entries: Sequence[_Entry], made: frozenset[UUID]) -> dict[bytes, bytes]:
    """What the pseudonyms of objects met for the first time stand for, sealed."""
    names: dict[bytes, bytes] = {}
    for entry in entries:
        for object_id, pseudonym in zip(entry.record.object_ids, entry.pseudonyms, strict=True):
            if object_id in made and pseudonym not in names:
                names[pseudonym] = await work.keyring.seal(str(object_id), name_data(work.cell_id, pseudonym))
    return names


async def _advance(
    work: Work, positions: dict[Source, Position], fresh: Sequence[Record], command: MergeRecords
) -> list[Position]:
    """Move the positions; a number that had arrived under another record's name is a finding. Returns all touched."""
    for record in sorted(fresh, key=lambda one: one.seq):
        position = positions.setdefault(record.source, Position(record.source))
        if not position.take(record.seq, record.heard_at):
            await add_finding(work, record.source, FindingKind.SEQ_TWICE, record.seq, record.seq)
    for height in command.heights:
        positions.setdefault(height.source, Position(height.source)).reach(height.seq, height.heard_at)
    return [positions.setdefault(source, Position(source)) for source in sources_of(command)]


def sources_of(command: MergeRecords) -> list[Source]:
    """Whose records and heights these are."""
    sources = [record.source for record in command.records] + [height.source for height in command.heights]
    return list(dict.fromkeys(sources))


async def _keep_positions(work: Work, touched: Sequence[Position], before: dict[Source, tuple[Missing, ...]]) -> None:
    values = {
        "tenant": work.cell_id,
        "producers": [position.source.producer for position in touched],
        "epochs": [position.source.epoch for position in touched],
        "highest": [position.highest for position in touched],
        "heights": [position.height for position in touched],
        "heights_at": [position.height_at for position in touched],
    }
    await work.session.execute(_MOVE, values)
    for position in touched:
        if tuple(position.missing()) != before.get(position.source, ()):
            await _keep_gaps(work, position)


async def _keep_gaps(work: Work, position: Position) -> None:
    """Write down what is missing now, and close the findings whose numbers have arrived after all."""
    source = {"tenant": work.cell_id, "producer": position.source.producer, "epoch": position.source.epoch}
    gaps = {
        "first": [gap.first for gap in position.gaps],
        "last": [gap.last for gap in position.gaps],
        "since": [gap.since for gap in position.gaps],
    }
    await work.session.execute(_FORGET_GAPS, source)
    await work.session.execute(_NOTE_GAPS, source | gaps)
    await work.session.execute(_RESOLVE, source | {"now": work.now, "highest": position.highest})
