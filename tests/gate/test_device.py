"""The cookie of a device that signed in before: for one account, for a time, for the last sign-in only."""

from __future__ import annotations

import base64
import re

import pytest

from services.gate.device import LIFETIME, PREFIX, Devices
from tests.harness import TestClock

KEY = b"k" * 32
NELE, KARIM = "nele@caw.example", "karim@politie.example"


def given(devices: Devices, account: str, cookies: list[tuple[str, str]] | None = None) -> tuple[str, str]:
    """The cookie a browser has after signing in."""
    header, *_ = devices.remember(cookies or [], devices.pseudonym(account))
    name, _, value = header.partition(";")[0].partition("=")
    return name, value


def known(devices: Devices, account: str, *cookies: tuple[str, str]) -> bool:
    """Whether these cookies are of a device that signed in to the account before."""
    return bool(devices.known(list(cookies), {devices.pseudonym(account)}))


def test_the_device_is_known_for_its_account_and_no_other() -> None:
    devices = Devices(KEY)
    name, value = given(devices, NELE)
    assert known(devices, NELE, (name, value))
    assert not known(devices, KARIM, (name, value))
    other = given(devices, KARIM)[0]
    assert not known(devices, KARIM, (other, value)), "nor under the name of the other's cookie"


def test_it_names_nobody_and_is_kept_from_scripts_and_other_sites() -> None:
    header, *_ = Devices(KEY).remember([], Devices(KEY).pseudonym(NELE))
    assert "nele" not in header
    assert "nele" not in base64.urlsafe_b64decode(header.partition(";")[0].partition("=")[2] + "==").decode("latin-1")
    assert re.fullmatch(
        rf"{PREFIX}[0-9a-f]{{16}}=[\w-]+; Path=/; Max-Age={180 * 24 * 3600}; Secure; HttpOnly; SameSite=Strict", header
    )
    assert Devices(b"x" * 32).pseudonym(NELE) != Devices(KEY).pseudonym(NELE)


def test_a_forged_a_foreign_and_a_bent_one_are_none() -> None:
    devices = Devices(KEY)
    name, value = given(devices, NELE)
    assert known(devices, NELE, (name, value))
    assert not known(devices, NELE, (name, given(Devices(b"x" * 32), NELE)[1])), "of another installation"
    raw = base64.urlsafe_b64decode(value + "==")
    for place in range(len(raw)):
        bent = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        assert not known(devices, NELE, (name, base64.urlsafe_b64encode(bent).decode()))
    for nothing in ("", "x", "é", "A" * 75, value[:-4], value + "AAAA"):
        assert not known(devices, NELE, (name, nothing))


def test_it_ends() -> None:
    clock = TestClock()
    devices = Devices(KEY, clock)
    cookie = given(devices, NELE)
    clock.advance(seconds=LIFETIME.total_seconds() - 1)
    assert known(devices, NELE, cookie)
    clock.advance(seconds=1)
    assert not known(devices, NELE, cookie)


def test_each_sign_in_replaces_it() -> None:
    devices = Devices(KEY)
    first = given(devices, NELE)
    second = given(devices, NELE, [first])
    assert known(devices, NELE, second)
    assert not known(devices, NELE, first), "a copy of the earlier one is worth nothing"


def test_who_shares_a_browser_each_keeps_a_way_up_to_five() -> None:
    devices = Devices(KEY)
    cookies: list[tuple[str, str]] = []
    for number in range(8):
        header, *surplus = devices.remember(cookies, devices.pseudonym(f"person{number}"))
        gone = {surplu.partition("=")[0] for surplu in surplus}
        name, _, value = header.partition(";")[0].partition("=")
        cookies = [*(cooky for cooky in cookies if cooky[0] not in gone), (name, value)]
        assert all("Max-Age=0" in surplu for surplu in surplus)
    assert len(cookies) == 5
    assert [known(devices, f"person{number}", *cookies) for number in range(8)] == [False] * 3 + [True] * 5


@pytest.mark.parametrize("times", [2, 50])
def test_the_number_tells_devices_apart(times: int) -> None:
    devices = Devices(KEY)
    pseudonym = devices.pseudonym(NELE)
    numbers = {devices.known([given(devices, NELE)], {pseudonym})[pseudonym] for _ in range(times)}
    assert len(numbers) == times
