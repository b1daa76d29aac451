"""Giving a mandate: what coming by an invitation, a recovery and appointing somebody for the host have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from services.kit.asking import Question
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM
from services.kit.vault import AssociatedData
from services.partner_directory.changing import tell_given
from services.partner_directory.errors import HostInCell, MandateExists, MemberForHost, OrganisationUnknown
from services.partner_directory.model import (
    APART,
    WAIT,
    WITHOUT_CELL,
    Announcement,
    CellPerson,
    Done,
    GivenBy,
    Mandate,
    Organisation,
    PersonCell,
)
from services.partner_directory.posting import tell_town
from services.partner_directory.providing import signs_in_elsewhere
from services.partner_directory.ruling import lock_rules_of_cell


@dataclass(frozen=True, slots=True)
class WhoIs(Question[UUID]):
    """The person with exactly this e-mail address, who is made known to the sign-in service if need be.

    To be asked after everything that can refuse: a refused command makes no account. `elsewhere`: no account is made
    of somebody whose own organisation signs people in; who came by it once has one.
    """

    email: str
    given_name: str
    family_name: str
    elsewhere: bool = False


# Two acts about one person in different cells see each other: none gives a mandate here while another appoints there.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))")


async def organisation_of(work: Work, kbo_number: str) -> Organisation:
    """The organisation with this number. Raises OrganisationUnknown."""
    found = await work.session.scalar(select(Organisation).where(Organisation.kbo_number == kbo_number))
    if found is None:
        raise OrganisationUnknown(field="kbo_number", expected="a registered organisation")
    return found


async def whoever_is(work: Work, who: WhoIs) -> UUID:
    """The id of that person, to whom something is given at once. Raises what `WhoIs` raises; NeverSignedIn."""
    return work.ask(replace(who, elsewhere=await signs_in_elsewhere(work, who.email)))


async def give(work: Work, mandate: Mandate, who: WhoIs) -> Receipt:
    """Give the mandate to that person. A handler's last act.

    Raises MandateExists; HostInCell and MemberForHost, because nobody acts for the host and sits in a cell.
    """
    await _keep_apart(work, mandate)
    # What is taken over of an earlier undertaking ends as that does, also when another text is decided on just now.
    await lock_rules_of_cell(work)
    # The names' row is locked from here on, so two invitations of one person see each other's mandates.
    await _keep_names(work, mandate.person_id, who.given_name, who.family_name)
    await _compare_with_earlier(work, mandate)
    mandate.opens_at = await _opening(work, mandate)
    mandate.settle()
    work.trail.detail["given_by"] = mandate.given_by
    if work.cell_id != PLATFORM:
        work.session.add(_person_cell(mandate))
    if mandate.given_by in WITHOUT_CELL:
        what = Done.APPOINTED if mandate.given_by == GivenBy.FOUNDING else Done.RECOVERED
        tell_town(work, announcement(work, mandate, what))
    await work.session.flush()
    await tell_given(work, mandate)
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)


def announcement(work: Work, mandate: Mandate, what: Done) -> Announcement:
    """To be told to oversight and to the town, within seconds: what happened without the cell's own yes."""
    return Announcement(
        announcement_id=new_id(),
        cell_id=work.cell_id,
        what=what,
        role=mandate.role,
        at=work.now,
        opens_at=None if what is Done.ENDED else mandate.opens_at,
    )


async def _keep_apart(work: Work, mandate: Mandate) -> None:
    """Nobody holds a mandate in a cell who acts for the host, or did so in the last 90 days (invariant 24).

    The walls show this act the host's mandates of this person in a cell, the cells of this person on the platform, and
    no others; so neither side learns of anybody it does not name.
    """
    await work.session.execute(_ALONE, {"person": str(mandate.person_id)})
    await work.scope_to(mandate.person_id)
    if work.cell_id == PLATFORM:
        held = select(PersonCell.mandate_id).where(
            PersonCell.person_id == mandate.person_id, PersonCell.ends_at > work.now
        )
        if await work.session.scalar(held.limit(1)) is not None:
            raise MemberForHost(field="email", expected="somebody without a mandate in any cell")
        return
    served = select(Mandate.mandate_id).where(
        Mandate.tenant_id == PLATFORM, Mandate.person_id == mandate.person_id, Mandate.ends_at > work.now - APART
    )
    if await work.session.scalar(served.limit(1)) is not None:
        raise HostInCell(field="email", expected=f"somebody who has not acted for the host for {APART.days} days")


async def _opening(work: Work, mandate: Mandate) -> datetime | None:
    """When content opens: 72 hours after the host gave it; what the cell gives meanwhile, no earlier than that."""
    if work.cell_id == PLATFORM:
        return None
    if mandate.given_by in WITHOUT_CELL:
        return work.now + WAIT
    return await work.session.scalar(
        select(func.max(Mandate.opens_at)).where(
            Mandate.tenant_id == work.cell_id, Mandate.opens_at > work.now, Mandate.ends_at > work.now
        )
    )


async def _compare_with_earlier(work: Work, mandate: Mandate) -> None:
    """Refuse a mandate the person has already; take over the undertaking given in this cell, if it still counts."""
    earlier = await work.session.scalars(
        select(Mandate).where(
            Mandate.tenant_id == work.cell_id,
            Mandate.person_id == mandate.person_id,
            Mandate.ends_at > work.now,
            Mandate.end_reason.is_(None),
        )
    )
    for row in earlier:
        if row.covers_some_of(mandate):
            raise MandateExists(field="from", expected="a time or towns the present mandate does not cover")
        mandate.inherit_undertaking(row)


async def _keep_names(work: Work, person_id: UUID, given_name: str, family_name: str) -> None:
    """The person's name as this cell knows it, sealed with the cell's own key."""

    async def seal(text: str, column: str) -> bytes:
        return await work.seal(text, AssociatedData(work.cell_id, "cell_person", column, person_id))

    names = {
        "given_name": await seal(given_name, "given_name"),
        "family_name": await seal(family_name, "family_name"),
    }
    await work.session.execute(
        insert(CellPerson)
        .values(tenant_id=work.cell_id, person_id=person_id, **names)
        .on_conflict_do_update(index_elements=["tenant_id", "person_id"], set_=names)
    )


def _person_cell(mandate: Mandate) -> PersonCell:
    """What the person finds of the mandate outside the cell."""
    return PersonCell(
        person_id=mandate.person_id,
        tenant_id=mandate.tenant_id,
        mandate_id=mandate.mandate_id,
        role=mandate.role,
        starts_at=mandate.starts_at,
        ends_at=mandate.ends_at,
        undertaken_until=mandate.undertaken_until,
        opens_at=mandate.opens_at,
        undertaken_at=mandate.undertaken_at,
        counts_from=mandate.counts_from,
        counts_until=mandate.counts_until,
    )
