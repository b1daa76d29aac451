"""Accounts at the sign-in service (Keycloak), for people who are invited."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx
from keycloak import KeycloakAdmin
from keycloak.exceptions import KeycloakError, KeycloakPostError

from services.kit.addresses import Address, NotAnAddress, read_address
from services.kit.clock import Clock, utc_now
from services.kit.errors import Unauthenticated, Unavailable
from services.kit.grid import Grid
from services.kit.identities import Revoked, identity_id, person_id
from services.kit.oidc import OidcClient
from services.kit.patience import ACCOUNT_SECONDS, ACCOUNTS_SECONDS
from services.partner_directory.errors import (
    AccountRefused,
    LetterNotTaken,
    NeverSignedIn,
    SignInServiceAway,
    SignInServiceBusy,
)
from services.partner_directory.nobody import nobodys_password
from services.partner_directory.posting import Reached
from services.partner_directory.subjects import Subjects

logger = logging.getLogger(__name__)

AT_ONCE = 6
PORTAL = "portal"
"""The client whose address stands at the end of setting up."""
LEAST_LIFETIME = timedelta(seconds=30)
FIRST_SIGN_IN = ["UPDATE_PASSWORD", "CONFIGURE_TOTP"]
"""What a new person must do before the first sign-in is complete: local people always have two factors."""
FIELDS: Mapping[str, str] = {"firstName": "given_name", "lastName": "family_name"}
"""What Keycloak finds fault with, by our names; all else is about the address."""
FOR_EVER = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
"""Answers that stay the same however often it is asked."""
GRID_SECONDS = 0.1
"""Answers leave at multiples of it: several times what finding or making somebody takes (12 to 24 ms)."""


class Users:
    """The realm's people, as the client `partner-directory` may manage them.

    The wait is bounded and only a few may: who calls while Keycloak is slow is told so soon, and it is not buried.
    Raises Unavailable when Keycloak is slow, away, or does not accept our client; never Unauthenticated, which would be
    said of the caller's own sign-in.
    """

    def __init__(
        self, client: OidcClient, issuer: str, keycloak_url: str, *, clock: Clock = utc_now,
        patience: float = ACCOUNTS_SECONDS, each: int = ACCOUNT_SECONDS, grid: Grid | None = None,
    ) -> None:  # fmt: skip
        """`keycloak_url` is Keycloak's own address: its administration does not go through the public one.

        `patience` for what is asked of us, in seconds, `each` for a request it takes.
        """
        self._client = client
        self._issuer = issuer
        self._keycloak_url = keycloak_url
        self._grid = grid or Grid(GRID_SECONDS)
        self._clock = clock
        self._patience = patience
        self._each = each
        self._free = asyncio.Semaphore(AT_ONCE)
        self._renewing = asyncio.Lock()
        self._admin: KeycloakAdmin | None = None
        self._admin_until = clock()
        self._subjects = Subjects(issuer)

    async def find_or_create(self, email: str, given_name: str, family_name: str) -> UUID:
        """The person with exactly this e-mail address; a new account if there was none.

        For both the same is asked of Keycloak, and the answer leaves on the grid: nobody learns who is known.
        Raises AccountRefused when Keycloak will never take it.
        """
        address = _address(email)
        async with self.asking() as admin:
            came = self._grid.now()
            try:
                await _create(admin, address, given_name, family_name)
                subject = await _find(admin, address)
            except AccountRefused:
                await self._grid.leave(came)
                raise
            await self._grid.leave(came)
        return person_id(self._issuer, subject)

    async def find(self, email: str) -> UUID:
        """The person with exactly this e-mail address, of whom no account is made. Raises NeverSignedIn."""
        address = _address(email)
        async with self.asking() as admin:
            try:
                return person_id(self._issuer, await _find(admin, address))
            except AccountRefused:
                raise NeverSignedIn(field="email", expected="somebody who signed in here once") from None

    async def ask_to_set_up(self, email: str, language: str) -> bool:
        """Have Keycloak's letter sent to the person who still has to set up how they sign in; False for who has not.

        In the person's own language if their account has one. Raises LetterNotTaken when the mail server took it not.
        When the answer does not come in time the letter may have gone all the same.
        """
        async with self.asking() as admin:
            return await _send_letter(admin, _address(email), language)

    async def reach(self, person_id: UUID) -> Reached | None:
        """Where this person is written to, and in which language; None without an account, or with one shut out."""
        async with self.asking() as admin:
            return await self._subjects.reach(admin, person_id)

    def identity(self, kind: Revoked, value: str) -> UUID:
        """The id by which every service knows what the realm knows by this value (kit.identities)."""
        return identity_id(self._issuer, kind, value)

    async def set_enabled(self, kind: Revoked, value: str, *, enabled: bool) -> None:
        """Let the person, identity provider or organisation sign in, or not. One that is not there is no error."""
        async with self.asking() as admin:
            try:
                await _switch(admin, kind, value, enabled=enabled)
            except KeycloakError as error:
                if error.response_code != HTTPStatus.NOT_FOUND:
                    raise

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[KeycloakAdmin]:
        """The administration, for a few at a time and not for long."""
        if self._free.locked():
            raise SignInServiceBusy(retry_after=1)
        try:
            async with asyncio.timeout(self._patience), self._free:
                yield await self._administration()
        except (KeycloakError, httpx.HTTPError, TimeoutError, Unauthenticated, Unavailable) as error:
            self._admin_until = self._clock()
            logger.warning("the sign-in service failed: %s", type(error).__name__)
            raise SignInServiceAway from error

    async def close(self) -> None:
        """Close the connections."""
        if self._admin is not None:
            await self._admin.connection.aclose()

    async def _administration(self) -> KeycloakAdmin:
        """The administration, with a token that lives long enough for the calls of one invitation."""
        async with self._renewing:
            if self._admin is None or self._admin_until <= self._clock():
                tokens = await self._client.client_credentials()
                lifetime = tokens.expires_at - self._clock()
                token = {"access_token": tokens.access_token, "expires_in": int(lifetime.total_seconds())}
                if self._admin is None:
                    self._admin = self._connected(token)
                else:
                    self._admin.connection.token = token
                self._admin_until = tokens.expires_at - LEAST_LIFETIME
            return self._admin

    def _connected(self, token: dict[str, object]) -> KeycloakAdmin:
        realm = self._issuer.rpartition("/")[2]
        server = f"{self._keycloak_url.rstrip('/')}/"
        return KeycloakAdmin(server_url=server, realm_name=realm, token=token, timeout=self._each, max_retries=0)


def _address(email: str) -> Address:
    try:
        return read_address(email)
    except NotAnAddress:
        # It was kept before the present rules.
        raise AccountRefused(field="email", expected="one e-mail address") from None


async def _create(admin: KeycloakAdmin, address: Address, given_name: str, family_name: str) -> None:
    """A new account, unless there is one already.

    Creating comes first, so that two invitations of one person cannot make two accounts. User name and address are the
    two forms of one address, and Keycloak takes either at the sign-in: it is an account's of before that has one of
    them.
    """
    account = {
        "username": address.readable,
        "email": address.mailable,
        "firstName": given_name,
        "lastName": family_name,
        "enabled": True,
        "requiredActions": FIRST_SIGN_IN,
        "credentials": [nobodys_password()],
    }
    try:
        await admin.a_create_user(account)
    except KeycloakPostError as error:
        if error.response_code in FOR_EVER:
            raise _refused(error) from None
        if error.response_code != HTTPStatus.CONFLICT:
            raise


def _refused(error: KeycloakError) -> AccountRefused:
    """Which of our fields Keycloak finds fault with; what it says of it may hold what was typed."""
    found = re.search(rb'"field":"(\w+)"', error.response_body or b"")
    field = FIELDS.get(found[1].decode() if found else "", "email")
    return AccountRefused(field=field, expected="what the sign-in service takes")


async def _find(admin: KeycloakAdmin, address: Address) -> str:
    """The subject of the account with this address, in whatever form it was kept."""
    asked = [{"email": address.mailable}]
    if address.readable != address.mailable:
        asked.append({"username": address.readable})
    for query in asked:
        for user in await admin.a_get_users(query | {"exact": True, "max": 2}):
            if _is_of(user, address):
                return str(user["id"])
    raise AccountRefused(field="email", expected="an address that is not the user name of another account")


def _is_of(user: Mapping[str, Any], address: Address) -> bool:
    try:
        return read_address(user.get("email", "")) == address
    except NotAnAddress:
        return False


async def _send_letter(admin: KeycloakAdmin, address: Address, language: str) -> bool:
    try:
        subject = await _find(admin, address)
    except AccountRefused:
        return False
    account = await admin.a_get_user(subject)
    missing = [action for action in FIRST_SIGN_IN if action in account["requiredActions"]]
    if not account["enabled"] or not missing:
        return False
    async with _speaking(admin, account, language):
        try:
            await admin.a_send_update_account(subject, missing, client_id=PORTAL)
        except KeycloakError as error:
            if error.response_code != HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            # What Keycloak says of it may hold the address.
            raise LetterNotTaken from None
    return True


@asynccontextmanager
async def _speaking(admin: KeycloakAdmin, account: Mapping[str, Any], language: str) -> AsyncIterator[None]:
    """Let Keycloak write in this language to who has chosen none.

    It is forgotten at once, because it would win over the language that the portal asks the pages for. That it could
    not be forgotten does not undo a letter that was sent.
    """
    subject, attributes = account["id"], account.get("attributes", {})
    if "locale" in attributes:
        yield
        return
    await admin.a_update_user(subject, {**account, "attributes": attributes | {"locale": [language]}})
    try:
        yield
    finally:
        try:
            await admin.a_update_user(subject, await admin.a_get_user(subject) | {"attributes": attributes})
        except (KeycloakError, httpx.HTTPError) as error:
            logger.warning("the language of a letter was not forgotten: %s", type(error).__name__)


async def _switch(admin: KeycloakAdmin, kind: Revoked, value: str, *, enabled: bool) -> None:
    """Whole representations are sent back: of a part, the realm forgets the rest."""
    if kind is Revoked.SUBJECT:
        await admin.a_update_user(value, await admin.a_get_user(value) | {"enabled": enabled})
        if not enabled:
            await admin.a_user_logout(value)
    elif kind is Revoked.PROVIDER:
        await admin.a_update_idp(value, await admin.a_get_idp(value) | {"enabled": enabled})
    else:
        await admin.a_update_organization(value, await admin.a_get_organization(value) | {"enabled": enabled})
