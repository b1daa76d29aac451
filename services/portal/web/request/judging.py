"""Each sign-in by a partner's provider is put before the directory: does it speak for the domain of that address?

At the first time the sign-in service asks that itself; later it takes over what the provider says.
"""

from __future__ import annotations

import grpc

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.calling import call_metadata
from services.kit.errors import Unauthenticated, Unavailable
from services.kit.identity import SignedInPerson
from services.kit.patience import FACTS_SECONDS
from services.kit.principal import PLATFORM
from services.portal.backends.calls import Services, problem_of_call

FOREIGN = "ForeignDomain"


class ForeignAddress(Unauthenticated):
    """The provider gives an address it may not speak for."""


class Judging:
    """Asks the directory, which keeps the refusals in its log."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def judge(self, provider: str, who: SignedInPerson) -> None:
        """Only domains leave. Raises ForeignAddress; Unavailable, and then nobody is signed in either."""
        asked = pb.JudgeSignInRequest(
            alias=provider, domain=_domain(who.email_there), named_domain=_domain(who.named_there)
        )
        try:
            await self._services.provider.JudgeSignIn(asked, metadata=call_metadata(PLATFORM), timeout=FACTS_SECONDS)
        except grpc.aio.AioRpcError as error:
            if problem_of_call(error).code == FOREIGN:
                raise ForeignAddress from error
            raise Unavailable from error


def _domain(address: str) -> str:
    """What stands behind the last @; empty for what has none."""
    return address.rpartition("@")[2] if "@" in address else ""
