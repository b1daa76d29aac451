"""What waits for people, told as another service tells it, and the letters that come of it."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

from rondetafel.audit.v1 import audit_pb2
from services.kit.notices import NoticeKind
from services.partner_directory.commands.letter.keep_notices import KeepNotices, keep_notices
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.post import Post
from tests.partner_directory.town import Host, Town

NAMES = ("Nele", "Claes", "AR-26-014-GEHEIM")
MINUTE = timedelta(minutes=1)

Seated = tuple[Town, Person, Person]
"""A town, its coordinator, a partner."""


def waits(kind: NoticeKind = NoticeKind.CIRCLE_INVITATION, *people: Person, **changes: Any) -> KeepNotices:
    """As another service tells it."""
    values: dict[str, Any] = {
        "kind": kind, "object_id": uuid4(), "code": "AR-26-014", "urgent": False, "over": False, "until": None,
        "person_ids": tuple(person.person_id for person in people), "seats": (), "nis_codes": (), "by": None,
    }  # fmt: skip
    return KeepNotices(**(values | changes))


async def tell(town: Town, command: KeepNotices) -> None:
    """The directory hears it."""
    await town.as_system(keep_notices, command)


def urgent(town: Town, **changes: Any) -> KeepNotices:
    """An urgent signal for the coordinator's seat."""
    for_coordinator = {"urgent": True, "code": "", "seats": ("coordinator",), "nis_codes": town.nis_codes}
    return waits(NoticeKind.URGENT_SIGNAL, **(for_coordinator | changes))


async def arrived(host: Host, post: Post) -> list[EmailMessage]:
    """What is due is sent; what arrived."""
    await run_due(host.harness, TERMS)
    return post.mailbox.rest()


async def sent_later(host: Host, post: Post, **span: float) -> list[EmailMessage]:
    """The same, after a while."""
    host.harness.clock.advance(**span)
    return await arrived(host, post)


async def records(town: Town, action: str) -> list[audit_pb2.AuditRecord]:
    """What a town's log says of an act, oldest first."""
    rows = await town.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq", town.cell_id
    )
    found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in found if record.action == action]


async def letter_of(town: Town) -> UUID:
    """The one that waits in a town."""
    rows = await town.harness.database.unwalled(
        "SELECT letter_id FROM letter WHERE tenant_id = $1 AND kind = 'notices' AND settled_at IS NULL", town.cell_id
    )
    (row,) = rows
    found: UUID = row["letter_id"]
    return found
