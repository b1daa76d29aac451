"""What the directory tells others. Ids, codes and times; never content (invariant 18)."""

from __future__ import annotations

from sqlalchemy import text

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.execute import Work
from services.kit.identities import Revocation
from services.kit.outbox import Event
from services.kit.revocations import revocation_message
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.partner_directory.model import Cell, Mandate

CELL_CREATED = writer(pb.CellCreated, Cell, Differences(leave_out=("nis_codes",)))
CELL_CHANGED = writer(pb.CellChanged, Cell)
# A mandate as it now is, whole. For all others it begins when it opens content: that is their wall (72 hours); and it
# ends when it counts no more, of which a suspension is no other end than the last one.
MANDATE_CHANGED = writer(
    pb.MandateChanged, Mandate, Differences(names={"starts_at": "content_from", "ends_at": "counts_until"})
)

_NEXT = text("UPDATE fact_counter SET newest = newest + :count RETURNING newest")


def cell_created(cell: Cell, nis_codes: list[str]) -> Event:
    """A cell exists."""
    message = CELL_CREATED(cell)
    message.nis_codes.extend(nis_codes)
    return Event("cell.created", message)


def cell_changed(cell: Cell) -> Event:
    """A cell is open to cases, or not any more. Its row MUST be flushed: the version is that of the row."""
    return Event("cell.changed", CELL_CHANGED(cell))


async def next_facts(work: Work, count: int) -> int:
    """Take the next numbers of all facts; the last of them.

    MUST be before a handler's last writes: the counter's row is locked from here to commit, for all cells. So numbers
    have no gaps and become visible in their order: whoever sees number n committed can see all facts below it.
    """
    newest: int = (await work.session.execute(_NEXT, {"count": count})).scalar_one()
    return newest


async def publish_mandates(work: Work, *mandates: Mandate) -> None:
    """Give each changed mandate the next number of all facts and tell it. MUST be a handler's last write."""
    newest = await next_facts(work, len(mandates))
    for number, mandate in enumerate(mandates, start=newest - len(mandates) + 1):
        mandate.fact_version = number
        work.publish(Event("mandate.changed", MANDATE_CHANGED(mandate)))


def sign_in_ended(revocation: Revocation) -> Event:
    """The tokens of a sign-in count no more."""
    return Event("sign_in.ended", revocation_message(revocation))


def identity_disabled(revocation: Revocation) -> Event:
    """No token of a person, identity provider or organisation counts, until it is enabled."""
    return Event("identity.disabled", revocation_message(revocation))


def identity_enabled(revocation: Revocation) -> Event:
    """Tokens issued from that moment on count again."""
    return Event("identity.enabled", revocation_message(revocation))
