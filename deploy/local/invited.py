"""Who is invited to a cell of a local platform comes: the code is read in the letter, as the person does."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from deploy.local.instance import Instance
from deploy.mail.kept import KeptLetters

COMES_WITHIN_SECONDS = 60.0
PAUSE_SECONDS = 0.05
_CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)


async def code_of(instance: Instance, invitation_id: str | UUID) -> str:
    """The code of the newest letter of an invitation, once it has come. Raises TimeoutError.

    Letters come to the instance's own catcher; one that hands them to a real mail server has no such codes.
    """
    letters, seen = KeptLetters(instance.mail), 0
    try:
        async with asyncio.timeout(COMES_WITHIN_SECONDS):
            while True:
                newest = letters.numbers_from(seen)
                for number in newest:
                    text = _text(instance.mail, number)
                    if str(invitation_id) in text and (found := _CODE.search(text)):
                        return found[0]
                seen = max(newest, default=seen)
                await asyncio.sleep(PAUSE_SECONDS)
    except TimeoutError:
        raise TimeoutError(f"no letter of invitation {invitation_id} has come to {instance.mail}") from None


@lru_cache(maxsize=4096)
def _text(directory: Path, number: int) -> str:
    """What a letter says, read once: a number is never given to another."""
    letter = KeptLetters(directory).find(number)
    return letter.body("plain").replace("\r\n", "\n") if letter is not None else ""
