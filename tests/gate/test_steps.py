"""The course of a sign-in through the gate: what is counted, for whom, and when the answer leaves."""

from __future__ import annotations

import re

import pytest

from services.gate.device import PREFIX
from tests.gate.conftest import GRID, SIGN_IN, Scene, session

NELE, NOBODY = "nele@caw.example", "nobody@caw.example"


def told(scene: Scene) -> list[tuple[str, str]]:
    """What Keycloak was asked."""
    return [(method, path) for method, path, _, _ in scene.behind.asked]


async def test_known_and_unknown_take_the_same_way_and_leave_at_the_same_moment(scene: Scene) -> None:
    """Keycloak needs 5 ms for one, 70 for another, and for a third half a second on a busy machine."""
    scene.behind.busy = {NELE: 0.005, NOBODY: 0.07, "busy@caw.example": 0.51}
    seen = []
    for account in scene.behind.busy:
        scene.behind.asked.clear()
        came = scene.clock.now
        answer = await scene.try_password(account, "wrong")
        cookies = answer.headers.get_list("set-cookie")
        seen.append((told(scene), answer.status_code, answer.text, cookies, round(scene.clock.now - came, 6)))
    assert seen[0] == seen[1]
    assert seen[0][-1] == GRID
    assert seen[2][-1] == 2 * GRID, "never at a moment of its own"
    assert seen[2][:-1] == seen[0][:-1]


async def test_an_address_alone_is_answered_at_such_a_moment_too(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.post(SIGN_IN, data={"username": NELE}, headers=session("one"))
    assert scene.clock.slept == [GRID]


async def test_what_was_right_does_not_wait(scene: Scene) -> None:
    answer = await scene.try_password(NELE, "right one")
    assert "login-login-otp" in answer.text
    assert scene.clock.slept == []


@pytest.mark.parametrize("account", [NELE, NOBODY])
async def test_after_five_wrong_passwords_one_waits_and_is_told_how_long(scene: Scene, account: str) -> None:
    for _ in range(5):
        assert (await scene.try_password(account, "wrong")).status_code == 200
    before = len(scene.behind.asked)
    answer = await scene.try_password(account, "right one")
    assert answer.status_code == 429
    assert 10 <= int(answer.headers["retry-after"]) <= 15
    assert len(scene.behind.asked) == before + 1, "the page was asked for, the password was not"
    text = re.sub(r"\d+ secondes", "N secondes", answer.text)
    assert "N secondes" in text, "in the language of the sign-in"
    assert account not in text
    scene.clock.now += 15
    assert (await scene.try_password(account, "wrong")).status_code == 200


async def test_the_page_that_asks_to_wait_is_the_same_for_everybody(scene: Scene) -> None:
    texts = set()
    for account in (NELE, NOBODY):
        for _ in range(5):
            await scene.try_password(account, "wrong")
        scene.clock.now += 14 - (scene.clock.now % 1)
        answer = await scene.try_password(account, "wrong")
        named = {name: value for name, value in answer.headers.items() if name not in ("date", "x-trace-id")}
        texts.add((answer.status_code, re.sub(r"\d+ secondes", "", answer.text), tuple(named) == ("retry-after",)))
    assert len(texts) == 1


async def test_another_address_is_not_slowed_by_an_attacker(scene: Scene) -> None:
    for _ in range(20):
        await scene.try_password(NELE, "wrong", address="127.0.0.66")
    assert (await scene.try_password(NELE, "right one", address="127.0.0.66")).status_code == 429
    assert "login-login-otp" in (await scene.try_password(NELE, "right one", address="127.0.0.7")).text


async def signed_in(scene: Scene, account: str, password: str, address: str) -> str:
    """The device's cookie after a whole sign-in."""
    name = f"whole-{account}"
    assert "login-login-otp" in (await scene.try_password(account, password, address=address, name=name)).text
    async with scene.browser(address) as browser:
        answer = await browser.post(SIGN_IN, data={"otp": "123456"}, headers=session(name))
    assert answer.status_code == 302
    (cookie,) = [value for value in answer.headers.get_list("set-cookie") if value.startswith(PREFIX)]
    return cookie.partition(";")[0]


async def test_a_device_that_signed_in_before_keeps_its_way_at_the_attackers_own_address(scene: Scene) -> None:
    cookie = await signed_in(scene, NELE, "right one", "127.0.0.66")
    for _ in range(20):
        await scene.try_password(NELE, "wrong", address="127.0.0.66")
    assert (await scene.try_password(NELE, "right one", address="127.0.0.66")).status_code == 429
    answer = await scene.try_password(NELE, "right one", address="127.0.0.66", also=cookie)
    assert "login-login-otp" in answer.text
    assert all(PREFIX not in headers.get("cookie", "") for _, _, headers, _ in scene.behind.asked)


async def test_no_cookie_for_whom_only_a_page_was_shown(scene: Scene) -> None:
    """A sign-in of which no password was right here, or in which two people were named, proves no device."""
    async with scene.browser() as browser:
        await browser.get(SIGN_IN, headers=session("none"))
        answer = await browser.post(
            "/realms/rondetafel/login-actions/required-action", data={"otp": "123456"}, headers=session("none")
        )
    assert answer.status_code == 302
    assert not any(PREFIX in value for value in answer.headers.get_list("set-cookie"))


async def test_a_form_whose_page_was_not_seen_is_shown_again_first(scene: Scene) -> None:
    """After a restart of the gate nobody gets free tries: it must first read whose sign-in it is."""
    async with scene.browser() as browser:
        answer = await browser.post(SIGN_IN, data={"otp": "123456"}, headers=session("unseen"))
        assert answer.status_code == 303
        assert answer.headers["location"].endswith("/authenticate?client_id=portal&tab_id=t")
        assert scene.behind.asked == []
        assert (await browser.post(SIGN_IN, data={"otp": "123456"})).status_code == 303, "nor without a sign-in"


async def test_a_sign_in_of_one_is_no_cover_for_guessing_at_another(scene: Scene) -> None:
    """Keycloak sets the address of a sign-in once and does not look at the form's afterwards."""
    await scene.try_password(NELE, "right one", name="cover")
    for number in range(5):
        await scene.try_password(f"cover{number}@caw.example", "wrong", address=f"127.0.1.{number}", name="cover")
        await scene.try_password(NELE, "wrong", name=f"other{number}")
    async with scene.browser() as browser:
        form = {"username": "cover9@caw.example", "password": "right one"}
        answer = await browser.post(SIGN_IN, data=form, headers=session("cover"))
    assert answer.status_code == 429, "this sign-in has named Nele: it counts for her as well"
