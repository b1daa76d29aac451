"""What the audit service hears: facts of the directory, and the records and heights of all services."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from google.protobuf.message import DecodeError
from nats.aio.msg import Msg
from opentelemetry.trace import SpanKind
from prometheus_client import Counter

from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.case.v1 import case_pb2
from rondetafel.kit.v1 import kit_pb2
from services.audit.arrived import Arrived, Letter, content_of, record_of, source_of, traceparent_of
from services.audit.commands.check_heights import CheckHeights, check_heights
from services.audit.commands.forget_signal import ForgetSignal, forget_signal
from services.audit.commands.merge_records import MergeRecords, merge_records, sources_of
from services.audit.model.position import Missing
from services.audit.model.record import HighWaterMark, Record, Source
from services.audit.queries.read_known_cells import ReadKnownCells, read_known_cells
from services.kit import telemetry
from services.kit.bus import Bus
from services.kit.catalogue import Misaddressed
from services.kit.consume import MAX_TRIES, backoff, dead_letter, hears, set_aside
from services.kit.errors import Invalid, RondetafelError, Unavailable
from services.kit.execute import Executor
from services.kit.incoming import Incoming
from services.kit.mandates import MANDATES_HEARD
from services.kit.parcels import RECORDS, is_sampled, one_of
from services.kit.principal import PLATFORM, system

logger = logging.getLogger(__name__)

NAME = "audit.consumer"
BATCH = 64
"""Messages taken at once; each may have many records, and all of them are acknowledged within half a minute."""
MOST_MERGED = 256
"""Records in one transaction."""
GATHER_SECONDS = 0.2
"""Records that come within this time are merged together: one by one each costs some ten times as much."""
TELL_SECONDS = 1.0
"""How often the producers of a cell hear how far its log has come: until then they keep their copies."""
CELLS_AT_ONCE = 4
CHECK_SECONDS = 10

MERGED = Counter("rondetafel_audit_merged_total", "Records and heights merged, repeats included")

SUBSCRIPTIONS = {**MANDATES_HEARD, "signal.erased": hears(case_pb2.SignalErased, ForgetSignal, forget_signal)}


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
    """Takes batches of the stream AUDIT, merges them cell by cell, and acknowledges what is committed.

    Producers are told how far the log has come at once after a calm, else once a second: `tell` says what is due.
    """

    def __init__(self, bus: Bus, executor: Executor, incoming: Incoming, watch: Watch) -> None:
        self._bus = bus
        self._incoming = incoming
        self._executor = executor
        self._watch = watch
        self._turn = asyncio.Semaphore(CELLS_AT_ONCE)
        self._told_at: dict[UUID, float] = {}
        self._untold: dict[UUID, dict[Source, None]] = defaultdict(dict)

    async def take(self, messages: Sequence[Msg]) -> None:
        """Merge one batch. A message that cannot be read is set aside: its number stays a hole, and is found."""
        cells: dict[UUID, list[Arrived]] = defaultdict(list)
        for message in messages:
            try:
                envelope = await self._incoming.open(message.subject, message.data)
                cell_id, letter = UUID(envelope.tenant_id), Letter(message)
                if envelope.type == RECORDS:
                    cells[cell_id] += await self._parts(letter, envelope)
                else:
                    cells[cell_id].append(Arrived(letter, content_of(envelope, letter), traceparent_of(message)))
            except (Misaddressed, DecodeError, ValueError):
                await dead_letter(self._bus, "audit", message)
        done = await asyncio.gather(*(self._cell(*cell) for cell in cells.items()), return_exceptions=True)
        for failure in done:
            if failure is not None:
                raise failure

    async def _parts(self, letter: Letter, envelope: kit_pb2.Envelope) -> list[Arrived]:
        """The records of a message that has several. One that cannot be read is set aside without the others."""
        heard_at, read = letter.message.metadata.timestamp, []
        source = source_of(envelope.producer, envelope.producer_epoch)
        for numbered in pb.AuditRecords.FromString(envelope.payload).records:
            try:
                content = record_of(pb.AuditRecord.FromString(numbered.record), source, numbered.producer_seq, heard_at)
            except (DecodeError, ValueError):
                await self._set_aside(letter, one_of(envelope, numbered, ""))
            else:
                alone = partial(one_of, envelope, numbered, str(content.record_id))
                read.append(Arrived(letter, content, numbered.traceparent, alone))
        if not read:
            # Nobody else answers for it: it would come again without end.
            await letter.settle()
        return read

    async def _cell(self, cell_id: UUID, arrived: Sequence[Arrived]) -> None:
        async with self._turn:
            for start in range(0, len(arrived), MOST_MERGED):
                await self._merge(cell_id, arrived[start : start + MOST_MERGED])
        for letter in {id(arrival.letter): arrival.letter for arrival in arrived}.values():
            await letter.settle()

    async def _merge(self, cell_id: UUID, arrived: Sequence[Arrived]) -> None:
        records = tuple(arrival.content for arrival in arrived if isinstance(arrival.content, Record))
        heights = tuple(arrival.content for arrival in arrived if isinstance(arrival.content, HighWaterMark))
        tells = time.monotonic() - self._told_at.get(cell_id, 0.0) >= TELL_SECONDS
        command = MergeRecords(records, heights, tells=tells)
        try:
            missing = await self._executor.run(system(NAME, cell_id), merge_records, command)
        except Unavailable:
            for arrival in arrived:
                arrival.letter.again_in = 1
        except Exception as error:
            logger.exception("a batch could not be merged")
            await self._one_by_one(cell_id, arrived, error)
        else:
            self._note_told(cell_id, command)
            self._watch.note(cell_id, missing)
            for arrival in arrived:
                self._hear(arrival)
            MERGED.inc(len(arrived))

    def _note_told(self, cell_id: UUID, command: MergeRecords) -> None:
        if command.tells:
            self._told_at[cell_id] = time.monotonic()
        else:
            self._untold[cell_id].update(dict.fromkeys(sources_of(command)))

    async def tell(self) -> None:
        """Every second tell the producers of which nothing was told yet. Until cancelled.

        What a process that ends leaves untold is told with the next record of that cell, or when they are replayed.
        """
        while True:
            await asyncio.sleep(TELL_SECONDS)
            untold, self._untold = self._untold, defaultdict(dict)
            for cell_id, sources in untold.items():
                try:
                    command = MergeRecords((), owed=tuple(sources))
                    await self._executor.run(system(NAME, cell_id), merge_records, command)
                except RondetafelError:
                    self._untold[cell_id].update(sources)
                    logger.warning("producers could not be told how far the log has come")
                else:
                    self._told_at[cell_id] = time.monotonic()

    async def _one_by_one(self, cell_id: UUID, arrived: Sequence[Arrived], error: Exception) -> None:
        """One poisonous record never blocks the rest of its batch."""
        if len(arrived) > 1:
            for arrival in arrived:
                await self._merge(cell_id, [arrival])
            return
        (one,) = arrived
        tries = one.letter.message.metadata.num_delivered
        if not (isinstance(error, Invalid) or tries >= MAX_TRIES):
            one.letter.again_in = backoff(tries)
        elif one.envelope is not None:
            await self._set_aside(one.letter, one.envelope())
        else:
            await dead_letter(self._bus, "audit", one.letter.message)
            one.letter.dead = True

    async def _set_aside(self, letter: Letter, alone: kit_pb2.Envelope) -> None:
        part = f".{alone.producer_seq}"
        await set_aside(self._bus, "audit", letter.message, alone.SerializeToString(), part)

    def _hear(self, one: Arrived) -> None:
        self._watch.hear(one.content)
        if is_sampled(one.traceparent):
            with telemetry.span("merge audit.record", SpanKind.CONSUMER, one.traceparent, service="audit"):
                pass
