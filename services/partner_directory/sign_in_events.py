"""What failed at the sign-in service and what was changed there, fetched every few seconds for the host's log.

Its own tables keep addresses and names as they were typed, for a week. The log gets neither: kinds, counts, and keyed
pseudonyms by which one source or one person can be followed.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import jwt

from services.kit.clock import Clock
from services.kit.errors import AlreadyHandled, RondetafelError, Unauthenticated, Unavailable
from services.kit.execute import Executor
from services.kit.http_client import within
from services.kit.oidc import OidcClient
from services.kit.patience import KEYS_SECONDS
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.identity.record_realm_changes import RecordRealmChanges, record_realm_changes
from services.partner_directory.commands.identity.record_sign_in_failures import (
    RecordSignInFailures,
    record_sign_in_failures,
)
from services.partner_directory.model import EventStream
from services.partner_directory.policy import EVENTS
from services.partner_directory.queries.read_event_position import ReadEventPosition, read_event_position

logger = logging.getLogger(__name__)

POLL_SECONDS = 5.0
PAGE = 100
MOST_GROUPS = 20
"""Records of one page. Beyond, those of one source share one, then all of one kind, so that nobody fills the log."""
LEAST_LIFETIME = timedelta(seconds=30)
KINDS = frozenset(
    {
        "LOGIN_ERROR", "LOGOUT_ERROR", "CODE_TO_TOKEN_ERROR", "REFRESH_TOKEN_ERROR", "CLIENT_LOGIN_ERROR",
        "TOKEN_EXCHANGE_ERROR", "PUSHED_AUTHORIZATION_REQUEST_ERROR", "IDENTITY_PROVIDER_LOGIN_ERROR",
        "IDENTITY_PROVIDER_FIRST_LOGIN_ERROR", "IDENTITY_PROVIDER_POST_LOGIN_ERROR",
        "IDENTITY_PROVIDER_RESPONSE_ERROR", "IDENTITY_PROVIDER_LINK_ACCOUNT_ERROR", "UPDATE_CREDENTIAL_ERROR",
        "REMOVE_CREDENTIAL_ERROR", "UPDATE_PASSWORD_ERROR", "UPDATE_TOTP_ERROR", "EXECUTE_ACTION_TOKEN_ERROR",
        "CUSTOM_REQUIRED_ACTION_ERROR", "USER_DISABLED_BY_PERMANENT_LOCKOUT", "USER_DISABLED_BY_TEMPORARY_LOCKOUT",
    }
)  # fmt: skip
"""What the realm keeps and we record; it keeps nothing of sign-ins that succeed, which the portal records."""
_CODE = re.compile("[A-Za-z][A-Za-z_]{0,63}")


@dataclass(frozen=True, slots=True)
class Group:
    """Events that share one record. `kind` and `what` are codes of Keycloak's; source and subject are blinded later."""

    kind: str
    what: str
    source: str
    subject: str
    minute: datetime


class SignInEvents:
    """As the client `partner-directory`, which may view them. Several processes may poll: the first one records."""

    def __init__(
        self, executor: Executor, client: OidcClient, http: httpx.AsyncClient, keycloak_url: str, realm: str,
        clock: Clock,
    ) -> None:  # fmt: skip
        """`keycloak_url` is Keycloak's own address, where it is administered."""
        self._executor = executor
        self._client = client
        self._http = http
        self._base = f"{keycloak_url.rstrip('/')}/admin/realms/{realm}"
        self._clock = clock
        self._token = ""
        self._token_until = clock()

    async def run(self) -> None:
        """Poll until cancelled. What cannot be fetched or recorded now is with a later poll."""
        while True:
            try:
                await self.poll()
            except (RondetafelError, httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                logger.warning("events of the sign-in service wait to be recorded: %s", type(error).__name__)
                self._token_until = self._clock()
            await asyncio.sleep(POLL_SECONDS)

    async def poll(self) -> None:
        """Record what is new."""
        for stream in EventStream:
            position = await self._executor.run(
                system(EVENTS, PLATFORM), read_event_position, ReadEventPosition(stream)
            )
            first = 0
            while page := await self._page(stream, position.since, first):
                new = [event for event in page if UUID(event["id"]) not in position.seen]
                await self._record(stream, [event for event in new if not await self._own(stream, event)])
                first += len(page)

    async def _record(self, stream: EventStream, events: Sequence[Mapping[str, Any]]) -> None:
        for group, members in grouped(stream, events):
            seen = tuple((UUID(member["id"]), _moment(member)) for member in members)
            try:
                if stream is EventStream.FAILURES:
                    failures = RecordSignInFailures(
                        group.kind, group.what, group.source, group.subject, group.minute, seen
                    )
                    await self._executor.run(system(EVENTS, PLATFORM), record_sign_in_failures, failures)
                else:
                    changes = RecordRealmChanges(
                        group.kind, group.what, group.source, group.subject, group.minute, seen
                    )
                    await self._executor.run(system(EVENTS, PLATFORM), record_realm_changes, changes)
            except AlreadyHandled:
                logger.info("another process has recorded these events")

    async def _own(self, stream: EventStream, event: Mapping[str, Any]) -> bool:
        """Whether it is an account made for an invitation, which is in the log as such."""
        if stream is EventStream.FAILURES or event.get("resourceType") != "USER":
            return False
        claims = jwt.decode(await self._access_token(), options={"verify_signature": False})
        return bool(event["authDetails"]["userId"] == claims["sub"])

    async def _page(self, stream: EventStream, since: datetime, first: int) -> list[dict[str, Any]]:
        query: dict[str, str | int] = {
            "dateFrom": int(since.timestamp() * 1000), "direction": "asc", "first": first, "max": PAGE,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {await self._access_token()}"}
        address = f"{self._base}/{stream.value}"
        answer = await self._http.get(address, params=query, headers=headers, timeout=within(KEYS_SECONDS))
        if answer.status_code in (401, 403):
            raise Unavailable from Unauthenticated("The sign-in service does not let us see its events.")
        answer.raise_for_status()
        page: list[dict[str, Any]] = answer.json()
        return page

    async def _access_token(self) -> str:
        if self._token_until <= self._clock():
            tokens = await self._client.client_credentials()
            self._token, self._token_until = tokens.access_token, tokens.expires_at - LEAST_LIFETIME
        return self._token


def grouped(stream: EventStream, events: Iterable[Mapping[str, Any]]) -> list[tuple[Group, list[Mapping[str, Any]]]]:
    """Events by what they have in common, the oldest first; with too many groups they have less in common."""
    of = _failure if stream is EventStream.FAILURES else _change
    pairs = [(group, event) for event in events if (group := of(event)) is not None]
    for tell_subject, tell_source in ((True, True), (False, True), (False, False)):
        found: dict[Group, list[Mapping[str, Any]]] = {}
        for group, pair in pairs:
            source, subject = group.source if tell_source else "", group.subject if tell_subject else ""
            found.setdefault(replace(group, source=source, subject=subject), []).append(pair)
        if len(found) <= MOST_GROUPS:
            break
    return sorted(found.items(), key=lambda item: item[0].minute)


def _failure(event: Mapping[str, Any]) -> Group | None:
    if event["type"] not in KINDS:
        return None
    subject = event.get("userId") or event.get("details", {}).get("username", "").strip().lower()
    source = event.get("ipAddress", "")
    return Group(event["type"], _code(event.get("error", "")), source, subject, _minute(event))


def _change(event: Mapping[str, Any]) -> Group:
    who = event.get("authDetails", {})
    kind, what = _code(event["operationType"]), _code(event["resourceType"])
    return Group(kind, what, who.get("ipAddress", ""), who.get("userId", ""), _minute(event))


def _code(text: str) -> str:
    return text if _CODE.fullmatch(text) else "other"


def _moment(event: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(event["time"] / 1000, UTC)


def _minute(event: Mapping[str, Any]) -> datetime:
    return _moment(event).replace(second=0, microsecond=0)
