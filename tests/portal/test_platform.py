"""The running portal: real sign-in pages, real sessions, real ends, over HTTP."""

from __future__ import annotations

import asyncio
import itertools
import re
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.local.browser import Browser, Form, forms
from deploy.local.code_flow import CodeFlow
from deploy.local.people import Person
from deploy.local.platform import Platform
from deploy.local.ports import LOOPBACK
from services.portal.api.guards import COOKIE
from tests.patience import HANGS_AFTER

NUMBERS = itertools.count(1)


@pytest.fixture
async def person(platform: Platform) -> Person:
    """Somebody who never signed in before."""
    number = next(NUMBERS)
    person = Person.invent(f"visitor{number}", f"Visitor Number{number}", "portal.example")
    async with platform.keycloak.admin() as admin:
        await CodeFlow(platform.instance).people.add(admin, [person])
    return person


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser without a history."""
    async with Browser() as browser:
        yield browser


async def status_of_me(platform: Platform, headers: dict[str, str]) -> int:
    """What the API says to this caller."""
    async with httpx.AsyncClient(trust_env=False, timeout=HANGS_AFTER) as http:
        return (await http.get(f"{platform.instance.portal_url}/api/v1/me", headers=headers)).status_code


def cookie_of(browser: Browser) -> dict[str, str]:
    """The session cookie as a header."""
    return {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}


def signing_out(page: httpx.Response) -> Form:
    """The form at the foot of every page."""
    return next(form for form in forms(page) if form.action.endswith("/signout"))


async def test_a_person_signs_in_sees_the_cells_and_signs_out(
    platform: Platform, browser: Browser, person: Person
) -> None:
    flow, portal = CodeFlow(platform.instance), platform.instance.portal_url
    page = await flow.sign_in_at_portal(browser, portal, person.name)
    assert str(page.url) == f"{portal}/"
    assert "Je zit nog niet aan een tafel" in page.text
    cookie = cookie_of(browser)
    assert await status_of_me(platform, cookie) == 200
    page = await browser.submit(signing_out(page), {})
    assert "Je bent afgemeld." in page.text
    assert await status_of_me(platform, cookie) == 401


async def at_password(browser: Browser, address: str, person: Person) -> httpx.Response:
    """The page that asks for the password: the first of a sign-in where no partner has a provider, else the second."""
    page = await browser.open(address)
    form = next(form for form in forms(page) if "username" in form.fields)
    return page if "password" in form.fields else await browser.submit(form, {"username": person.email})


async def test_a_form_of_a_sign_in_that_is_done_is_sent_again(
    platform: Platform, browser: Browser, person: Person
) -> None:
    """By the back button, or in a tab left behind: Keycloak breaks it off, and the person goes on all the same."""
    flow, portal = CodeFlow(platform.instance), platform.instance.portal_url
    start, other = [await at_password(browser, f"{portal}/signin?to={to}", person) for to in ("/help", "/me")]
    left_behind = [next(form for form in forms(page) if "password" in form.fields) for page in (start, other)]
    for page in (start, other):
        await flow.walk(browser, page, person)
    for form, to in zip(left_behind, ("/help", "/me"), strict=True):
        filled = {"username": person.email, "password": person.password}
        back = await browser.submit(form, filled, until=f"{portal}/signin/callback")
        assert "error=temporarily_unavailable" in back.headers["location"]
        page = await browser.open(back.headers["location"])
        assert (page.status_code, str(page.url)) == (200, f"{portal}{to}")


async def test_signing_in_again_after_signing_out_asks_for_the_password_again(
    platform: Platform, browser: Browser, person: Person
) -> None:
    flow, portal = CodeFlow(platform.instance), platform.instance.portal_url
    page = await flow.sign_in_at_portal(browser, portal, person.name)
    await browser.submit(signing_out(page), {})
    page = await browser.open(f"{portal}/signin")
    assert str(page.url).startswith(platform.instance.issuer)
    page = await flow.walk(browser, page, person)
    assert "Je zit nog niet aan een tafel" in page.text


async def test_invariant_15_an_end_at_the_sign_in_service_reaches_browser_and_token(
    platform: Platform, browser: Browser, person: Person
) -> None:
    flow = CodeFlow(platform.instance)
    await flow.sign_in_at_portal(browser, platform.instance.portal_url, person.name)
    cookie = cookie_of(browser)
    assert await status_of_me(platform, cookie) == 200
    async with platform.keycloak.admin() as admin:
        (user,) = await admin.get("users", email=person.email, exact=True)
        await admin.post(f"users/{user['id']}/logout")
    assert await status_of_me(platform, cookie) == 401


async def test_a_token_of_the_command_line_is_welcome(platform: Platform, person: Person) -> None:
    token = await CodeFlow(platform.instance).token(person.name)
    assert await status_of_me(platform, {"Authorization": f"Bearer {token}"}) == 200
    assert await status_of_me(platform, {"Authorization": f"Bearer {token[:-4]}AAAA"}) == 401


async def test_each_request_is_a_trace_of_its_own_whatever_the_caller_sends(platform: Platform) -> None:
    """Who reads the log gathers by it: twelve readings under one chosen id were one line (decision 35)."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
        sent = [await http.get(f"{platform.instance.portal_url}/api/v1/me", headers=headers) for _ in range(2)]
        plain = await http.get(f"{platform.instance.portal_url}/api/v1/me")
    traces = {answer.headers["x-trace-id"] for answer in (*sent, plain)}
    assert len(traces - {trace}) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", trace) for trace in traces)


@pytest.mark.parametrize("announced", [True, False])
async def test_a_large_body_is_refused_on_the_wire(platform: Platform, person: Person, announced: bool) -> None:
    """Not all of it is sent: the refusal comes by the length, or at the byte too many."""
    token = await CodeFlow(platform.instance).token(person.name)
    head = [
        f"POST /api/v1/cells HTTP/1.1\r\nHost: portal\r\nAuthorization: Bearer {token}\r\n",
        "Content-Type: application/json\r\nIdempotency-Key: k\r\n",
        "Content-Length: 99000000\r\n\r\n" if announced else "Transfer-Encoding: chunked\r\n\r\n",
    ]
    reader, writer = await asyncio.open_connection(LOOPBACK, platform.instance.ports.portal)
    writer.write("".join(head).encode())
    if not announced:
        writer.write(b"".join(b"10000\r\n" + b" " * 65_536 + b"\r\n" for _ in range(17)))
    await writer.drain()
    async with asyncio.timeout(HANGS_AFTER):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_routes_and_no_ids_are_in_the_metrics(platform: Platform, person: Person) -> None:
    token = await CodeFlow(platform.instance).token(person.name)
    cell = "01932f6e-0000-7000-8000-00000000aaaa"
    async with httpx.AsyncClient(trust_env=False) as http:
        address = f"{platform.instance.portal_url}/api/v1/cells/{cell}/cases"
        await http.get(address, headers={"Authorization": f"Bearer {token}"})
        metrics = (await http.get(f"http://{LOOPBACK}:{platform.instance.ports.metrics['portal']}/metrics")).text
    assert 'rondetafel_http_requests_total{method="GET",route="/api/v1/cells/{cell}/cases"' in metrics
    assert cell not in metrics


async def test_it_stops_gracefully_and_frees_its_port(platform: Platform) -> None:
    await platform.stop_server("portal")
    try:
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind((LOOPBACK, platform.instance.ports.portal))
    finally:
        await platform.start_server("portal")
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(platform.instance.portal_url)).status_code == 200
