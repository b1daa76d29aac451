"""The text of secrecy that this cell asks for, and what the caller accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from services.kit.clock import last_day_of
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.partner_directory.data import Undertaking
from services.partner_directory.model import Mandate
from services.partner_directory.promising import present_undertaking, text_of


@dataclass(frozen=True, slots=True)
class ReadUndertaking:
    """That of the addressed cell."""


@dataclass(frozen=True, slots=True)
class UndertakingView:
    """The text, whether it is the cell's own, since when; what the caller accepted in another one, and until when."""

    undertaking: Undertaking
    own: bool
    first_day: date
    accepted: Undertaking | None
    accepted_until: date | None
    renew_by: date | None


async def read_undertaking(work: Work, query: ReadUndertaking) -> UndertakingView:
    """Before it is accepted too: what is to be promised can be read."""
    present = await present_undertaking(work)
    text = await text_of(work, present.version)
    if text is None:
        raise CellNotFound
    ids = [mandate.mandate_id for mandate in work.facts.mandates]
    own = await work.session.scalars(
        select(Mandate).where(Mandate.tenant_id == work.cell_id, Mandate.mandate_id.in_(ids))
    )
    last = accepted_last(own)
    until = last_day_of(last.undertaken_until) if last and last.undertaken_until else None
    other = last.undertaking_version if last and last.undertaking_version != present.version else None
    counts = bool(last and last.undertaken_until and last.undertaken_until > work.now)
    accepted = await text_of(work, other) if other else None
    work.trail.count = 1
    return UndertakingView(
        text, present.own is not None, present.first_day, accepted, until, until if other and counts else None
    )


def accepted_last(own: Iterable[Mandate]) -> Mandate | None:
    """Of the caller's mandates the one whose undertaking lasts longest, None without any."""
    sworn = [mandate for mandate in own if mandate.undertaken_until is not None]
    return max(sworn, key=lambda mandate: (mandate.undertaken_until, mandate.mandate_id), default=None)
