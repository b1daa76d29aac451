"""Carries outbox rows to JetStream, at least once, in batches, under a database role that sees the outbox alone.

What wakes it after a calm leaves within 20 ms; while acts follow one another it looks ten times a second, and the
records of a cell travel together.

Rows of the audit stay until the audit service confirmed them (`audit.merged`), so that a lost stream can be replayed;
other published rows stay 30 days.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from nats.errors import Error as NatsError
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Gauge

from rondetafel.kit.v1 import kit_pb2
from services.kit import telemetry
from services.kit.bus import AUDIT, EVENTS, Bus
from services.kit.catalogue import EVENT_TYPES, audit_subject
from services.kit.errors import Unavailable
from services.kit.outbox import HighWaterMark
from services.kit.parcels import Parcel, height_of, is_sampled, packed, parcels_of
from services.kit.patience import Queries
from services.kit.postgres import Connection, settings
from services.kit.seals import OutboxRow, Seals
from services.kit.signatures import Signer

logger = logging.getLogger(__name__)

BATCH = 256
GATHER_SECONDS = 0.02
"""Rows that come within this time travel together: fewer, larger batches for the stream and the log."""
PACE_SECONDS = 0.1
"""From one look to the next at least: each costs as much as many a row it finds."""
POLL_SECONDS = 5.0
"""For what nobody wakes for: rows of another process that ended, or of the operator's commands."""
RETRY_SECONDS = 0.5
HEIGHT_SECONDS = 60
REPLAY_AFTER = "10 minutes"

PUBLISHED = Counter("rondetafel_outbox_published_total", "Outbox rows published", ["service"])
FORGED = Counter(
    "rondetafel_outbox_forged_total", "Outbox rows without the service's seal, not sent; alarm above 0", ["service"]
)
WAITING = Gauge("rondetafel_outbox_waiting", "Outbox rows of the last look not yet published", ["service"])

# InternalClientError: asyncpg loses its own thread when the server ends in the middle of an answer.
_OUTAGES = (
    OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, NatsError, TimeoutError,
    Unavailable,
)  # fmt: skip
_TAKE = f"""
SELECT tenant_id, message_id, stream, type, subject, payload, traceparent, producer_epoch, producer_seq, created_at,
       seal, of_before, ctid
FROM outbox WHERE published_at IS NULL AND refused_at IS NULL
ORDER BY created_at, producer_seq LIMIT {BATCH} FOR UPDATE SKIP LOCKED"""
# By their place, which stays what it is while they are locked: by their keys PostgreSQL might read the whole table.
_MARK = "UPDATE outbox SET published_at = clock_timestamp() WHERE ctid = ANY ($1::tid[])"
# They stay, for whoever looks into it.
_REFUSE = _MARK.replace("published_at", "refused_at")
# What the log has was published, marked or not; a row that is just being marked is waited for.
_MERGED = """
DELETE FROM outbox WHERE tenant_id = $1 AND stream = 'audit' AND producer_epoch = $2 AND producer_seq <= $3
AND refused_at IS NULL"""
_REPLAY = f"""
UPDATE outbox SET published_at = NULL
WHERE stream = 'audit' AND published_at < clock_timestamp() - interval '{REPLAY_AFTER}'"""
_TELL_AGAIN = """
UPDATE outbox SET published_at = NULL WHERE stream = 'event' AND type = ANY ($1::text[]) AND published_at < $2"""
_TIDY = """
DELETE FROM outbox WHERE stream = 'event' AND published_at < clock_timestamp() - interval '30 days'"""


def _places_of(rows: list[Any]) -> list[tuple[int, int]]:
    return [row["ctid"] for row in rows]


async def _leave_as_is(connection: object) -> None:
    """Nothing to reset: every use is one statement or one transaction, and sets nothing."""


class Relay:
    """One per process; several processes of a service share the work by SKIP LOCKED."""

    def __init__(
        self, url: str, bus: Bus, service: str, seals: Seals, *, patience: Queries | None = None
    ) -> None:  # fmt: skip
        self._patience = patience or Queries()
        self._url = url.replace("postgresql+asyncpg://", "postgresql://")
        self._bus = bus
        self._service = service
        self._seals = seals
        self._woken = asyncio.Event()
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._heights: dict[tuple[UUID, UUID], int] = {}
        self._signer: Signer | None = None

    def sign_by(self, signer: Signer) -> None:
        """Sign by this key from now on. Until then, facts that must be signed wait in the outbox.

        They are signed here, not in the act: so rows written before there was a key, or under an earlier one, leave
        with a signature that receivers can check.
        """
        self._signer = signer
        self._woken.set()

    def wake(self, height: HighWaterMark | None = None) -> None:
        """Rows may be waiting; `height` is the record just committed. MUST be called after the commit.

        Heights come from the acts and not only from what was published, so that a row lost in between is missed.
        """
        if height is not None:
            self._raise((height.tenant_id, height.epoch), height.seq)
        self._woken.set()

    def _raise(self, name: tuple[UUID, UUID], seq: int) -> None:
        self._heights[name] = max(self._heights.get(name, 0), seq)

    async def run(self) -> None:
        """Relay until cancelled. Outages of database or NATS are waited out; rows stay."""
        loop = asyncio.get_running_loop()
        while True:
            looked_at = loop.time()
            try:
                moved = await self._round()
            except _OUTAGES as error:
                logger.warning("relay waits: %s", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if moved < BATCH:
                await self._wait()
                await asyncio.sleep(max(GATHER_SECONDS, looked_at + PACE_SECONDS - loop.time()))
                self._woken.clear()

    async def _wait(self) -> None:
        """Until there may be something to carry; not long while NATS is away, for nobody tells when it is back."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS if self._bus.connected else RETRY_SECONDS):
                await self._woken.wait()

    async def _connection(self) -> asyncpg.Pool[asyncpg.Record]:
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                self._url, min_size=0, max_size=2, reset=_leave_as_is, connection_class=Connection,
                timeout=self._patience.connect_seconds, command_timeout=self._patience.unattended_seconds,
                # A mark that a crash of the server takes back is made again: the row is published twice, and dropped.
                server_settings={
                    "synchronous_commit": "off", **settings(self._patience, self._patience.unattended_seconds)
                },
            )  # fmt: skip
        return self._pool

    async def _round(self) -> int:
        """Publish one batch; returns how many rows it took."""
        if not self._bus.connected:
            return 0
        pool = await self._connection()
        # Open until all are published: its locks keep other processes off these rows. Killed in between, it publishes
        # them again; the stream drops the repeats of its time window, inbox and log those that come later.
        async with pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_TAKE)
            WAITING.labels(self._service).set(len(rows))
            if not rows:
                return 0
            checked = [(row, self._is_ours(row)) for row in rows]
            ours, forged = ([row for row, held in checked if held is wanted] for wanted in (True, False))
            parcels = parcels_of(ours)
            done = await asyncio.gather(*(self._publish(parcel) for parcel in parcels), return_exceptions=True)
            kept = [row for parcel, failure in zip(parcels, done, strict=True) if failure is None for row in parcel]
            await connection.execute(_MARK, _places_of(kept))
            if forged:
                await connection.execute(_REFUSE, _places_of(forged))
            PUBLISHED.labels(self._service).inc(len(kept))
        self._alarm(forged)
        failures = [failure for failure in done if failure is not None]
        if failures:
            raise failures[0]
        return len(rows)

    def _is_ours(self, row: Any) -> bool:
        """Rows from before there were seals are trusted: none but the owner of the table can say so of one."""
        written = OutboxRow(*(row[name] for name in OutboxRow._fields))
        return bool(row["of_before"]) or self._seals.holds(written, row["seal"])

    def _alarm(self, forged: list[Any]) -> None:
        for row in forged:
            FORGED.labels(self._service).inc()
            # Its texts are whatever somebody put there.
            logger.error("outbox row %s of %s has no seal of ours: not sent", row["message_id"], row["tenant_id"])

    async def _publish(self, parcel: Parcel) -> None:
        first = parcel[0]
        traceparents = [self._told_in(row) for row in parcel]
        envelope = packed(parcel, self._service, traceparents)
        self._sign(envelope)
        # One told again under another key is no repeat for the stream; for its hearers it is.
        headers = {"Nats-Msg-Id": f"{envelope.message_id}{envelope.signing_key_id}"}
        if len(parcel) == 1 and traceparents[0]:
            headers["traceparent"] = traceparents[0]
        stream = AUDIT if first["stream"] == "audit" else EVENTS
        await self._bus.stream.publish(first["subject"], envelope.SerializeToString(), stream=stream, headers=headers)
        for row in parcel:
            if row["producer_seq"]:
                self._raise((row["tenant_id"], row["producer_epoch"]), row["producer_seq"])

    def _told_in(self, row: Any) -> str:
        """The span of this telling, for whoever hears it; where nobody keeps spans, the act's own."""
        if not is_sampled(row["traceparent"]):
            return str(row["traceparent"])
        with telemetry.span(f"publish {row['type']}", SpanKind.PRODUCER, row["traceparent"], subject__type=row["type"]):
            return telemetry.traceparent()

    def _sign(self, envelope: kit_pb2.Envelope) -> None:
        known = EVENT_TYPES.get(envelope.type)
        if known is None or not known.signed:
            return
        if self._signer is None:
            raise Unavailable("there is no key to sign with")
        self._signer.sign(envelope)

    async def merged(self, tenant_id: UUID, epoch: UUID, seq: int) -> None:
        """The log holds this tenant's records up to `seq`: drop our copies. May run twice. Raises Unavailable.

        MUST be told by the log itself: what is dropped here is nowhere else.
        """
        try:
            pool = await self._connection()
            await pool.execute(_MERGED, tenant_id, epoch, seq)
        except _OUTAGES as error:
            raise Unavailable("the database does not answer") from error

    async def replay(self) -> int:
        """Publish again the audit rows that were not confirmed in time: the stream may have been lost.

        So the log may hear each record many times, and MUST enter it once.
        """
        pool = await self._connection()
        return int((await pool.execute(_REPLAY)).split()[-1])

    async def tell_again(self, before: datetime) -> int:
        """Publish anew, signed, the facts that left before there was a key: hearers that had them drop the repeat.

        How many. Raises Unavailable.
        """
        signed = [
            event_type.name
            for event_type in EVENT_TYPES.values()
            if event_type.signed and event_type.producer == self._service
        ]
        try:
            pool = await self._connection()
            told = int((await pool.execute(_TELL_AGAIN, signed, before)).split()[-1])
        except _OUTAGES as error:
            raise Unavailable("the database does not answer") from error
        self._woken.set()
        return told

    async def keep_house(self) -> None:
        """Every minute: publish heights of changed tenants, replay the unconfirmed, tidy the old. Until cancelled."""
        while True:
            await asyncio.sleep(HEIGHT_SECONDS)
            try:
                await self.publish_heights()
                await self.replay()
                pool = await self._connection()
                await pool.execute(_TIDY)
            except _OUTAGES as error:
                logger.warning("relay housekeeping waits: %s", type(error).__name__)

    async def publish_heights(self) -> None:
        """Tell the log how far this producer has counted, per tenant changed since the last time.

        They may come twice, late and out of order: the highest counts.
        """
        for (tenant_id, epoch), seq in list(self._heights.items()):
            envelope = height_of(self._service, tenant_id, epoch, seq)
            subject = audit_subject(self._service, tenant_id)
            await self._bus.stream.publish(
                subject, envelope.SerializeToString(), stream=AUDIT, headers={"Nats-Msg-Id": envelope.message_id}
            )
            if self._heights.get((tenant_id, epoch)) == seq:
                del self._heights[(tenant_id, epoch)]

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.terminate()
