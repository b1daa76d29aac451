"""Who asks too much is told when to come again, and takes nothing from the others: by address, person and cell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from services.case.errors import CaseNotFound
from services.kit.limits import networks_of
from services.portal.api.paces import Paces, Rates
from services.portal.web.app import build_app
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.keycloak import body_of
from tests.portal.tables import sit

FEW = 0.2
"""A second; two at once."""
MANY = 1_000.0
HOME, ELSEWHERE = "198.51.100.7", "203.0.113.9"


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Street:
    """One portal, with clients at any address."""

    def __init__(self, front: Front, rates: Rates, proxies: str = "") -> None:
        self.front, self.clock = front, Hand()
        self.web = replace(front.web, paces=Paces(rates, self.clock))
        self._app = build_app(self.web, front.bearers, networks_of(proxies))

    @asynccontextmanager
    async def at(self, address: str) -> AsyncIterator[httpx.AsyncClient]:
        """A client there."""
        transport = httpx.ASGITransport(self._app, client=(address, 5))
        async with httpx.AsyncClient(transport=transport, base_url="https://portal.test") as client:
            yield client

    async def get(self, path: str, address: str = HOME, **headers: str) -> httpx.Response:
        """One request from there."""
        async with self.at(address) as client:
            return await client.get(path, headers=headers)


def refused(answer: httpx.Response) -> None:
    """It says so, and when to come again."""
    assert (answer.status_code, body_of(answer)["code"]) == (429, "TooManyRequests")
    assert int(answer.headers["retry-after"]) == body_of(answer)["retry_after"] == 5


async def test_an_address_that_asks_too_much_waits_and_others_do_not(front: Front) -> None:
    street = Street(front, Rates(address=FEW))
    path = "/api/v1/openapi.json"
    assert [(await street.get(path)).status_code for _ in range(2)] == [200, 200]
    refused(await street.get(path))
    assert (await street.get(path, ELSEWHERE)).status_code == 200
    street.clock.now += 4.9
    assert (await street.get(path)).headers["retry-after"] == "1"
    street.clock.now += 0.1
    assert (await street.get(path)).status_code == 200


async def test_an_address_is_bounded_before_anybody_is_asked_who_it_is(front: Front) -> None:
    """Bad tokens, unknown cookies, addresses that do not exist and assets count alike."""
    street = Street(front, Rates(address=FEW))
    bad = {"Authorization": "Bearer x"}
    assert (await street.get("/api/v1/me", **bad)).status_code == 401
    assert (await street.get("/no/such/page", cookie="__Host-rondetafel=x")).status_code == 404
    for path in ("/api/v1/me", "/api/nothing"):
        refused(await street.get(path, **bad))
    assert (await street.get("/assets/x/y")).status_code == 429


async def test_the_addresses_of_one_ipv6_customer_are_one(front: Front) -> None:
    street = Street(front, Rates(address=FEW))
    seen = [(await street.get("/help", f"2001:db8::{item}")).status_code for item in (1, 2, 3)]
    assert seen == [200, 200, 429]
    assert (await street.get("/help", "2001:db8:0:1::1")).status_code == 200


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "Wacht even"),
        ("fr", "Attendez un instant"),
        ("de", "Warten Sie einen Augenblick"),
        ("en", "Wait a moment"),
    ],
)
async def test_a_browser_gets_a_page_in_its_language(front: Front, language: str, said: str) -> None:
    street = Street(front, Rates(address=FEW))
    for _ in range(2):
        assert (await street.get("/help")).status_code == 200
    answer = await street.get("/help", **{"accept-language": language})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert f"<h1>{said}</h1>" in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_a_person_who_asks_too_much_waits_wherever_the_requests_come_from(
    front: Front, backends: Backends
) -> None:
    street = Street(front, Rates(account=FEW))
    mine, anothers = front.bearer(), front.bearer(sub="another", sid="another-session")
    assert [(await street.get("/api/v1/me", **mine)).status_code for _ in range(2)] == [200, 200]
    refused(await street.get("/api/v1/me", ELSEWHERE, **mine))
    assert (await street.get("/api/v1/me", **anothers)).status_code == 200
    street.clock.now += 5
    assert (await street.get("/api/v1/me", **mine)).status_code == 200


async def test_each_session_a_stream_is_asked_for_counts_as_a_request_of_the_person(
    front: Front, backends: Backends
) -> None:
    await front.sign_in()
    await front.web.changes.end_all()
    cookie = "; ".join(f"{name}={value}" for name, value in front.client.cookies.items())
    sessions = [f"of={front.cell}/{uuid4()}" for _ in range(2)]
    for asked, status in ((sessions[:1], 200), (sessions, 429)):
        street = Street(front, Rates(account=FEW))
        assert (await street.get(f"/events?{'&'.join(asked)}", cookie=cookie)).status_code == status


async def test_a_person_in_a_browser_gets_a_page(front: Front, backends: Backends) -> None:
    await front.sign_in()
    cookie = "; ".join(f"{name}={value}" for name, value in front.client.cookies.items())
    street = Street(front, Rates(account=FEW))
    for _ in range(2):
        assert (await street.get("/me", cookie=cookie)).status_code == 200
    answer = await street.get("/me", cookie=cookie)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert "Probeer het over 5 seconden opnieuw." in answer.text
    street.clock.now += 5
    assert (await street.get("/me", cookie=cookie)).status_code == 200


async def test_a_cell_whose_people_ask_too_much_waits_and_other_cells_do_not(front: Front, backends: Backends) -> None:
    """Two people of one cell share what it may ask; each has shown by an answer that it is theirs."""
    street = Street(front, Rates(tenant=FEW))
    mine, theirs = front.bearer(), front.bearer(sub="another", sid="another-session")
    cases, elsewhere = f"/api/v1/cells/{front.cell}/cases", f"/api/v1/cells/{uuid4()}/cases"
    for headers in (mine, theirs, mine, theirs):
        assert (await street.get(cases, **headers)).status_code == 200
    refused(await street.get(cases, **mine))
    refused(await street.get(cases, **theirs))
    assert (await street.get(elsewhere, **mine)).status_code == 200
    street.clock.now += 5
    assert (await street.get(cases, **mine)).status_code == 200


async def test_an_outsider_costs_a_cell_nothing_and_never_learns_that_it_is_busy(
    front: Front, backends: Backends
) -> None:
    street = Street(front, Rates(tenant=FEW, account=MANY))
    mine, outsiders = front.bearer(), front.bearer(sub="outsider", sid="outsiders-session")
    cases = f"/api/v1/cells/{front.cell}/cases"
    assert (await street.get(cases, **mine)).status_code == 200
    backends.answers["ListCases"] = CaseNotFound()
    assert {(await street.get(cases, **outsiders)).status_code for _ in range(50)} == {404}
    del backends.answers["ListCases"]
    assert [(await street.get(cases, **mine)).status_code for _ in range(3)] == [200, 200, 429]
    backends.answers["ListCases"] = CaseNotFound()
    assert (await street.get(cases, **outsiders)).status_code == 404


async def test_the_pages_of_a_cell_count_as_its_api_does(front: Front, backends: Backends) -> None:
    page = await sit(front, backends, "participant")
    cookie = "; ".join(f"{name}={value}" for name, value in front.client.cookies.items())
    street = Street(front, Rates(tenant=FEW))
    for _ in range(3):
        assert (await street.get(page, cookie=cookie)).status_code == 200
    assert (await street.get(page, cookie=cookie)).status_code == 429
    assert (await street.get("/me", cookie=cookie)).status_code == 200, "the person is still welcome elsewhere"


async def test_only_a_trusted_proxy_says_whose_address_it_is(front: Front) -> None:
    street = Street(front, Rates(address=FEW), proxies="10.0.0.0/8, 2001:db8:f::1")

    async def through(proxy: str, forwarded: str) -> int:
        return (await street.get("/help", proxy, **{"X-Forwarded-For": forwarded})).status_code

    assert [await through("10.1.2.3", HOME) for _ in range(3)] == [200, 200, 429]
    assert await through("10.1.2.3", ELSEWHERE) == 200
    assert await through("10.1.2.3", f"{ELSEWHERE}, {HOME}") == 429, "the last counts: the client wrote the first"
    assert await through("10.1.2.3", f"{HOME}, 10.9.9.9") == 429, "of several proxies each is left out"
    # Who is no proxy is taken at the own address, whatever the header says.
    assert [await through("192.0.2.1", f"192.0.2.{item}") for item in (2, 3, 4)] == [200, 200, 429]


@pytest.mark.parametrize("wrong", ["*", "portal.test", "10.0.0.0/99"])
def test_a_proxy_that_is_no_network_is_a_mistake(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        networks_of(wrong)


async def test_a_person_with_many_windows_meets_no_limit(front: Front, backends: Backends) -> None:
    """Ten windows of a live session that each ask once a second, and a page with everything it links every four."""
    street = Street(front, Rates())
    cases, mine = f"/api/v1/cells/{front.cell}/cases", front.bearer()
    for _ in range(8):
        for _ in range(10):
            assert (await street.get(cases, **mine)).status_code == 200
        street.clock.now += 1
