"""Ended sign-ins and disabled identities, as every service keeps them: told by the directory, looked up by every act.

The row refuses, not what a process heard: replicas share one durable consumer, so one of them alone draws a message,
but all begin their acts in the same database (kit.schema, begin_act). kit.freshness keeps it no older than a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.consume import Subscription
from services.kit.execute import Work
from services.kit.identities import Revocation, Revoked
from services.kit.identity import SIGN_INS_KEPT, Revocations
from services.kit.policy import DatabaseRole, Handler, Rule, Verb
from services.kit.reading import reader
from services.kit.writing import writer

EVENTS = ("sign_in.ended", "identity.disabled", "identity.enabled")


@dataclass(frozen=True, slots=True)
class ApplyRevocations:
    """Take over facts; `heard` tells whether they came as numbered events (and not as an answer to a question)."""

    revocations: tuple[Revocation, ...]
    heard: bool


@dataclass(frozen=True, slots=True)
class ReadRevocations:
    """All that is still worth keeping."""


_APPLY = text("""
INSERT INTO revoked AS mine (identity_id, kind, revoked_at, refuses_all, fact_version)
VALUES (:identity_id, :kind, :revoked_at, :refuses_all, :fact_version)
ON CONFLICT (identity_id) DO UPDATE SET
    revoked_at = excluded.revoked_at, refuses_all = excluded.refuses_all, fact_version = excluded.fact_version
WHERE mine.fact_version < excluded.fact_version""")
TIDY = text("DELETE FROM revoked WHERE kind = 'session' AND revoked_at < :before")
"""What was disabled stays, enabled again or not: its number tells an older fact that comes late from a newer one."""
SEEN = text("INSERT INTO fact_seen VALUES (:fact_version) ON CONFLICT DO NOTHING")
_READ = text("SELECT identity_id, kind, revoked_at, refuses_all, fact_version FROM revoked")


async def apply_revocations(work: Work, command: ApplyRevocations) -> None:
    """Keep the newest fact of each identity, and ended sign-ins for a day. May run twice, and in any order.

    `heard` MUST be set for numbered events alone: an answer tells old facts too, and their numbers, put back, would
    hold down for good how far this service counts as having come (`read_applied_facts`).
    """
    values = [{name: getattr(revocation, name) for name in Revocation.__slots__} for revocation in command.revocations]
    await work.session.execute(_APPLY, values)
    if command.heard:
        await work.session.execute(
            SEEN, [{"fact_version": revocation.fact_version} for revocation in command.revocations]
        )
    await work.session.execute(TIDY, {"before": work.now - SIGN_INS_KEPT})
    work.trail.count = len(command.revocations)


async def read_revocations(work: Work, query: ReadRevocations) -> list[Revocation]:
    """All of them, for the memory of a process that starts."""
    return [revocation_of_row(row) for row in await work.session.execute(_READ)]


def revocation_policy(service: str) -> dict[Handler, Rule]:
    """The policy lines of the copy, for every service that keeps one."""
    systems, role = frozenset({f"{service}.consumer"}), DatabaseRole.HEARING
    return {
        apply_revocations: Rule(Verb.SIGN_IN, systems=systems, fields=(), database_role=role),
        read_revocations: Rule(Verb.CONSULT, systems=systems, fields=(), recorded=False, database_role=role),
    }


def revocation_of_row(row: object) -> Revocation:
    """A row of the table `revoked`."""
    values = {name: getattr(row, name) for name in Revocation.__slots__}
    return Revocation(**values | {"kind": Revoked(values["kind"])})


revocation_of = reader(Revocation, pb.Revocation, facts=True)
"""The fact in an event or an answer of the directory. Raises ValueError when it is none."""

revocation_message = writer(pb.Revocation, Revocation)
"""The reverse of `revocation_of`."""


def told(envelope: kit_pb2.Envelope) -> ApplyRevocations:
    """One of the events to its command."""
    return ApplyRevocations((revocation_of(pb.Revocation.FromString(envelope.payload)),), heard=True)


def subscribe_to_revocations(revocations: Revocations) -> dict[str, Subscription]:
    """What every service but the directory hears of them: kept in its database, and in this process's memory."""

    def after(command: ApplyRevocations) -> None:
        remember(revocations, command.revocations)

    return {event: Subscription(apply_revocations, told, after) for event in EVENTS}


def remember(revocations: Revocations, some: Iterable[Revocation]) -> None:
    """Put them into a process's memory. May run twice; it only makes the process refuse sooner than the row does."""
    for revocation in some:
        revocations.add(revocation)
