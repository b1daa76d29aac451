"""Devices that signed in before, known by a cookie (OWASP: "Slow Down Online Guessing Attacks with Device Cookies").

The cookie is no credential: it only keeps other people's tries from slowing its owner down. It names no account; it is
good for one, until a date, and for the last sign-in only.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import struct
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.kit.clock import Clock, utc_now

LIFETIME = timedelta(days=180)
PREFIX = "__Host-rt-device-"
MOST_DEVICES = 5
"""Cookies one browser keeps: people who share one."""
MOST_USED_UP = 50_000
_BODY = struct.Struct(">Q16s")
_MAC_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Device:
    number: bytes
    expires: int


class Devices:
    """Writes and reads the cookies, with keys derived from the gate's root key (32 bytes)."""

    def __init__(self, root_key: bytes, clock: Clock = utc_now) -> None:
        self._names = hmac.digest(root_key, b"account pseudonym", "sha256")
        self._marks = hmac.digest(root_key, b"device cookie", "sha256")
        self._clock = clock
        self._used_up: OrderedDict[bytes, None] = OrderedDict()

    def pseudonym(self, account: str) -> str:
        """What stands for an account in memory and in the cookie's name: nobody without the key can make it."""
        return hmac.digest(self._names, account.encode(), "sha256").hex()

    def known(self, cookies: Sequence[tuple[str, str]], pseudonyms: Collection[str]) -> dict[str, str]:
        """Of these accounts, those the browser signed in to before, and the number of the device."""
        found = {}
        for pseudonym in pseudonyms:
            for name, value in cookies:
                if name == _name(pseudonym) and (device := self._read(pseudonym, value)) is not None:
                    found[pseudonym] = device.number.hex()
        return found

    def remember(self, cookies: Sequence[tuple[str, str]], pseudonym: str) -> list[str]:
        """Set-Cookie headers after a sign-in: a new cookie for the account; the one before is used up, and of too many
        for others the oldest go."""
        for name, value in cookies:
            if name == _name(pseudonym) and (device := self._read(pseudonym, value)) is not None:
                self._use_up(device.number)
        expires = int((self._clock() + LIFETIME).timestamp())
        body = _BODY.pack(expires, secrets.token_bytes(16))
        mark = base64.urlsafe_b64encode(body + self._mark(pseudonym, body)).rstrip(b"=").decode()
        # Browsers send the oldest first.
        others = [name for name, _ in cookies if name.startswith(PREFIX) and name != _name(pseudonym)]
        surplus = others[: max(0, len(others) - MOST_DEVICES + 1)]
        lifetime = int(LIFETIME.total_seconds())
        return [_set(_name(pseudonym), mark, lifetime), *(_set(name, "", 0) for name in surplus)]

    def _read(self, pseudonym: str, value: str) -> _Device | None:
        """A device only when the cookie is ours, of this account, in time, and not replaced by a later one."""
        try:
            raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        except (binascii.Error, ValueError):
            return None
        if len(raw) != _BODY.size + _MAC_BYTES:
            return None
        body, mark = raw[: _BODY.size], raw[_BODY.size :]
        if not hmac.compare_digest(mark, self._mark(pseudonym, body)):
            return None
        expires, number = _BODY.unpack(body)
        if expires <= self._clock().timestamp() or number in self._used_up:
            return None
        return _Device(number, expires)

    def _mark(self, pseudonym: str, body: bytes) -> bytes:
        return hmac.digest(self._marks, pseudonym.encode() + body, "sha256")

    def _use_up(self, number: bytes) -> None:
        self._used_up[number] = None
        if len(self._used_up) > MOST_USED_UP:
            self._used_up.popitem(last=False)


def _name(pseudonym: str) -> str:
    return f"{PREFIX}{pseudonym[:16]}"


def _set(name: str, value: str, seconds: int) -> str:
    return f"{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict"
