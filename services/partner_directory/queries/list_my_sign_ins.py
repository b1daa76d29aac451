"""Where somebody is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import Provider, on_platform
from services.partner_directory.signed_in import Noted, open_sign_ins


@dataclass(frozen=True, slots=True)
class ListMySignIns:
    """Those of the caller."""


@dataclass(frozen=True, slots=True)
class MySignIn:
    """One of them; `asking` is the one this is asked by."""

    sign_in_id: UUID
    asking: bool
    started_at: datetime
    used_at: datetime
    browser: str
    provider_name: str


@dataclass(frozen=True, slots=True)
class MySignIns:
    """All that are open, the last used first. Each lasts for hours, so they are few."""

    sign_ins: tuple[MySignIn, ...]


async def list_my_sign_ins(work: Work, query: ListMySignIns) -> MySignIns:
    """The caller's own, whatever the level of the sign-in: who was robbed of the second factor must see them too."""
    on_platform(work.cell_id)
    noted = await open_sign_ins(work)
    aliases = {sign_in.provider for sign_in in noted}
    named = await work.session.execute(select(Provider.alias, Provider.name).where(Provider.alias.in_(aliases)))
    names = {row.alias: row.name for row in named}
    work.trail.count = len(noted)
    return MySignIns(tuple(_view(work, sign_in, names.get(sign_in.provider, "")) for sign_in in noted))


def _view(work: Work, sign_in: Noted, name: str) -> MySignIn:
    asking = sign_in.sign_in_id in work.principal.identities
    return MySignIn(sign_in.sign_in_id, asking, sign_in.started_at, sign_in.used_at, sign_in.browser, name)
