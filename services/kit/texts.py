"""What a text is, wherever it comes in (docs/decisions/0041): what can be seen of it, in one spelling.

What cannot be seen is taken out and not refused, because nobody can mend what he does not see: control characters,
zero-width ones, marks of direction, soft hyphens, byte order marks. Kept are a joiner and a variation selector where
the script or the sign needs them. `tidy_text` and `tidy_line` answer what they were given when it is
tidy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import idna

_SELECTORS = r"\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS = r"\u200c\u200d"
_NONE = "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(17))
_UNSEEN = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control, but for tab and the breaks of lines
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    rf"\ufdd0-\ufdef{_NONE}"
)
"""Unicode's Default_Ignorable_Code_Point without joiners and selectors; control; what is no character."""
_NEVER = re.compile(f"[{_UNSEEN}]")
_SOMETIMES = re.compile(f"[{_SELECTORS}{_JOINERS}]+")
_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTEXT = 30
"""So many characters on each side decide whether a joiner joins."""

Joins = Callable[[str, str, str], bool]
"""Whether a joiner is needed between what stands before and behind it."""


def tidy_text(text: str) -> str:
    """A text of any number of lines: breaks of lines are line feeds, no white space at its ends."""
    return _tidy(_BREAKS.sub("\n", text), lambda before, joiner, behind: True, lambda before: True).strip()


def tidy_line(text: str) -> str:
    """What stands on one line, such as a name: white space within is single spaces."""
    return " ".join(_tidy(_BREAKS.sub("\n", text), _joins_letters, _is_letter_without_case).split())


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script in it."""
    return any(unicodedata.category(character).startswith("L") for character in text)


def without_accents(text: str) -> str:
    """Letters and signs in their plain form: for a word somebody typed, to be compared with words we know."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def small_letters(text: str) -> str:
    """In small letters, each apart from its accents, whatever form it came in: for spellings that are compared."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def seen(text: str) -> str:
    """Without anything that cannot be seen, needed or not: for what has no script, such as an address."""
    return _SOMETIMES.sub("", _NEVER.sub("", text))


def _tidy(text: str, joins: Joins, takes_selector: Callable[[str], bool]) -> str:
    if text.isascii() and text.isprintable():
        # Most texts of all, and nothing to be found in them.
        return text
    text = unicodedata.normalize("NFC", _NEVER.sub("", text))
    kept, at = "", 0
    for found in _SOMETIMES.finditer(text):
        kept += text[at : found.start()]
        at = found.end()
        kept += _needed(found[0], kept, seen(text[at : at + 2 * _CONTEXT]), joins, takes_selector)
    return unicodedata.normalize("NFC", kept + text[at:])


def _needed(run: str, before: str, behind: str, joins: Joins, takes_selector: Callable[[str], bool]) -> str:
    """Of characters that are needed at some places, what is needed here: a selector, a joiner, or both."""
    if not before or before[-1].isspace():
        return ""
    selector = run[0] if re.match(f"[{_SELECTORS}]", run) and takes_selector(before[-1]) else ""
    joiner = re.search(f"[{_JOINERS}]", run)
    if joiner is None or not behind or behind[0].isspace():
        return selector
    return selector + (joiner[0] if joins(before + selector, joiner[0], behind) else "")


def _joins_letters(before: str, joiner: str, behind: str) -> bool:
    """As domain names have it (RFC 5892, A.1 and A.2): behind a virama, or between letters that would join."""
    before = before[-_CONTEXT:]
    try:
        return idna.valid_contextj(before + joiner + behind[:_CONTEXT], len(before))
    except ValueError:
        return False


def _is_letter_without_case(character: str) -> bool:
    """A letter of a script such as Han or Mongolian, whose letters have variants."""
    return unicodedata.category(character) == "Lo"
