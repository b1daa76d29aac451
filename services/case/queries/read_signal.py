"""The signal as its circle sees it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.case.errors import SignalNotFound
from services.case.model import Signal, SignalContent, SignalIdentity
from services.case.person import PersonConcerned
from services.kit.execute import Work
from services.kit.vault import Place


@dataclass(frozen=True, slots=True)
class ReadSignal:
    """Which signal."""

    signal_id: UUID


@dataclass(frozen=True, slots=True)
class SignalView:
    """A signal with the parts its reader may see; the others are None."""

    signal: Signal
    person: PersonConcerned | None
    observed: str | None
    tried: str | None
    reason: str | None


async def read_signal(work: Work, query: ReadSignal) -> SignalView:
    """Read one signal. Raises SignalNotFound for an unknown and a forbidden one alike."""
    found = (
        await work.session.execute(
            select(Signal, SignalIdentity, SignalContent)
            .outerjoin(SignalIdentity, SignalIdentity.signal_id == Signal.signal_id)
            .outerjoin(SignalContent, SignalContent.signal_id == Signal.signal_id)
            .where(Signal.tenant_id == work.cell_id, Signal.signal_id == query.signal_id)
        )
    ).one_or_none()
    if found is None:
        raise SignalNotFound
    signal, identity, content = found
    work.concern(signal.signal_id)
    work.trail.count = 1

    async def opened(sealed: bytes, table: str, column: str) -> str:
        return await work.open(sealed, Place(signal.signal_id, table, column, signal.signal_id))

    person = PersonConcerned.from_json(await opened(identity.person, "signal_identity", "person")) if identity else None
    texts = {name: await opened(getattr(content, name), "signal_content", name) for name in _TEXTS} if content else {}
    return SignalView(signal, person, *(texts.get(name) for name in _TEXTS))


_TEXTS = ("observed", "tried", "reason")
