"""The signal as its circle sees it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from services.case.age import Age, age_of
from services.case.check import find_check
from services.case.errors import SignalNotFound
from services.case.exchange import EntryView, read_exchange
from services.case.find import cell_open
from services.case.model import (
    SIGNALS_ANSWERED,
    SIGNALS_OPEN,
    Case,
    Signal,
    SignalContent,
    SignalIdentity,
    SignalStanding,
    SignalState,
)
from services.case.model.standing import reasons_unchecked
from services.case.outcome import OutcomeView, read_outcome
from services.case.person import PersonConcerned
from services.case.queries.read_check import CheckKnown, known_of
from services.case.signal_allowed import signal_may
from services.case.signal_terms import kept_until
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import SEATS, Role
from services.kit.vault import AssociatedData

logger = logging.getLogger(__name__)

SIGNAL_FRAME = (
    Signal.signal_id, Signal.state, Signal.nis_code, Signal.urgent, Signal.minor, Signal.language, Signal.reporter_id,
    Signal.received_at, Case.case_id, Signal.version, Signal.ended_at,
)  # fmt: skip
"""The columns of a SignalFrame, in its order; the case it became is absent for whoever does not see that case."""
its_case = and_(Case.tenant_id == Signal.tenant_id, Case.case_id == Signal.case_id)


@dataclass(frozen=True, slots=True)
class ReadSignal:
    """Which signal."""

    signal_id: UUID


@dataclass(frozen=True, slots=True)
class SignalFrame:
    """All there is of a signal but its texts and the person."""

    signal_id: UUID
    state: str
    nis_code: str
    urgent: bool
    minor: bool
    language: str
    reporter_id: UUID
    received_at: datetime
    case_id: UUID | None
    version: int
    ended_at: datetime | None

    @property
    def gone_on(self) -> date | None:
        """The last day on which it is there, where it became no case."""
        return kept_until(self.ended_at, minor=self.minor) if self.ended_at else None

    @property
    def open(self) -> bool:
        """Whether the coordinator has still to say what comes of it."""
        return self.state in SIGNALS_OPEN

    @property
    def way(self) -> tuple[str, ...]:
        """The states it passed, the present one last. A signal does not always need a check."""
        return tuple(dict.fromkeys((SignalState.RECEIVED, self.state)))


@dataclass(frozen=True, slots=True)
class SignalView:
    """A signal with the parts its reader may see; the others are None. `may`: the verbs open to the reader.

    `age`: how old the person is today, for who reads the person; None when nothing is known of the birth. `check`: its
    preliminary check, for who knows how that stands; `unchecked`: the reasons of which a proposal has to say one;
    `outcome`: what was said of it, where it became no case; `exchange`: what was asked, answered and added;
    `nobody_answers`: to the coordinator, whoever told it sits for its town no more.
    """

    frame: SignalFrame
    person: PersonConcerned | None
    observed: str | None
    tried: str | None
    reason: str | None
    may: tuple[str, ...]
    age: Age | None
    check: CheckKnown | None
    unchecked: tuple[str, ...]
    outcome: OutcomeView | None
    exchange: tuple[EntryView, ...] = ()
    nobody_answers: bool = False


def frame_of(row: Sequence[Any]) -> SignalFrame:
    """The frame at the beginning of a row."""
    return SignalFrame(*row[: len(SIGNAL_FRAME)])


async def read_signal(work: Work, query: ReadSignal) -> SignalView:
    """Read one signal. Raises SignalNotFound for an unknown and a forbidden one alike."""
    row = (
        await work.session.execute(
            select(
                *SIGNAL_FRAME,
                SignalIdentity.person,
                *(getattr(SignalContent, name) for name in _TEXTS),
                Signal.worked_at,
                cell_open(work).label("cell_open"),
            )
            .outerjoin(Case, its_case)
            .outerjoin(SignalIdentity, SignalIdentity.signal_id == Signal.signal_id)
            .outerjoin(SignalContent, SignalContent.signal_id == Signal.signal_id)
            .where(Signal.tenant_id == work.cell_id, Signal.signal_id == query.signal_id)
        )
    ).one_or_none()
    if row is None:
        raise SignalNotFound
    work.concern(query.signal_id)
    if row.person or row.observed:
        require_reader(work, frame_of(row), texts=row.observed is not None)
    work.trail.count = 1
    readable = {"identity": row.person, "content": row.observed}
    work.trail.fields = ("frame", *(part for part, sealed in readable.items() if sealed))

    person, (observed, tried, reason) = await _texts(work, query.signal_id, row)
    found, today = await find_check(work, query.signal_id), local_date(work.now)
    check = found.stands(today) if found else None
    exchange, entries = await read_exchange(work, query.signal_id)
    standing = _standing(row)
    may = signal_may(work, standing, check, exchange, row.person, cell_open=row.cell_open)
    age, view = age_of(person, today) if person else None, known_of(found, today) if found else None
    unchecked = reasons_unchecked(check) if "propose_case" in may else ()
    outcome = await read_outcome(work, query.signal_id) if row.state in SIGNALS_ANSWERED else None
    asks = bool(row.person) and standing.state in SIGNALS_OPEN and not exchange.reporter_sits
    return SignalView(
        frame_of(row), person, observed, tried, reason, may, age, view, unchecked, outcome, entries,
        nobody_answers=asks and row.reporter_id != work.actor_id and row.observed is not None,
    )  # fmt: skip


async def _texts(work: Work, signal_id: UUID, row: Any) -> tuple[PersonConcerned | None, list[str | None]]:
    """Who it is about, and the three texts, as far as they are readable."""

    async def opened(sealed: bytes | None, table: str, column: str) -> str | None:
        return await work.open(sealed, AssociatedData(signal_id, table, column, signal_id)) if sealed else None

    sealed = await opened(row.person, "signal_identity", "person")
    texts = [await opened(getattr(row, name), "signal_content", name) for name in _TEXTS]
    return PersonConcerned.from_json(sealed) if sealed else None, texts


def _standing(row: Any) -> SignalStanding:
    worked_on = row.worked_at is not None
    return SignalStanding(row.nis_code, SignalState(row.state), row.version, row.ended_at, worked_on)


def require_reader(work: Work, frame: SignalFrame, *, texts: bool) -> None:
    """Of a signal its reporter and the coordinator of its town read more than the frame (docs/domain.md); while it is
    checked the police seat of the town reads whom it is about, and no text.

    The rows say so too; somebody with the database's password alone can add to those. Raises SignalNotFound.
    """
    here = {mandate.role for mandate in work.facts.mandates if frame.nis_code in mandate.nis_codes}
    checks = frame.state == SignalState.UNDER_CHECK and not texts and not here.isdisjoint(SEATS["police"])
    if frame.reporter_id != work.actor_id and Role.COORDINATOR not in here and not checks:
        logger.error("a place in the circle of a signal is not ours")
        raise SignalNotFound


_TEXTS = ("observed", "tried", "reason")
