"""Sealing and opening what people tell of themselves, under a key of each person on the platform (decision 67)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.principal import PLATFORM
from services.kit.vault import AssociatedData, Keyring
from services.partner_directory.model import PersonProfile


@dataclass(frozen=True, slots=True)
class Told:
    """A language code, a telephone number as E.164 has it, when the person is reached; each may be empty."""

    language: str = ""
    telephone: str = ""
    reachable: str = ""


COLUMNS = ("language", "telephone", "reachable")


async def sealed(work: Work, told: Told) -> dict[str, bytes]:
    """The columns of the caller's own row. Not by `work.seal`: a key of a person is no case the record would name."""
    me = work.actor_id
    return {column: await work.keyring.seal(getattr(told, column), _place(me, column)) for column in COLUMNS}


async def opened(work: Work, profile: PersonProfile) -> Told:
    """One that the walls showed."""
    return await _opened(_keyring(work), profile)


async def find_told(work: Work, person_ids: Collection[UUID]) -> Mapping[UUID, Told]:
    """What these people tell, as far as the walls show it to the caller where this act runs."""
    found = await work.session.scalars(
        select(PersonProfile).where(PersonProfile.tenant_id == PLATFORM, PersonProfile.person_id.in_(person_ids))
    )
    profiles, keyring = found.all(), _keyring(work)
    await keyring.hold([profile.person_id for profile in profiles])
    return {
        profile.person_id: await _opened(keyring, profile) for profile in profiles if keyring.holds(profile.person_id)
    }


def _keyring(work: Work) -> Keyring:
    """The platform's keys, of which the walls show a cell those of its own people alone."""
    return work.keyring if work.cell_id == PLATFORM else work.keyring.vault.keyring(work.transaction, PLATFORM)


async def _opened(keyring: Keyring, profile: PersonProfile) -> Told:
    values = [await keyring.open(getattr(profile, column), _place(profile.person_id, column)) for column in COLUMNS]
    return Told(*values)


def _place(person_id: UUID, column: str) -> AssociatedData:
    return AssociatedData(person_id, "person_profile", column, person_id)
