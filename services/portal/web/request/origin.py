"""That a form comes from a page of ours, and whom that page was shown to (decision 45)."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from services.kit.clock import Clock
from services.portal.model import PARKED

MASKED = 128
"""Letters of a masked CSRF token: the mask and the token, each 32 bytes in hexadecimal."""
_ID = 16


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose form it is, and since when: what stands behind keeping it when no sign-in does."""

    person: UUID
    issued_at: datetime
    acr: int = 0

    @property
    def identities(self) -> tuple[UUID, ...]:
        """Who was disabled since keeps nothing either."""
        return (self.person,)


class Proofs:
    """Stand in forms that may be kept: that the page at an address was shown to a person. They allow nothing else.

    Of the person, not of the sign-in: what was typed belongs to who typed it, also when that sign-in is over. `key` is
    32 bytes, the same in all processes of the portal.
    """

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._fernet = Fernet(urlsafe_b64encode(key))
        self._clock = clock

    def of(self, person: UUID, address: str) -> str:
        """For a form of the page at this address; another text each time, of which nobody reads the person."""
        said = person.bytes + _of_address(address)
        return self._fernet.encrypt_at_time(said, int(self._clock().timestamp())).decode()

    def shown(self, proof: str, address: str) -> Shown | None:
        """Whom the page at this address was shown to, None when it is not proven or too long ago."""
        now = int(self._clock().timestamp())
        try:
            said = self._fernet.decrypt_at_time(proof, int(PARKED.total_seconds()), now)
            at = self._fernet.extract_timestamp(proof)
        except InvalidToken:
            return None
        if not hmac.compare_digest(said[_ID:], _of_address(address)):
            return None
        return Shown(UUID(bytes=said[:_ID]), datetime.fromtimestamp(at, self._clock().tzinfo))


def _of_address(address: str) -> bytes:
    return sha256(address.encode()).digest()[:_ID]


def unmasked(sent: str) -> bytes:
    """The token behind a masked one; anything else comes back empty or wrong, and is refused."""
    if len(sent) != MASKED:
        return b""
    try:
        raw = bytes.fromhex(sent)
    except ValueError:
        return b""
    half = len(raw) // 2
    return bytes(masking ^ masked for masking, masked in zip(raw[:half], raw[half:], strict=False)).hex().encode()
