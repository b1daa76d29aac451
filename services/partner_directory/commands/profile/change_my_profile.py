"""Somebody tells the own tables how to be reached."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.kit.allowed import expect_version
from services.kit.errors import VersionChanged
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM
from services.partner_directory.model import UNTOLD, PersonProfile, on_platform, read_telephone
from services.partner_directory.profiles import Told, sealed


@dataclass(frozen=True, slots=True)
class ChangeMyProfile:
    """All that is told from now on; what is empty is told no more."""

    expected_version: int
    language: str
    telephone: str
    reachable: str


async def change_my_profile(work: Work, command: ChangeMyProfile) -> Receipt:
    """Write the caller's own profile, on the platform, for all cells. Raises TelephoneUnreadable, VersionChanged."""
    on_platform(work.cell_id)
    told = Told(command.language, read_telephone(command.telephone), " ".join(command.reachable.split()))
    mine = (PersonProfile.tenant_id == PLATFORM, PersonProfile.person_id == work.actor_id)
    version = await work.session.scalar(select(PersonProfile.version).where(*mine)) or UNTOLD
    expect_version(version, command.expected_version)
    columns = {**await sealed(work, told), "version": version + 1}
    written = (
        insert(PersonProfile)
        .values(tenant_id=PLATFORM, person_id=work.actor_id, **columns)
        .on_conflict_do_update(
            index_elements=["tenant_id", "person_id"], set_=columns, where=PersonProfile.version == version
        )
        .returning(PersonProfile.version)
    )
    # Of two at once, the second finds another version than it read.
    if await work.session.scalar(written) is None:
        raise VersionChanged
    return Receipt(work.actor_id, "TOLD", version + 1)
