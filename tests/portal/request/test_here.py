"""Who chooses another language, stays signed in or signs in again comes back to the very page it was."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import Unavailable
from services.portal.web.request.here import NO_PAGES
from tests.portal.backends import Backends
from tests.portal.cell.test_mandates import opened
from tests.portal.conftest import Front, csrf_of
from tests.portal.host.test_host import at_host
from tests.portal.operations import SOME_ID
from tests.portal.tables import sit, table
from tests.rules.test_pages import routes

FOOT = re.compile(r'action="/preferences">.*?name="to" value="([^"]*)"', re.DOTALL)
STAY = re.compile(r'action="/signin/keep">.*?name="to" value="([^"]*)"', re.DOTALL)


def tongue(page: httpx.Response) -> str:
    """Where the choice of another language leads."""
    found = FOOT.search(page.text)
    assert found
    return unescape(found[1])


async def in_french(front: Front, page: httpx.Response) -> httpx.Response:
    """The page that is shown after that choice."""
    chosen = await front.client.post("/preferences", data={"to": tongue(page), "language": "fr"})
    assert chosen.status_code == 303
    shown = await front.client.get(chosen.headers["location"])
    assert '<html lang="fr"' in shown.text
    return shown


async def test_the_start_page_keeps_where_one_wanted_to_go(front: Front) -> None:
    wanted = f"/cells/{front.cell}/log?case=VV-26-001&from=24%2F11%2F2026"
    sent_away = (await front.client.get(wanted)).headers["location"]
    shown = await in_french(front, await front.client.get(sent_away))
    assert f'name="to" value="{wanted}"' in unescape(shown.text)


async def test_the_promise_and_the_second_step_keep_it_too(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ReadTable"] = table(front.cell, "participant", accepted=False)
    wanted = f"{at}/signals?state=RECEIVED"
    for page in (f"{at}/undertaking", "/signin/second-step"):
        asked = f"{page}?{urlencode({'to': wanted})}"
        first = await front.client.get(asked)
        assert f'name="to" value="{wanted}"' in first.text
        shown = await in_french(front, first)
        assert f'name="to" value="{wanted}"' in shown.text
    sent = {"csrf_token": await csrf_of(front), "key": "k", "to": wanted}
    for address in (f"{at}/undertaking", f"{at}/undertaking?to=%2Fme"):
        refused = await front.client.post(address, data=sent)
        assert refused.status_code == 422
        assert f'name="to" value="{wanted}"' in (await in_french(front, refused)).text, "not ticked, and shown again"


async def test_the_log_keeps_its_filter_and_page(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    backends.answers["SearchAudit"] = audit_pb2.SearchAuditResponse(log_size=3)
    asked = f"{at}/log?case=&from-day=24&from-month=11&from-year=2026&cursor=0.17.ab"
    page = await front.client.get(asked)
    assert tongue(page) == asked
    stay = STAY.search(page.text)
    assert stay
    assert unescape(stay[1]) == asked
    french = await in_french(front, page)
    for shown in (page, french):
        assert re.search(r'name="from-day"[^>]*value="24"', shown.text)


async def test_after_a_form_one_comes_back_to_the_page_it_stood_on(front: Front, backends: Backends) -> None:
    mandates = await opened(front, backends)
    token = await csrf_of(front)
    page = await front.client.post(f"{mandates}/{SOME_ID}/end", data={"csrf_token": token, "key": "k"})
    assert (page.status_code, tongue(page)) == (422, mandates)
    assert (await in_french(front, page)).status_code == 200
    await at_host(front, backends)
    page = await front.client.post("/host", data={"csrf_token": await csrf_of(front), "key": "k"})
    assert (page.status_code, tongue(page)) == (422, "/host")


async def test_a_page_that_is_away_or_refuses_leads_back_to_one_that_is_there(front: Front, backends: Backends) -> None:
    mandates = await opened(front, backends)
    sent = {"csrf_token": await csrf_of(front), "key": "k", "reason": "ROLE_CHANGED"}
    backends.answers["ReadTable"] = Unavailable()
    for changed, status in (({"reason": ""}, 503), ({"csrf_token": "x"}, 403)):
        page = await front.client.post(f"{mandates}/{SOME_ID}/end", data=sent | changed)
        assert page.status_code == status
        assert f'href="{mandates}"' in page.text
    front.keycloak.away = True
    page = await front.client.post("/signin", data={"email": "nele@caw.example", "to": mandates})
    assert page.status_code == 503
    assert 'href="/?' + urlencode({"to": mandates}) in page.text


@pytest.mark.parametrize("staying", [True, False])
async def test_signed_in_again_one_is_on_the_page_with_the_form(
    front: Front, backends: Backends, staying: bool
) -> None:
    mandates = await opened(front, backends)
    address = "/signin/keep" if staying else f"{mandates}/{SOME_ID}/end"
    sent = {"csrf_token": await csrf_of(front), "key": "k"} | ({"to": f"{mandates}?over=1"} if staying else {})
    front.advance(minutes=31)
    sent_away = await front.client.post(address, data=sent)
    wanted = f"{mandates}?over=1" if staying else mandates
    assert sent_away.headers["location"] == "/?" + urlencode({"to": wanted})


def page_of(template: str) -> str:
    """Where a form of this address leads back to, with ids filled in."""
    return re.sub(r"\{[a-z_]+\}", str(UUID(int=7)), template)


async def test_of_every_form_the_page_it_stood_on_is_known(front: Front) -> None:
    """Each leads to an address that answers GET with a page, most of them to their own."""
    pages = {route.path for route in routes("GET")} - NO_PAGES
    await front.sign_in()
    led: dict[str, str] = {}
    for route in routes("POST"):
        answer = await front.client.post(page_of(route.path), data={"key": "not a key"})
        if "html" in answer.headers.get("content-type", ""):
            back = tongue(answer)
            led[route.path] = next((page for page in pages if page_of(page) == back), f"nothing at {back}")
    assert set(led.values()) <= pages
    assert {path: page for path, page in led.items() if path not in pages} == {
        "/signin": "/", "/signin/keep": "/", "/preferences": "/", "/signout": "/",
        "/signin/backchannel-logout": "/", "/drafts/drop": "/", "/me/sign-in": "/me",
        "/host/cells/{cell}/founding/{invitation}/resend": "/host/cells/{cell}/founding",
        "/host/cells/{cell}/founding/{invitation}/withdraw": "/host/cells/{cell}/founding",
        "/cells/{cell}/cases/{case}/decline": "/cells/{cell}/cases/{case}",
        "/cells/{cell}/mandates/proposals/{proposal}/confirm": "/cells/{cell}/mandates",
        "/cells/{cell}/mandates/proposals/{proposal}/decline": "/cells/{cell}/mandates",
        "/cells/{cell}/mandates/{mandate}/end": "/cells/{cell}/mandates",
        "/cells/{cell}/mandates/absences/{absence}/end": "/cells/{cell}/mandates",
        "/cells/{cell}/mandates/invitations/{invitation}/resend": "/cells/{cell}/mandates/invitations",
        "/cells/{cell}/mandates/invitations/{invitation}/withdraw": "/cells/{cell}/mandates/invitations",
        "/cells/{cell}/cases/{case}/contribution/{contribution}/left-out":
            "/cells/{cell}/cases/{case}/contribution/{contribution}",
    }  # fmt: skip
    assert {path: page for path, page in led.items() if path in pages - NO_PAGES and page != path} == {}
    assert len(led) > 20
