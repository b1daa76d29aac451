"""The order in which people read names: the Unicode collation algorithm's, as in dictionaries and telephone books.

Dutch, French, German and English all sort by its root order, without changes of their own: accents and capitals count
only between names that are else the same, IJ is an I and a J, a particle belongs to the family name it stands before
(De Smet under D). What the reader's language decides is which name is compared (towns.py). Why: decision 43.
"""

from __future__ import annotations

import unicodedata

from pyuca import Collator

from services.kit.texts import tidy_line

_COLLATOR = Collator()
_LETTERS_KEPT = 2000
_DIGITS = 12

Key = tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]


class _Level(dict[int, str]):
    """The weights of each letter on one level, for `str.translate`, each weight as a character; of what is no letter,
    digit or accent none. Letter by letter is five times as fast as whole names, and keeps no name in memory."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def __missing__(self, code: int) -> str:
        weights = self._weights(chr(code))
        if len(self) < _LETTERS_KEPT:
            self[code] = weights
        return weights

    def _weights(self, letter: str) -> str:
        if not (letter.isalnum() or unicodedata.combining(letter)):
            return ""
        return "".join(map(chr, _COLLATOR.sort_key(letter))).split("\0")[self._place]


_LEVELS = (_Level(0), _Level(1), _Level(2))
"""Letters, accents, capitals."""


def code_key(code: str) -> tuple[str, ...]:
    """What to sort codes of cases by: VV-26-1000 comes after VV-26-999."""
    return tuple(part.zfill(_DIGITS) if part.isdecimal() else part for part in code.split("-"))


def name_key(*parts: str) -> Key:
    """What to sort by: the letters of all parts, then their accents, then their capitals; apostrophes, hyphens and
    spaces only between names that are else the same. A person's parts are family name and given name."""
    texts = [tidy_line(part) for part in parts]
    return tuple(tuple(text.translate(level) for text in texts) for level in _LEVELS), parts
