"""Which account of the sign-in service is which person. Nobody keeps that, and a person's id tells no account."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from keycloak import KeycloakAdmin
from keycloak.exceptions import KeycloakGetError

from services.kit.identities import person_id
from services.partner_directory.posting import Reached

AT_ONCE = 500


class Subjects:
    """The realm's accounts by person, in the memory of this process: ids alone, no address.

    They are gone through anew, 500 at a time, when somebody is not among them.
    """

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._known: dict[UUID, str] = {}

    async def reach(self, admin: KeycloakAdmin, person: UUID) -> Reached | None:
        """Where this person is written to; None without an account, or with one shut out. Raises KeycloakError."""
        subject = await self.find(admin, person)
        if subject is None:
            return None
        try:
            account = await admin.a_get_user(subject)
        except KeycloakGetError as error:
            if error.response_code != HTTPStatus.NOT_FOUND:
                raise
            return None
        if not account.get("enabled") or not account.get("email"):
            return None
        return Reached(account["email"], *account.get("attributes", {}).get("locale", [""])[:1])

    async def find(self, admin: KeycloakAdmin, person: UUID) -> str | None:
        """The account of this person; None without one. Raises KeycloakError."""
        return self._known.get(person) or await self._find(admin, person)

    async def _find(self, admin: KeycloakAdmin, person: UUID) -> str | None:
        first = 0
        while page := await admin.a_get_users({"first": first, "max": AT_ONCE, "briefRepresentation": True}):
            self._known |= {person_id(self._issuer, account["id"]): account["id"] for account in page}
            first += AT_ONCE
        return self._known.get(person)
