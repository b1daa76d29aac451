"""What failed at the sign-in service stands in the host's log: each event once, by kind, and by nobody's name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.browser import Browser, forms
from deploy.local.instance import REALM
from deploy.local.keycloak import Keycloak
from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import Unavailable
from services.kit.oidc import OidcClient
from services.partner_directory import sign_in_events
from services.partner_directory.model import OVERLAP
from services.partner_directory.sign_in_events import MOST_GROUPS, SignInEvents
from tests.exchanging import client_of
from tests.harness import START, Harness
from tests.kit.issuer import ISSUER, claims, signed

ADDRESS, CANARY = "198.51.100.7", "zwaluw@nest.example"
RECORDS = ("record_sign_in_failures", "record_realm_changes")


class Lists:
    """Plays the two lists of the sign-in service for what cannot be provoked there; counts how often it was asked."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.status = 200

    def failed(self, *, seconds: float = 0, kind: str = "LOGIN_ERROR", **more: Any) -> dict[str, Any]:
        """One failure so many seconds from START."""
        at = int((START + timedelta(seconds=seconds)).timestamp() * 1000)
        details = {"username": CANARY}
        base = {"id": str(uuid4()), "time": at, "type": kind, "error": "user_not_found", "ipAddress": ADDRESS}
        event = {**base, "details": details, **more}
        self.events.append(event)
        return event

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": signed(claims(sub="the-directory")), "expires_in": 300})
        self.asked.append(request.url.path.rpartition("/")[2])
        if self.status != 200:
            return httpx.Response(self.status)
        query = request.url.params
        rows = self.events if self.asked[-1] == "events" else self.changes
        found = [row for row in sorted(rows, key=lambda one: one["time"]) if row["time"] >= int(query["dateFrom"])]
        first = int(query["first"])
        return httpx.Response(200, json=found[first : first + int(query["max"])])


@pytest.fixture
def lists() -> Lists:
    return Lists()


@pytest.fixture
async def events(harness: Harness, lists: Lists, log: Log) -> AsyncIterator[SignInEvents]:
    """A process of the directory before these lists."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(lists.answer)) as http:
        yield made(harness, http)


def made(harness: Harness, http: httpx.AsyncClient) -> SignInEvents:
    client = OidcClient(http, ISSUER, "partner-directory", ec.generate_private_key(ec.SECP256R1()), clock=harness.clock)
    server, _, realm = ISSUER.rpartition("/realms/")
    return SignInEvents(harness.executor, client, http, server, realm, harness.clock)


class Log:
    """What the directory wrote for the host's log since this test began."""

    def __init__(self, administrator: asyncpg.Connection) -> None:
        self._administrator = administrator

    async def records(self) -> list[audit_pb2.AuditRecord]:
        rows = await self._administrator.fetch(
            "SELECT payload FROM outbox WHERE type = 'audit.record' ORDER BY producer_seq"
        )
        found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
        return [result for result in found if result.action in RECORDS]

    async def counts(self) -> list[int]:
        return [record.count for record in await self.records()]

    async def seen(self) -> set[UUID]:
        return {row["event_id"] for row in await self._administrator.fetch("SELECT event_id FROM seen_event")}


@pytest.fixture
async def log(servers: Servers, database: object) -> AsyncIterator[Log]:
    administrator = await servers.postgres.connect("rondetafel_partner_directory")
    await administrator.execute("TRUNCATE outbox, seen_event")
    yield Log(administrator)
    await administrator.close()


async def test_failures_of_one_source_and_minute_are_one_record(events: SignInEvents, lists: Lists, log: Log) -> None:
    for seconds in (0, 1, 59):
        lists.failed(seconds=seconds)
    lists.failed(seconds=60)
    lists.failed(kind="CODE_TO_TOKEN_ERROR", error="invalid_code")
    lists.failed(ipAddress="203.0.113.9")
    await events.poll()
    records = await log.records()
    assert sorted((record.detail["kind"], record.count) for record in records) == [
        ("CODE_TO_TOKEN_ERROR", 1),
        ("LOGIN_ERROR", 1),
        ("LOGIN_ERROR", 1),
        ("LOGIN_ERROR", 3),
    ]
    assert {record.verb for record in records} == {"sign_in"}
    assert len({record.detail["source"] for record in records}) == 2
    assert len({record.detail["subject"] for record in records}) == 1


async def test_nothing_of_a_record_names_anybody(events: SignInEvents, lists: Lists, log: Log) -> None:
    lists.failed(error=f"{CANARY} {ADDRESS}", details={"username": CANARY, "redirect_uri": CANARY}, userId="a-user")
    lists.changes.append(changed("USER", representation=CANARY, resourcePath=f"users/{CANARY}"))
    await events.poll()
    written = [record.SerializeToString() for record in await log.records()]
    assert len(written) == 2
    assert not any(name.encode() in record for record in written for name in (CANARY, ADDRESS, "a-user"))


def changed(resource: str, **more: Any) -> dict[str, Any]:
    who = {"userId": "an-operator", "clientId": "c", "ipAddress": ADDRESS}
    at = int(START.timestamp() * 1000)
    return {
        "id": str(uuid4()),
        "time": at,
        "operationType": "UPDATE",
        "resourceType": resource,
        "authDetails": who,
        **more,
    }


async def test_changes_are_recorded_and_the_directorys_own_accounts_are_not(
    events: SignInEvents, lists: Lists, log: Log
) -> None:
    """An invitation stands in the log as such."""
    own = {"authDetails": {"userId": "the-directory", "ipAddress": ADDRESS}}
    lists.changes += [changed("CLIENT"), changed("USER"), changed("USER", **own), changed("CLIENT", **own)]
    await events.poll()
    found = sorted((record.detail["kind"], record.count, record.verb) for record in await log.records())
    assert found == [
        ("UPDATE CLIENT", 1, "administer"),
        ("UPDATE CLIENT", 1, "administer"),
        ("UPDATE USER", 1, "administer"),
    ]


async def test_each_event_is_recorded_once_over_polls_and_restarts(
    events: SignInEvents, lists: Lists, log: Log, harness: Harness
) -> None:
    lists.failed()
    await events.poll()
    await events.poll()
    async with httpx.AsyncClient(transport=httpx.MockTransport(lists.answer)) as http:
        restarted = made(harness, http)
        await restarted.poll()
        assert await log.counts() == [1]
        lists.failed(seconds=1)
        await restarted.poll()
    assert await log.counts() == [1, 1]


async def test_an_event_that_was_committed_late_is_not_missed(events: SignInEvents, lists: Lists, log: Log) -> None:
    lists.failed(seconds=90)
    await events.poll()
    lists.failed(seconds=0)
    await events.poll()
    assert await log.counts() == [1, 1]


async def test_what_no_poll_fetches_again_is_forgotten(events: SignInEvents, lists: Lists, log: Log) -> None:
    lists.failed()
    await events.poll()
    last = lists.failed(seconds=OVERLAP.total_seconds() + 1)
    await events.poll()
    await events.poll()
    assert await log.seen() == {UUID(last["id"])}
    assert await log.counts() == [1, 1]


async def test_a_long_absence_is_caught_up_page_by_page(
    events: SignInEvents, lists: Lists, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_events, "PAGE", 3)
    for seconds in range(8):
        lists.failed(seconds=3600.0 * seconds)
    await events.poll()
    assert sum(await log.counts()) == 8
    assert lists.asked.count("events") == 4


async def test_many_names_or_many_addresses_fill_no_log(events: SignInEvents, lists: Lists, log: Log) -> None:
    for number in range(MOST_GROUPS + 1):
        lists.failed(details={"username": f"{number}@nest.example"})
    await events.poll()
    assert await log.counts() == [MOST_GROUPS + 1]
    for number in range(MOST_GROUPS + 1):
        lists.failed(seconds=60, ipAddress=f"198.51.100.{number}")
    await events.poll()
    (_, many) = await log.records()
    assert (many.count, many.detail["kind"]) == (MOST_GROUPS + 1, "LOGIN_ERROR")
    assert "source" not in many.detail


async def test_lists_that_cannot_be_fetched_wait(events: SignInEvents, lists: Lists, log: Log) -> None:
    lists.failed()
    for status in (403, 500):
        lists.status = status
        with pytest.raises((Unavailable, httpx.HTTPError)):
            await events.poll()
    lists.status = 200
    await events.poll()
    assert await log.counts() == [1]


async def test_a_wrong_password_at_the_real_one_stands_in_the_log(
    keycloak: Keycloak, servers: Servers, client: OidcClient, harness: Harness, log: Log
) -> None:
    address, name = servers.instance.keycloak_url, f"{uuid4().hex}@nest.example"
    async with httpx.AsyncClient(trust_env=False) as http, Browser() as browser:
        events = SignInEvents(harness.executor, client, http, address, REALM, harness.clock)
        await events.poll()
        before = len(await log.records())
        terminal = client_of(http, servers.instance, "rondetafel-cli")
        request = await terminal.pushed_authorization_request("http://127.0.0.1/callback", login_hint=name)
        (form, *_) = forms(await browser.open(request.url))
        await browser.submit(form, {"username": name, "password": "not right at all"})
        async with keycloak.admin() as admin:
            await admin.put(body={"displayName": "Rondetafel"})
        await events.poll()
    failure, change = (await log.records())[before:]
    assert (failure.detail["kind"], failure.detail["reason"], failure.count) == ("LOGIN_ERROR", "user_not_found", 1)
    assert change.detail["kind"] == "UPDATE REALM"
    assert name.encode() not in failure.SerializeToString()
