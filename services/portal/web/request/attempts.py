"""A sign-in under way, bound to one browser by a sealed cookie: nothing is stored for who has not signed in yet."""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kit.clock import Clock
from services.kit.errors import Unauthenticated
from services.kit.oidc import SignInRequest

COOKIE = "__Host-rondetafel-signin"
LIFETIME = timedelta(minutes=35)
"""Longer than the sign-in service waits (30 minutes, docs/lifetimes.md): who came through there is let in here."""
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked of the sign-in service, and where the person wanted to go (an address of our own)."""

    request: SignInRequest
    to: str


@dataclass(frozen=True, slots=True)
class Attempts:
    """Seals and opens that cookie. `key` is 32 bytes, the same in all processes of the portal."""

    key: bytes
    clock: Clock

    def seal(self, attempt: Attempt) -> str:
        """The cookie's value."""
        plain = json.dumps(asdict(attempt) | {"until": (self.clock() + LIFETIME).isoformat()}).encode()
        nonce = os.urandom(_NONCE)
        return base64.urlsafe_b64encode(nonce + AESGCM(self.key).encrypt(nonce, plain, COOKIE.encode())).decode()

    def open(self, cookie: str) -> Attempt:
        """The attempt of this browser. Raises Unauthenticated when it is none of ours or older than LIFETIME."""
        try:
            sealed = base64.urlsafe_b64decode(cookie)
            values = json.loads(AESGCM(self.key).decrypt(sealed[:_NONCE], sealed[_NONCE:], COOKIE.encode()))
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise Unauthenticated from error
        if self.clock() >= datetime.fromisoformat(values.pop("until")):
            raise Unauthenticated
        return Attempt(SignInRequest(**values["request"]), values["to"])
