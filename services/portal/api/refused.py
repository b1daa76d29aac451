"""Those who come to the portal without a valid sign-in, counted by where they come from."""

from __future__ import annotations

from starlette.types import Scope

from services.kit.errors import Unauthenticated
from services.kit.limits import network_of
from services.kit.refused import Refusals


class RefusedSignIns(Refusals):
    """Counts requests."""

    def count_request(self, scope: Scope) -> None:
        """One more, from where this request comes."""
        self.count(Unauthenticated.__name__, source_of(scope))


def source_of(scope: Scope) -> str:
    """The network address a request comes from; of IPv6 the first 64 bits, which one customer has."""
    client = scope.get("client")
    return network_of(client[0] if client else "")
