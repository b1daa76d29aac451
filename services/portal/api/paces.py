"""How much one address, one person and one cell may ask for, so that nobody takes the portal from the others.

The address is bounded before anything of a request is read. A cell is bounded by what its own people ask: an
outsider's requests cost it nothing, and who does not sit there never learns that it is busy.
"""

from __future__ import annotations

import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit.errors import TooManyRequests
from services.kit.identities import person_id
from services.kit.identity import VerifiedToken
from services.kit.pace import MonotonicClock, Pace
from services.portal.api.refused import source_of

BURST_SECONDS = 10
"""So many seconds' worth may come at once."""
MOST_SEATS = 20_000
_SEAT = "rondetafel.seat"
_CELL = re.compile("(?:/api/v1)?/cells/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a second in the long run.

    A town's hall with hundreds of browsers is one address; a person has several windows of a live session; a cell has
    a few dozen people. Together a cell must not take what the machine gives (docs/performance.md).
    """

    address: float = 200
    account: float = 20
    tenant: float = 30


class Paces:
    """What was asked lately. Each process of the portal counts for itself."""

    def __init__(self, rates: Rates | None = None, clock: MonotonicClock = time.monotonic) -> None:
        rates = rates or Rates()
        self._address, self._account, self._tenant = (
            Pace(rate * BURST_SECONDS, rate, clock) for rate in (rates.address, rates.account, rates.tenant)
        )
        self._seats: OrderedDict[tuple[UUID, str], None] = OrderedDict()

    def expect_address(self, scope: Scope) -> None:
        """One request more from where this one comes. Raises TooManyRequests."""
        _expect(self._address.take(source_of(scope)))

    def expect_account(self, scope: Scope, verified: VerifiedToken) -> None:
        """One request more of this person, and in the cell of the address if the person sits there.

        Raises TooManyRequests.
        """
        person = person_id(verified.issuer, verified.subject)
        cell = _CELL.match(scope["path"].lower())
        if self.expect_question(person, cell[1] if cell else "") and cell is not None:
            scope[_SEAT] = (person, cell[1])

    def expect_question(self, person: UUID, cell: str) -> bool:
        """One question more of this person, and in the cell if the person sits there; whether that is still unknown.

        Raises TooManyRequests.
        """
        _expect(self._account.take(person))
        seat = (person, cell)
        if seat not in self._seats:
            return True
        self._seats.move_to_end(seat)
        _expect(self._tenant.take(cell))
        return False

    def note(self, scope: Scope, status: int) -> None:
        """Who was answered in a cell sits there."""
        seat = scope.get(_SEAT)
        if seat is not None and 200 <= status < 300:
            self._seats[seat] = None
            if len(self._seats) > MOST_SEATS:
                self._seats.popitem(last=False)


def _expect(wait: float) -> None:
    if wait > 0:
        raise TooManyRequests(retry_after=max(1, math.ceil(wait)))


class Paced:
    """Outside of everything that reads a request: refuses an address that asks too much, as `refuse` says it."""

    def __init__(self, app: ASGIApp, paces: Paces, refuse: Callable[[Scope, TooManyRequests], Response]) -> None:
        self._app = app
        self._paces = paces
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, or answer 429."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._paces.expect_address(scope)
        except TooManyRequests as error:
            await self._refuse(scope, error)(scope, receive, send)
            return

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._paces.note(scope, message["status"])
            await send(message)

        await self._app(scope, receive, note)
