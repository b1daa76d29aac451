"""Lets the first coordinator and the first mayor of an invented cell come in the past, so long ago that content is open
today.

The product waits 72 hours after they came, and knows no way round it. So what the demo and the tests live through began
earlier, as their history did: the handlers of the running directory, with their clock set. The records say when, and
nobody but who holds the instance's keys can do it.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from deploy.local.past import Past, past
from deploy.local.platform import Platform
from deploy.local.realm_admin import RealmAdmin
from services.kit.clock import utc_now
from services.kit.grid import Grid
from services.kit.identities import person_id
from services.partner_directory.across import CODE_GRID_SECONDS, Invitations, answerers
from services.partner_directory.codes import OneTimeCodes
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation

AGO = timedelta(days=60)
"""So long ago the invented cells were founded, and their mandates began: a month of history needs them."""


class LongAgo:
    """Where people come in the past; what that takes is opened for the first, and kept for the others until `close`."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._held = AsyncExitStack()
        self._opened: tuple[RealmAdmin, Past] | None = None

    async def come(self, email: str, cell_id: UUID, invitation_id: UUID, code: str) -> UUID:
        """Who was invited by the host comes with the code, in the past; the mandate's id.

        Raises the handler's errors. The person must have an account with this address. One at a time.
        """
        if self._opened is None:
            admin = await self._held.enter_async_context(self._platform.keycloak.admin())
            self._opened = admin, await self._held.enter_async_context(past(self._platform))
        admin, then = self._opened
        (user,) = await admin.get("users", email=email, exact=True)
        invitations = Invitations(OneTimeCodes(), self._platform.instance.portal_url, None, Grid(CODE_GRID_SECONDS))
        receipt = await then.act(
            "partner_directory", person_id(self._platform.instance.issuer, user["id"]), cell_id, utc_now() - AGO,
            accept_invitation, AcceptInvitation(invitation_id, code),
            key=str(uuid5(NAMESPACE_URL, f"comes {invitation_id}")),
            answerers=lambda executor: answerers(executor, cast("Any", None), invitations),
        )  # fmt: skip
        return receipt.id

    async def close(self) -> None:
        """Close what was opened."""
        await self._held.aclose()
