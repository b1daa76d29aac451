"""What is written from right to left stands apart from the sentence it is in (Unicode Standard Annex 9).

Without that "أحمد, 15 jaar" is read from the wrong end: comma and number go over to the name's side.
"""

from __future__ import annotations

import re

_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_LEFT = "A-Za-z\u00c0-\u058f\u0900-\u1fff"
_ANY = re.compile(f"[{_RIGHT}]")
_RUN = re.compile(f"[{_RIGHT}](?:[^<>&{_LEFT}]*[{_RIGHT}])?")
_PIECE = re.compile(
    r"(?P<raw><(?P<name>textarea|script|style)\b.*?</(?P=name)>)|(?P<plain><(?P<of>option|title|text)\b.*?</(?P=of)>)"
    r"|(?P<tag><[^>]*>)|(?P<text>[^<]+)",
    re.DOTALL,
)
_FIRST_STRONG, _POP = "\u2068", "\u2069"


def isolated(html: str) -> str:
    """The page with each run of such letters in a `bdi`; where no element may stand, between isolating characters.

    What is in a text field stays as it was typed: it is sent again. Attributes stay too.
    """
    return _PIECE.sub(_of_piece, html) if _ANY.search(html) else html


def _of_piece(piece: re.Match[str]) -> str:
    if piece["text"]:
        return _RUN.sub(r"<bdi>\g<0></bdi>", piece[0])
    if piece["plain"]:
        head, text, tail = re.split(r"(?<=>)([^<]*)(?=<)", piece[0], maxsplit=1)
        return head + _RUN.sub(rf"{_FIRST_STRONG}\g<0>{_POP}", text) + tail
    return piece[0]
