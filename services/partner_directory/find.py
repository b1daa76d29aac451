"""Finding what several questions show: the towns of cells, the caller's own place, mandates with their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, bindparam, select

from services.kit.allowed import expect_version
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.policy import SEATS, Role
from services.kit.principal import PrincipalKind
from services.kit.statements import Entities
from services.kit.vault import AssociatedData
from services.partner_directory.allowed import cell_gives, seat_of
from services.partner_directory.errors import ProposalNotFound
from services.partner_directory.model import (
    DEPUTIES,
    Absence,
    Announcement,
    Cell,
    CellMunicipality,
    CellPerson,
    CellState,
    Mandate,
    MandateState,
    Municipality,
    Organisation,
    Proposal,
)

RESERVE = (MandateState.STANDBY, MandateState.PLANNED)
"""Where a deputy's mandate is while it waits."""


@dataclass(frozen=True, slots=True)
class MyCell:
    """A cell with its towns by NIS code, what the caller is there, whether secrecy is accepted, and in which text.

    `opens_at`: nothing of its content is open to the caller before; None when it is. `may`: the verbs that policies
    let the caller do in it. Secrecy was accepted at `undertaken_at`, None where that was not kept, and counts until
    `undertaken_until`, None where it never was.
    """

    cell: Cell
    towns: tuple[Municipality, ...]
    roles: tuple[str, ...]
    undertaken: bool
    undertaking_text_version: str
    opens_at: datetime | None = None
    may: tuple[str, ...] = ()
    undertaken_at: datetime | None = None
    undertaken_until: datetime | None = None

    @property
    def gives(self) -> tuple[str, ...]:
        """The roles the caller may invite somebody to."""
        return cell_gives(self.roles, self.may)


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate, its organisation, and the name of its person; names are empty for the host.

    `may` and what is known of a suspension: in a list alone, for who may end it; the end of the clearance for the
    holder too. A table tells neither, for it is held for all who look. `telephone`: in a table alone, of who
    coordinates it.
    """

    mandate: Mandate
    organisation: Organisation
    given_name: str
    family_name: str
    undertaken: bool
    ended: bool
    may: tuple[str, ...] = ()
    telephone: str = ""
    suspended_since: datetime | None = None
    why_suspended: str | None = None
    clearance_until: date | None = None
    absences: tuple[Absence, ...] = ()
    in_reserve: bool = False

    @property
    def seat(self) -> str:
        """The seat it gives."""
        return seat_of(Role(self.mandate.role))

    @property
    def may_have_deputy(self) -> bool:
        """Whether somebody may stand in for it."""
        return not self.ended and self.mandate.deputy_of is None and self.mandate.role in DEPUTIES

    @property
    def takes_clearance(self) -> bool:
        """Whether its role has a clearance (invariant 3)."""
        return self.mandate.role in SEATS["police"]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal that waits, its organisation, who is proposed, and the verbs open to the reader."""

    proposal: Proposal
    organisation: Organisation
    email: str
    given_name: str
    family_name: str
    may: tuple[str, ...]


class _Undertaken(Protocol):
    @property
    def undertaken_at(self) -> datetime | None: ...

    @property
    def undertaken_until(self) -> datetime | None: ...


class _Waits(Protocol):
    @property
    def opens_at(self) -> datetime | None: ...


def opening(own: Iterable[_Waits], now: datetime) -> datetime | None:
    """When content opens to who holds these valid mandates; None when one of them opens it now."""
    waits = [mandate.opens_at for mandate in own]
    return min((at for at in waits if at is not None), default=None) if all(at and at > now for at in waits) else None


def undertaking_of(own: Iterable[_Undertaken]) -> tuple[datetime | None, datetime | None]:
    """When who holds these mandates accepted secrecy last, and until when that counts."""
    accepted = [(mandate.undertaken_until, mandate.undertaken_at) for mandate in own]
    until = max((end for end, _ in accepted if end), default=None)
    return max((at for end, at in accepted if at and end), default=None), until


MandateRow = Row[Mandate, Organisation, CellPerson] | tuple[Mandate, Organisation, CellPerson]

_TOWNS_OF = Entities(
    select(CellMunicipality.cell_id, Municipality)
    .join(Municipality, Municipality.nis_code == CellMunicipality.nis_code)
    .where(CellMunicipality.cell_id == any_(bindparam("cells", type_=ARRAY(Uuid))), CellMunicipality.until.is_(None))
    .order_by(Municipality.nis_code)
)
# Built once: building it costs as much as the database's answer to it.
MANDATES_OF = (
    select(Mandate, Organisation, CellPerson)
    .join(Organisation, Organisation.organisation_id == Mandate.organisation_id)
    .outerjoin(CellPerson, (CellPerson.tenant_id == Mandate.tenant_id) & (CellPerson.person_id == Mandate.person_id))
    .where(Mandate.tenant_id == bindparam("tenant"))
    .order_by(Mandate.mandate_id.desc())
)
"""The mandates of the cell `tenant`, newest first; on the platform the walls leave out the names."""


async def find_towns(work: Work, cell_ids: Collection[UUID]) -> dict[UUID, tuple[Municipality, ...]]:
    """The towns of each of these cells, by NIS code."""
    towns: dict[UUID, list[Municipality]] = defaultdict(list)
    for cell_id, town in await work.fetch_entities(_TOWNS_OF, {"cells": list(cell_ids)}):
        towns[cell_id].append(town)
    return {cell_id: tuple(towns[cell_id]) for cell_id in cell_ids}


async def views_of(work: Work, rows: Sequence[MandateRow]) -> tuple[MandateView, ...]:
    """The mandates with what the caller may see of their people; the host sees no names."""
    names: dict[UUID, tuple[str, str]] = defaultdict(lambda: ("", ""))
    if work.principal.kind is not PrincipalKind.HOST:
        names |= await opened_names(work, {person.person_id: person for _, _, person in rows}.values())
    return tuple(
        MandateView(
            mandate,
            organisation,
            *names[mandate.person_id],
            undertaken=mandate.undertaken_until is not None and mandate.undertaken_until > work.now,
            ended=mandate.state_at(work.now) is not MandateState.ACTIVE,
            in_reserve=mandate.deputy_of is not None and mandate.state_at(work.now) in RESERVE,
        )
        for mandate, organisation, _ in rows
    )


async def opened_names(work: Work, people: Iterable[CellPerson]) -> dict[UUID, tuple[str, str]]:
    """Each person's given and family name. All are sealed with the cell's own key, which the ring keeps at hand."""

    async def opened(person: CellPerson, column: str) -> str:
        sealed: bytes = getattr(person, column)
        return await work.open(sealed, AssociatedData(work.cell_id, "cell_person", column, person.person_id))

    return {
        person.person_id: (await opened(person, "given_name"), await opened(person, "family_name")) for person in people
    }


async def locked_cell(work: Work) -> Cell:
    """The cell of this act, locked. Raises CellNotFound."""
    cell = await work.session.get(Cell, work.cell_id, with_for_update=True)
    if cell is None or cell.state == CellState.WITHDRAWN:
        raise CellNotFound
    return cell


async def find_known_cell(work: Work, cell_id: UUID) -> Cell:
    """A cell as the host asks for it by itself. Raises CellNotFound for one that is not there, or was taken back."""
    cell = await work.session.get(Cell, cell_id)
    if cell is None or cell.state == CellState.WITHDRAWN:
        raise CellNotFound
    return cell


async def announced_in(work: Work, cell: Cell) -> bool:
    """Whether anything the host did in this cell was ever announced."""
    told = select(Announcement.announcement_id).where(Announcement.cell_id == cell.cell_id)
    return await work.session.scalar(told.limit(1)) is not None


async def cell_as_read(work: Work, seen: int) -> Cell:
    """The same, as it was last read. Raises CellNotFound, VersionChanged."""
    cell = await locked_cell(work)
    expect_version(cell.version, seen)
    return cell


async def locked_proposal(work: Work, proposal_id: UUID) -> Proposal:
    """The proposal of this cell, locked: it is answered once. Raises ProposalNotFound."""
    found = await work.session.scalar(
        select(Proposal)
        .where(Proposal.tenant_id == work.cell_id, Proposal.proposal_id == proposal_id)
        .with_for_update()
    )
    if found is None:
        raise ProposalNotFound
    return found


async def opened_proposal(work: Work, proposal: Proposal) -> tuple[str, str, str]:
    """E-mail, given and family name of who is proposed; the proposal must still wait."""

    async def opened(sealed: bytes | None, column: str) -> str:
        return await work.open(sealed or b"", AssociatedData(work.cell_id, "proposal", column, proposal.proposal_id))

    return (
        await opened(proposal.email, "email"),
        await opened(proposal.given_name, "given_name"),
        await opened(proposal.family_name, "family_name"),
    )
