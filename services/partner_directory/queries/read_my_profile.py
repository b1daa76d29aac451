"""What the caller tells the own tables."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.principal import PLATFORM
from services.partner_directory.model import UNTOLD, PersonProfile, on_platform
from services.partner_directory.profiles import Told, opened


@dataclass(frozen=True, slots=True)
class ReadMyProfile:
    """The caller's."""


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What is told, and the version a change is asked of."""

    told: Told
    version: int


async def read_my_profile(work: Work, query: ReadMyProfile) -> ProfileView:
    """Runs on the platform, where the walls show a person the own profile alone."""
    on_platform(work.cell_id)
    profile = await work.session.get(PersonProfile, (PLATFORM, work.actor_id))
    if profile is None:
        return ProfileView(Told(), UNTOLD)
    work.trail.count = 1
    return ProfileView(await opened(work, profile), profile.version)
