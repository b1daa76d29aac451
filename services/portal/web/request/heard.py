"""How far a page is: a token of each cell, another one after everything that happened there."""

from __future__ import annotations

import secrets
from uuid import UUID


def other() -> str:
    """A token that no page has; it tells nothing of what happened, nor how much."""
    return secrets.token_hex(8)


def line(number: int, token: str) -> str:
    """How far the session is that was asked for in this place."""
    return f"data: {number} {token}\n\n"


class Heard:
    """What this process has heard of each cell.

    A page takes the token before it reads. Is it still the same later, the page shows what there is; a token of another
    process, or of before this one may have missed something, is another one.
    """

    def __init__(self) -> None:
        self._of_all = other()
        self._of_cell: dict[UUID, str] = {}

    def of(self, cell_id: UUID) -> str:
        """Of this cell, now."""
        return self._of_cell.get(cell_id, self._of_all)

    def more(self, cell_id: UUID) -> None:
        """Something happened there."""
        self._of_cell[cell_id] = other()

    def anew(self) -> None:
        """Something may have been missed, wherever it was."""
        self._of_all = other()
        self._of_cell.clear()
