"""Which text of secrecy a cell asks for, its own or the platform's, and how long one of before still counts.

An undertaking counts to its own end, and at the longest 30 days into the time of another text (invariant 7): that end
is written with the mandate when the other text is decided on or known, so every wall holds it without asking.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ScalarSelect, bindparam, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from services.kit.clock import day_starts_at, local_date
from services.kit.execute import Work
from services.partner_directory.data import Undertaking, current_undertaking, next_undertaking, undertaking_of
from services.partner_directory.model import (
    UNDERTAKING_GRACE,
    CellUndertaking,
    LegalBasis,
    Mandate,
    PersonCell,
    Rules,
)
from services.partner_directory.ruling import opened_texts


@dataclass(frozen=True, slots=True)
class Present:
    """The text asked for today: its version, its first day, the cell's own rules or None for the platform's."""

    version: str
    first_day: date
    own: UUID | None


def own_undertaking(cell: InstrumentedAttribute[UUID] | Any) -> ScalarSelect[UUID]:
    """In a statement: the cell's own text in force on the day `today`, NULL without one."""
    return (
        select(CellUndertaking.rules_id)
        .where(CellUndertaking.cell_id == cell, CellUndertaking.in_force_from <= bindparam("today", type_=Date))
        .order_by(CellUndertaking.in_force_from.desc())
        .limit(1)
        .scalar_subquery()
    )


def version_of_text(own: UUID | None, today: date) -> str:
    """What the text is called in which secrecy is accepted."""
    return str(own) if own else current_undertaking(today).version


async def present_undertaking(work: Work) -> Present:
    """That of this cell today."""
    today = local_date(work.now)
    own = await work.session.scalar(
        select(CellUndertaking)
        .where(CellUndertaking.cell_id == work.cell_id, CellUndertaking.in_force_from <= today)
        .order_by(CellUndertaking.in_force_from.desc())
        .limit(1)
    )
    if own is not None:
        return Present(str(own.rules_id), own.in_force_from, own.rules_id)
    current = current_undertaking(today)
    return Present(current.version, current.in_force_from, None)


async def counts_before(work: Work, present: Present) -> datetime | None:
    """Until when the present text counts at the longest, because it is known which day another one follows."""
    following = await work.session.scalar(
        select(func.min(CellUndertaking.in_force_from)).where(
            CellUndertaking.cell_id == work.cell_id, CellUndertaking.in_force_from > local_date(work.now)
        )
    )
    if present.own is None:
        known = next_undertaking(local_date(work.now))
        days = [day for day in (following, known.in_force_from if known else None) if day]
        following = min(days, default=None)
    return end_of_grace(following) if following else None


def end_of_grace(first_day: date) -> datetime:
    """From then on an undertaking in a text of before `first_day` counts no more."""
    return day_starts_at(first_day + UNDERTAKING_GRACE)


async def shorten_undertakings(work: Work, first_day: date) -> list[Mandate]:
    """What was accepted in another text ends 30 days into the time of this one; the mandates that this changes."""
    end = end_of_grace(first_day)
    found = await work.session.scalars(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id, Mandate.undertaken_until > end, Mandate.ends_at > work.now)
        .order_by(Mandate.mandate_id)
        .with_for_update()
    )
    shortened = list(found)
    for mandate in shortened:
        mandate.undertaken_until = end
    await work.session.execute(
        update(PersonCell)
        .where(PersonCell.tenant_id == work.cell_id, PersonCell.undertaken_until > end)
        .values(undertaken_until=end)
    )
    return shortened


async def text_of(work: Work, version: str) -> Undertaking | None:
    """A text by its version, the law named as today; None for one that is not kept."""
    ours = undertaking_of(version)
    if ours is not None:
        law = await work.session.scalar(select(LegalBasis).where(LegalBasis.lets_speak_on(local_date(work.now))))
        return ours.naming(law.names) if law else None
    rules = await work.session.get(Rules, (work.cell_id, UUID(version)))
    return None if rules is None else await _own_text(work, rules)


async def _own_text(work: Work, rules: Rules) -> Undertaking:
    """In every language: one the cell did not write has the text of the first it did."""
    texts = await opened_texts(work, rules)
    first = texts.text_nl or texts.text_fr or texts.text_de
    blank = Undertaking(str(rules.rules_id), rules.in_force_from or date.max, first, first, first, first)
    return replace(
        blank, nl=texts.text_nl or first, fr=texts.text_fr or first, de=texts.text_de or first, en=first
    )  # fmt: skip
