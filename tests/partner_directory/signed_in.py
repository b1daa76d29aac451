"""Somebody signed in, once or several times, as the portal notes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from services.kit.errors import Unauthenticated
from services.kit.execute import HandlerOf
from services.kit.identities import Revoked, identity_id, sign_in_id
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.partner_directory.commands.identity.note_sign_in import NoteSignIn, note_sign_in
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.list_my_sign_ins import ListMySignIns, MySignIn, list_my_sign_ins
from tests.partner_directory.town import Host

PORTAL = system("portal.service", PLATFORM)
Command = TypeVar("Command")
Result = TypeVar("Result")


@dataclass
class SignedIn:
    """Somebody by one sign-in."""

    host: Host
    person_id: UUID
    sid: str
    provider: str = ""
    acr: int = 2

    @property
    def id(self) -> UUID:
        return sign_in_id(self.sid)

    @property
    def principal(self) -> Principal:
        came_by = (identity_id("", Revoked.PROVIDER, self.provider),) if self.provider else ()
        named = (self.person_id, self.id, *came_by)
        now = self.host.harness.clock.now
        return Principal(PrincipalKind.PERSON, self.person_id, PLATFORM, self.acr, "", None, named, now)

    async def note(self, browser: str = "firefox", **span: float) -> SignedIn:
        until = self.host.harness.clock.now + timedelta(**(span or {"minutes": 35}))
        command = NoteSignIn(self.sid, self.person_id, browser, self.provider, until)
        await self.host.harness.executor.run(PORTAL, note_sign_in, command)
        return self

    async def run(self, handler: HandlerOf[Command, Result], command: Command) -> Result:
        return await self.host.harness.executor.run(self.principal, handler, command)

    async def listed(self) -> list[MySignIn]:
        return list((await self.run(list_my_sign_ins, ListMySignIns())).sign_ins)

    async def counts(self, principal: Principal | None = None) -> bool:
        """Whether its token does anything."""
        try:
            await self.host.harness.executor.run(principal or self.principal, list_my_cells, ListMyCells())
        except Unauthenticated:
            return False
        return True


async def signed_in(host: Host, *, of: UUID | None = None, **more: Any) -> SignedIn:
    """A person with a sign-in that the portal noted."""
    return await SignedIn(host, of or uuid4(), str(uuid4()), **more).note()
