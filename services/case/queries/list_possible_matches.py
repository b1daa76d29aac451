"""Which other signals are perhaps about the same person, for the coordinator of the town."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, select

from services.case.allowed import COORDINATOR
from services.case.errors import SignalNotFound
from services.case.frame import insider_towns, shown_state, towns_of
from services.case.model import Case, Signal, SignalIdentity, SignalMark
from services.case.name_marks import asked_forms, mark_signal, marks_of
from services.case.person import PersonConcerned
from services.case.queries.read_signal import its_case
from services.case.same_person import perhaps_same
from services.case.signal_allowed import allow_match, require_person
from services.kit.execute import Work
from services.kit.statements import Row, Statement
from services.kit.vault import AssociatedData

SHOWN = 20
COMPARED = 29
"""With the signal itself and the cases of those shown no more than the record of an act names."""

_identity = (SignalIdentity.tenant_id == Signal.tenant_id) & (SignalIdentity.signal_id == Signal.signal_id)
_OWN = Statement(
    select(Signal.nis_code, SignalIdentity.person)
    .outerjoin(SignalIdentity, _identity)
    .where(Signal.tenant_id == bindparam("tenant"), Signal.signal_id == bindparam("signal_id"))
)
_MARKED = (
    select(SignalMark.signal_id)
    .where(
        SignalMark.tenant_id == bindparam("tenant"),
        SignalMark.mark == bindparam("marks", type_=ARRAY(Uuid)).any_(),
        SignalMark.signal_id != bindparam("signal_id"),
    )
    .distinct()
    .subquery("marked")
)
# The walls show marks and identities to the circle, and cases to their town's coordinator.
_OTHERS = Statement(
    select(
        Signal.signal_id, Signal.state, Signal.nis_code, Signal.received_at, SignalIdentity.person, Case.case_id,
        Case.code, shown_state.label("case_state"),
    )
    .select_from(_MARKED)
    .join(Signal, (Signal.tenant_id == bindparam("tenant")) & (Signal.signal_id == _MARKED.c.signal_id))
    .join(SignalIdentity, _identity)
    .outerjoin(Case, its_case)
    .where(Signal.nis_code == bindparam("towns", type_=ARRAY(Text)).any_())
    .order_by(Signal.signal_id.desc())
    .limit(bindparam("rows"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListPossibleMatches:
    """Of which signal."""

    signal_id: UUID


@dataclass(frozen=True, slots=True)
class PossibleMatch:
    """A signal, and the case it became: where to find them, and no word of whom they are about."""

    signal_id: UUID
    state: str
    nis_code: str
    received_at: datetime
    case_id: UUID | None
    code: str | None
    case_state: str | None


@dataclass(frozen=True, slots=True)
class PossibleMatches:
    """The newest first; `more`: there may be others."""

    matches: tuple[PossibleMatch, ...]
    more: bool


async def list_possible_matches(work: Work, query: ListPossibleMatches) -> PossibleMatches:
    """Those that the caller may read anyway. All whose names were compared stand in the record.

    A signal of before gets its marks here. Raises SignalNotFound, NotOfYourTown, PartMissing.
    """
    own = await work.fetch_one(_OWN, {"tenant": work.cell_id, "signal_id": query.signal_id})
    if own is None:
        raise SignalNotFound
    work.concern(query.signal_id)
    work.act_under(allow_match(work, own.nis_code))
    person = await _opened(work, query.signal_id, require_person(own.person))
    await mark_signal(work, query.signal_id, person)
    found = await _found(work, query.signal_id, person)
    await work.keyring.hold([row.signal_id for row in found])
    # The key of one that is erased in this very moment is gone.
    there = [row for row in found[:COMPARED] if work.keyring.holds(row.signal_id)]
    same = [row for row in there if await _is_same(work, row, person)]
    matches = tuple(PossibleMatch(*(row[name] for name in PossibleMatch.__slots__)) for row in same[:SHOWN])
    for match in matches:
        if match.case_id:
            work.concern(match.case_id)
    work.trail.count = len(matches)
    return PossibleMatches(matches, len(same) > SHOWN or len(found) > COMPARED)


async def _found(work: Work, signal_id: UUID, person: PersonConcerned) -> Sequence[Row]:
    """Others of the caller's towns with a mark in common, the newest first, and one more than are compared."""
    marks = await marks_of(work.keyring, asked_forms(person))
    values = {
        "tenant": work.cell_id, "signal_id": signal_id, "marks": marks, "towns": towns_of(work, COORDINATOR),
        "insider_towns": insider_towns(work), "rows": COMPARED + 1,
    }  # fmt: skip
    return await work.fetch(_OTHERS, values)


async def _is_same(work: Work, row: Row, person: PersonConcerned) -> bool:
    return perhaps_same(person, await _opened(work, row.signal_id, row.person))


async def _opened(work: Work, signal_id: UUID, sealed: bytes) -> PersonConcerned:
    return PersonConcerned.from_json(
        await work.open(sealed, AssociatedData(signal_id, "signal_identity", "person", signal_id))
    )
