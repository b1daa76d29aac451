"""Sign-ins under way, each in a sealed cookie of its own: nothing is stored for who has not signed in yet.

Tabs know nothing of each other: of two that sign in, each finds its own way back, by the state, proof and nonce it left
with. Of a sign-in that is done its cookie keeps the destination alone: who comes back the same way again, by reload or
the back button, goes where it led.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kit.clock import Clock
from services.kit.errors import Unauthenticated
from services.kit.oidc import SignInRequest

COOKIES = "__Host-rondetafel-signin-"
"""How their names begin."""
MOST = 5
"""So many at once in one browser; a new one drops the oldest, so that the header stays small."""
LIFETIME = timedelta(minutes=35)
"""Longer than the sign-in service waits (30 minutes, docs/lifetimes.md): who came through there is let in here."""
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked of the sign-in service, and where the person wanted to go (an address of our own).

    `more`: somebody signed in asked for more than that, a second step or one of the sign-in service's own actions.
    `anew`: it is in place of one that the sign-in service broke off. `done`: it was used.
    """

    request: SignInRequest
    to: str
    login_hint: str | None = None
    action: str | None = None
    more: bool = False
    anew: bool = False
    done: bool = False

    @property
    def used(self) -> Attempt:
        """What is left of it."""
        request = replace(self.request, url="", code_verifier="", nonce="")
        return replace(self, request=request, login_hint=None, done=True)


def name_of(state: str) -> str:
    """The name of the cookie of the attempt with this state: by digest, and sealed in with the content.

    So a cookie opens for its own state alone, and there is nothing left to compare.
    """
    return COOKIES + hashlib.sha256(state.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Attempts:
    """Seals and opens those cookies. `key` is 32 bytes, the same in all processes of the portal."""

    key: bytes
    clock: Clock

    def seal(self, attempt: Attempt) -> tuple[str, str]:
        """The cookie's name and value."""
        name = name_of(attempt.request.state)
        plain = json.dumps(asdict(attempt) | {"until": (self.clock() + LIFETIME).isoformat()}).encode()
        nonce = os.urandom(_NONCE)
        return name, base64.urlsafe_b64encode(nonce + AESGCM(self.key).encrypt(nonce, plain, name.encode())).decode()

    def open(self, name: str, cookie: str) -> Attempt:
        """The attempt of this browser. Raises Unauthenticated when it is none of ours or older than LIFETIME."""
        return self._opened(name, cookie)[0]

    def to_drop(self, sent: Mapping[str, str]) -> list[str]:
        """Of the cookies a browser sent those that make room for one more: the oldest, and what is no attempt now."""
        until: dict[str, datetime] = {}
        mine = [name for name in sent if name.startswith(COOKIES)]
        for name in mine:
            try:
                until[name] = self._opened(name, sent[name])[1]
            except Unauthenticated:
                continue
        newest = sorted(until, key=until.__getitem__, reverse=True)[: MOST - 1]
        return [name for name in mine if name not in newest]

    def _opened(self, name: str, cookie: str) -> tuple[Attempt, datetime]:
        try:
            sealed = base64.urlsafe_b64decode(cookie)
            values = json.loads(AESGCM(self.key).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode()))
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise Unauthenticated from error
        until = datetime.fromisoformat(values.pop("until"))
        if self.clock() >= until:
            raise Unauthenticated
        return Attempt(SignInRequest(**values.pop("request")), **values), until
