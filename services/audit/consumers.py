"""What the audit service hears: facts of the directory, and the records and heights of all services."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from google.protobuf.message import DecodeError
from nats.aio.msg import Msg
from opentelemetry.trace import SpanKind
from prometheus_client import Counter

from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.audit.commands.check_heights import CheckHeights, check_heights
from services.audit.commands.merge_records import MergeRecords, merge_records
from services.audit.model.position import Missing
from services.audit.model.record import HighWaterMark, Record, Source
from services.audit.queries.read_known_cells import ReadKnownCells, read_known_cells
from services.kit import telemetry
from services.kit.bus import Bus
from services.kit.catalogue import RECORD_TYPES, Misaddressed
from services.kit.consume import MAX_TRIES, backoff, dead_letter
from services.kit.errors import Invalid, RondetafelError, Unavailable
from services.kit.execute import Executor
from services.kit.incoming import Incoming
from services.kit.mandates import MANDATES_HEARD
from services.kit.principal import PLATFORM, system

logger = logging.getLogger(__name__)

NAME = "audit.consumer"
BATCH = 256
GATHER_SECONDS = 0.1
"""Records that come within this time are merged together: one by one each costs some ten times as much."""
CELLS_AT_ONCE = 4
CHECK_SECONDS = 10

MERGED = Counter("rondetafel_audit_merged_total", "Records and heights merged, repeats included")

SUBSCRIPTIONS = MANDATES_HEARD


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message and what it says."""

    message: Msg
    content: Record | HighWaterMark


class Watch:
    """Knows what is missing in which cell, and has it checked once its producer was heard a minute later."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._heard: dict[str, datetime] = {}
        self._missing: dict[UUID, tuple[Missing, ...]] = {}

    def note(self, cell_id: UUID, missing: tuple[Missing, ...]) -> None:
        """What a merge left missing in a cell."""
        if missing:
            self._missing[cell_id] = missing
        else:
            self._missing.pop(cell_id, None)

    def hear(self, content: Record | HighWaterMark) -> None:
        """A producer's message was merged."""
        producer, heard_at = content.source.producer, content.heard_at
        self._heard[producer] = max(self._heard.get(producer, heard_at), heard_at)

    async def run(self) -> None:
        """Watch until cancelled; what an earlier run of this process left missing is taken up again."""
        looked_back = False
        while True:
            try:
                if not looked_back:
                    await self.look_back()
                    looked_back = True
                await self.check()
            except RondetafelError:
                logger.exception("missing numbers could not be checked")
            await asyncio.sleep(CHECK_SECONDS)

    async def look_back(self) -> None:
        """Learn what is missing in all cells."""
        for cell_id in await self._executor.run(system(NAME, PLATFORM), read_known_cells, ReadKnownCells()):
            self.note(cell_id, await self._executor.run(system(NAME, cell_id), merge_records, MergeRecords(())))

    async def check(self) -> None:
        """Have those cells checked in which something has become a finding."""
        heard = dict(self._heard)
        for cell_id, missing in list(self._missing.items()):
            if any(finding.is_finding(heard) for finding in missing):
                await self._executor.run(system(NAME, cell_id), check_heights, CheckHeights(heard))
                left = (value for value in self._missing.get(cell_id, ()) if not value.is_finding(heard))
                self.note(cell_id, tuple(left))


class Intake:
    """Takes batches of the stream AUDIT, merges them cell by cell, and acknowledges what is committed."""

    def __init__(self, bus: Bus, executor: Executor, incoming: Incoming, watch: Watch) -> None:
        self._bus = bus
        self._incoming = incoming
        self._executor = executor
        self._watch = watch
        self._turn = asyncio.Semaphore(CELLS_AT_ONCE)

    async def take(self, messages: Sequence[Msg]) -> None:
        """Merge one batch. A message that cannot be read is set aside: its number stays a hole, and is found."""
        cells: dict[UUID, list[Arrived]] = defaultdict(list)
        for message in messages:
            try:
                cell_id, content = await read_message(self._incoming, message)
            except (Misaddressed, DecodeError, ValueError):
                await dead_letter(self._bus, "audit", message)
            else:
                cells[cell_id].append(Arrived(message, content))
        done = await asyncio.gather(*(self._cell(*cell) for cell in cells.items()), return_exceptions=True)
        for failure in done:
            if failure is not None:
                raise failure

    async def _cell(self, cell_id: UUID, arrived: Sequence[Arrived]) -> None:
        async with self._turn:
            await self._merge(cell_id, arrived)

    async def _merge(self, cell_id: UUID, arrived: Sequence[Arrived]) -> None:
        records = tuple(message.content for message in arrived if isinstance(message.content, Record))
        heights = tuple(message.content for message in arrived if isinstance(message.content, HighWaterMark))
        try:
            missing = await self._executor.run(system(NAME, cell_id), merge_records, MergeRecords(records, heights))
        except Unavailable:
            for message in arrived:
                await message.message.nak(delay=1)
        except Exception as error:
            logger.exception("a batch could not be merged")
            await self._one_by_one(cell_id, arrived, error)
        else:
            self._watch.note(cell_id, missing)
            await self._acknowledge(arrived)

    async def _one_by_one(self, cell_id: UUID, arrived: Sequence[Arrived], error: Exception) -> None:
        """One poisonous record never blocks the rest of its batch."""
        if len(arrived) > 1:
            for arrival in arrived:
                await self._merge(cell_id, [arrival])
            return
        message = arrived[0].message
        tries = message.metadata.num_delivered
        if isinstance(error, Invalid) or tries >= MAX_TRIES:
            await dead_letter(self._bus, "audit", message)
        else:
            await message.nak(delay=backoff(tries))

    async def _acknowledge(self, arrived: Sequence[Arrived]) -> None:
        for message in arrived:
            await message.message.ack()
            self._watch.hear(message.content)
            parent = (message.message.headers or {}).get("traceparent")
            if parent:
                with telemetry.span("merge audit.record", SpanKind.CONSUMER, parent, service="audit"):
                    pass
        MERGED.inc(len(arrived))


async def read_message(incoming: Incoming, message: Msg) -> tuple[UUID, Record | HighWaterMark]:
    """The cell and the content of a message. Raises Misaddressed, DecodeError or ValueError for anything else."""
    envelope = await incoming.open(message.subject, message.data)
    heard_at = message.metadata.timestamp
    if envelope.type not in RECORD_TYPES:
        raise Misaddressed
    if envelope.type == "audit.height":
        return UUID(envelope.tenant_id), height_of(envelope, heard_at)
    return UUID(envelope.tenant_id), record_of(envelope, heard_at)


@lru_cache(maxsize=1024)
def source_of(producer: str, epoch: str) -> Source:
    """The same few again and again."""
    return Source(producer, UUID(epoch))


def height_of(envelope: kit_pb2.Envelope, heard_at: datetime) -> HighWaterMark:
    """How far its sender says to have counted; nobody speaks for another."""
    height = pb.ProducerHeight.FromString(envelope.payload)
    if height.producer != envelope.producer:
        raise Misaddressed
    return HighWaterMark(source_of(height.producer, height.producer_epoch), height.producer_seq, heard_at)


def record_of(envelope: kit_pb2.Envelope, heard_at: datetime) -> Record:
    """The record in an envelope; both bear the same id, by which repeats are dropped."""
    record = pb.AuditRecord.FromString(envelope.payload)
    if record.record_id != envelope.message_id:
        raise Misaddressed
    return Record(
        record_id=UUID(record.record_id),
        source=source_of(envelope.producer, envelope.producer_epoch),
        seq=envelope.producer_seq,
        heard_at=heard_at,
        at=record.at.ToDatetime(tzinfo=UTC),
        verb=record.verb,
        action=record.action,
        outcome=record.outcome,
        purpose=record.purpose,
        legal_basis=record.legal_basis,
        actor_id=record.actor_id,
        actor_kind=record.actor_kind,
        organisation_id=record.organisation_id,
        on_behalf_of=record.on_behalf_of,
        object_ids=tuple(dict.fromkeys(UUID(object_id) for object_id in record.object_ids)),
        fields=tuple(record.fields),
        count=record.count,
        acr=record.acr,
        trace_id=record.trace_id,
        codes=dict(record.detail),
    )
