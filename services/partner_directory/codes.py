"""One-time codes of invitations: how they look, and what is kept of them."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from uuid import UUID

from services.partner_directory.errors import InvitationsBusy

ALPHABET = "ACDEFHJKMNPRTWXY3479"
"""What nobody takes for another, read aloud or by hand: no B and 8, I and 1, O and 0, S and 5, U and V, Z and 2."""
LENGTH = 8
WORK = 2**14
"""Of scrypt (RFC 7914), with blocks of 1 KiB: 16 MiB and some 50 ms for each try."""
AT_ONCE = 2
MOST_WAITING = 50


def new_code() -> str:
    """Such as K7RH-4MXE: one of 25,600,000,000."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def plain_code(typed: str) -> str:
    """A code as it was typed, whatever its case, spaces and dashes."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


class OneTimeCodes:
    """What codes come to. `work` is scrypt's cost; only tests make it cheap."""

    def __init__(self, work: int = WORK) -> None:
        self._work = work
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def derive(self, invitation_id: UUID, code: str) -> str:
        """What the code comes to for this invitation; 64 hexadecimal digits. Raises InvitationsBusy.

        The same work for every code, whether there is such an invitation or not; never within a transaction.
        """
        if self._waiting >= MOST_WAITING:
            raise InvitationsBusy(retry_after=2)
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.to_thread(self._derived, invitation_id, plain_code(code))
        finally:
            self._waiting -= 1

    def _derived(self, invitation_id: UUID, code: str) -> str:
        return hashlib.scrypt(code.encode(), salt=invitation_id.bytes, n=self._work, r=8, p=1, dklen=32).hex()
