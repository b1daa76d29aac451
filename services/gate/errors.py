"""What the gate itself answers, as a problem document to clients and as a page to people."""

from __future__ import annotations

from services.kit.errors import Invalid, NotFound, Unavailable


class NothingHere(NotFound):
    """There is nothing at this address for anybody."""


class FormUnreadable(Invalid):
    """A form that Keycloak might read otherwise than the gate does."""


class KeycloakAway(Unavailable):
    """Keycloak does not answer. `tried` is False when it cannot have seen the request."""

    def __init__(self, *, tried: bool) -> None:
        super().__init__("the sign-in service does not answer")
        self.tried = tried
