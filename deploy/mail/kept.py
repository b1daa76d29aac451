"""The letters that were taken: a directory of files only its owner reads, the newest of them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from deploy.local.secret_files import write_private

MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """One of them. What it says of itself is read only when it is asked, and may be anything."""

    number: int
    message: EmailMessage

    def says(self, header: str) -> str:
        """What stands in that header, on one line; nothing if it is not there or cannot be read."""
        try:
            return " ".join(str(self.message.get(header, "")).split())
        except (ValueError, LookupError, IndexError, AttributeError):
            # What email.policy raises for headers that are none.
            return ""

    def body(self, kind: str) -> str:
        """Its text (`plain`) or its HTML (`html`); nothing if it has none that can be read."""
        try:
            part = self.message.get_body((kind,))
            return str(part.get_content()) if part is not None else ""
        except (ValueError, LookupError, AttributeError):
            return ""


class KeptLetters:
    """Numbered as they came; of more than 500 the oldest are forgotten."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        directory.chmod(0o700)
        self._last = max(self._numbers(), default=0)

    def keep(self, content: bytes) -> int:
        """Keep one more; its number. When this returns it is on the disk."""
        self._last += 1
        write_private(self._file(self._last), content)
        for number in sorted(self._numbers())[:-MOST_KEPT]:
            self._file(number).unlink(missing_ok=True)
        return self._last

    def newest_first(self) -> list[KeptLetter]:
        """All that are kept."""
        found = (self.find(number) for number in sorted(self._numbers(), reverse=True))
        return [letter for letter in found if letter is not None]

    def numbers_from(self, seen: int) -> list[int]:
        """The numbers of those that came after this one, the newest first."""
        return sorted((number for number in self._numbers() if number > seen), reverse=True)

    def find(self, number: int) -> KeptLetter | None:
        """That one, if it is kept."""
        try:
            content = self._file(number).read_bytes()
        except FileNotFoundError:
            return None
        return KeptLetter(number, email.message_from_bytes(content, policy=email.policy.default))

    def _file(self, number: int) -> Path:
        return self._directory / f"{number:08}.eml"

    def _numbers(self) -> Iterator[int]:
        return (int(file.stem) for file in self._directory.glob("*.eml") if file.stem.isdecimal())
