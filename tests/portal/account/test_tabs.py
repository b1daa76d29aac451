"""Several tabs of one browser that sign in, and ways back to the portal that were gone before."""

from __future__ import annotations

import pytest

from services.portal.api.guards import COOKIE
from services.portal.web.account.routes import BROKEN_OFF
from services.portal.web.request.attempts import COOKIES, MOST, name_of
from tests.kit.issuer import ISSUER
from tests.portal.conftest import Front, Told, cookies_of, csrf_of


class Tab:
    """A sign-in under way, the last that was begun; several may be in one browser."""

    def __init__(self, front: Front, to: str) -> None:
        self.front, self.to = front, to
        pushed = front.keycloak.used[-1]
        self.state, self.nonce = pushed["state"], pushed["nonce"]

    @classmethod
    async def begun(cls, front: Front, to: str, email: str = "") -> Tab:
        """As far as the sign-in service."""
        await front.client.post("/signin", data={"email": email, "to": to})
        return cls(front, to)

    async def back(self, **said: str) -> tuple[int, str]:
        """Back with a code, or with what the sign-in service says in its place: the status, and where it leads."""
        self.front.keycloak.nonce = self.nonce
        query = {"state": self.state, "iss": ISSUER} | (said or {"code": "c"})
        answer = await self.front.client.get("/signin/callback", params=query)
        return answer.status_code, answer.headers.get("location", "")


async def test_a_code_is_used_once_and_a_reload_goes_where_it_led(front: Front, told: Told) -> None:
    tab = await Tab.begun(front, "/help")
    assert await tab.back() == (303, "/help")
    assert await tab.back() == (303, "/help"), "by reload, or by the back button"
    assert await tab.back(error="access_denied") == (303, "/help")
    front.client.cookies.delete(name_of(tab.state), domain="portal.test")
    assert await tab.back() == (303, "/"), "the browser forgot where, and is signed in all the same"
    assert front.keycloak.count("authorization_code") == 1
    front.client.cookies.delete(COOKIE, domain="portal.test")
    assert (await tab.back())[0] == 401
    assert front.keycloak.count("authorization_code") == 1
    assert await told.ended() == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_of_two_tabs_each_finds_its_own_way_back(front: Front, order: tuple[int, int]) -> None:
    tabs = [await Tab.begun(front, to) for to in ("/help", "/me")]
    for number in order:
        assert await tabs[number].back() == (303, tabs[number].to)
        assert (await front.client.get("/api/v1/me")).status_code == 200
    assert front.keycloak.count("authorization_code") == 2


async def test_the_tab_that_was_left_behind_finds_the_sign_in_of_the_other(front: Front) -> None:
    """The sign-in service breaks its attempt off; nothing new is begun, so the forms of the other stay good."""
    first, second = [await Tab.begun(front, to) for to in ("/help", "/me")]
    await first.back()
    before = cookies_of(front)[COOKIE]
    assert await second.back(error=BROKEN_OFF) == (303, "/me")
    assert cookies_of(front)[COOKIE] == before


async def test_what_was_broken_off_is_begun_anew_once(front: Front) -> None:
    tab = await Tab.begun(front, "/me", email="nele@caw.example")
    status, to = await tab.back(error=BROKEN_OFF)
    assert (status, to.startswith(f"{ISSUER}/protocol/openid-connect/auth?")) == (303, True)
    again = Tab(front, "/me")
    assert front.keycloak.used[-1]["login_hint"] == "nele@caw.example"
    assert (await again.back(error=BROKEN_OFF))[0] == 401
    assert await again.back() == (303, "/me")


async def test_a_second_step_that_was_broken_off_is_not_taken_for_done(front: Front) -> None:
    await front.sign_in()
    token = await csrf_of(front)
    await front.client.post("/me/sign-in", data={"csrf_token": token, "action": "password"})
    tab = Tab(front, "/me")
    assert (await tab.back(error=BROKEN_OFF))[1].startswith(ISSUER)
    assert front.keycloak.used[-1]["kc_action"] == "UPDATE_PASSWORD"
    assert await Tab(front, "/me").back() == (303, "/me")


async def test_the_oldest_attempt_gives_way(front: Front) -> None:
    """And what is none of ours; so the header stays small however many tabs there are."""
    front.client.cookies.set(f"{COOKIES}stray", "bent", domain="portal.test")
    tabs = []
    for number in range(MOST + 1):
        tabs.append(await Tab.begun(front, f"/help?{number}"))
        front.advance(seconds=1)
    held = {name for name in cookies_of(front) if name.startswith(COOKIES)}
    assert held == {name_of(tab.state) for tab in tabs[1:]}
    assert sum(len(value) for value in cookies_of(front).values()) < 4_000
    assert (await tabs[0].back())[0] == 401
    assert await tabs[1].back() == (303, "/help?1")


async def test_who_did_not_get_in_finds_the_same_way_again(front: Front) -> None:
    tab = await Tab.begun(front, "/help?a=1")
    query = {"error": "access_denied", "state": tab.state, "iss": ISSUER}
    page = await front.client.get("/signin/callback", params=query)
    assert (page.status_code, 'href="/?to=/help%3Fa%3D1"' in page.text) == (401, True)
