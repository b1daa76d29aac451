"""Whether a text looks as if it told who somebody is: a hint for who writes it, never a refusal, and kept nowhere.

It looks at words as people of four languages write them. Capitals at the beginning of a sentence, nouns of German,
towns, institutions and organisations tell nothing; a given name does, wherever it stands. What it cannot see is a name
in small letters, and somebody whom all would recognise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from services.kit.fields import is_kbo_number
from services.kit.texts import tidy_text

_HERE = Path(__file__).parent
MOST = 3
"""So many findings of one kind are shown."""


class Kind(StrEnum):
    """What it may be."""

    NAME = "name"
    BIRTH = "birth"
    NUMBER = "number"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that may tell who somebody is, as it stands in the text."""

    kind: Kind
    said: str


@dataclass(frozen=True, slots=True)
class _Word:
    said: str
    at: int
    first: bool
    """Of a sentence, where everybody writes a capital."""

    @property
    def low(self) -> str:
        return self.said.lower()

    @property
    def capital(self) -> bool:
        return self.said[0].isupper()

    @property
    def end(self) -> int:
        return self.at + len(self.said)


_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)['\u2019](?=.)", re.IGNORECASE)
# What may stand before the first word of a sentence: its mark, then quotes, brackets, the dash of a list.
_BEGINS = re.compile(r"(?:^|[.!?\u2026:\n])[\s\"'\u2019\u2018\u201c\u201d\u201e\u00ab\u00bb(\[*\u2022\u2013\u2014-]*$")
_QUOTED = re.compile(r"[\"\u201c\u201e\u00ab\u2018]\s*$")
_PARTICLES = frozenset(
    {"al", "ben", "da", "de", "del", "della", "den", "der", "di", "du", "el", "la", "le", "ten", "ter", "van", "von"}
)
_TITLE = re.compile(
    r"(?<!\w)(?:[Dd]hr|[Mm]evr|[Mm]w|Mr|Mrs|Ms|[Mm]me|[Mm]lle|M|[Mm]eneer|[Mm]evrouw|[Mm]onsieur|[Mm]adame|[Jj]uf|"
    r"[Mm]eester|Herrn?|Frau|[Ii]mam|imâm)\.?\s+(?P<name>[^\W\d_a-z][^\W\d_]+(?:[-'\u2019][^\W\d_]+)*)"
)
_SAINT = re.compile(r"^(?:sint|saint|sainte|st|ste|sankt)-", re.IGNORECASE)
_MEANS = frozenset({"amber", "bas", "can", "cas", "floor", "frank", "jade", "lies", "merel", "stan", "sultan", "trees"})
"""Given names that are words as well: at the beginning of a sentence they tell nothing."""
_GERMAN = frozenset(
    {
        "aber", "auch", "auf", "aus", "bei", "das", "dass", "dem", "der", "ein", "eine", "einem", "einen", "einer",
        "für", "hat", "haben", "ich", "ihm", "ihn", "ihr", "im", "ist", "kann", "mein", "meine", "mich", "mit", "nach",
        "nicht", "noch", "oder", "sehr", "sich", "sie", "sind", "soll", "und", "uns", "vom", "von", "weil", "wenn",
        "werden", "wir", "wird", "zu", "zum", "zur", "über",
    }
)  # fmt: skip
_OTHERS = frozenset(
    {
        "aan", "and", "are", "au", "aux", "avec", "ce", "cette", "dans", "dat", "de", "deze", "du", "een", "elle",
        "en", "est", "et", "for", "heb", "heeft", "het", "hij", "hoe", "how", "ik", "il", "is", "je", "la", "le",
        "les", "maar", "met", "naar", "niet", "nous", "om", "on", "ook", "op", "our", "pas", "pour", "que", "qui",
        "she", "sur", "te", "that", "the", "to", "un", "une", "uit", "van", "voor", "we", "with", "zijn", "zich",
    }
)  # fmt: skip

_MONTHS = (
    r"jan(?:uari|uary|uar|vier)?|feb(?:ruari|ruary|ruar)?|f[ée]vrier|maart|march|mars|märz|apr(?:il)?|avril|mei|may|mai|"
    r"jun[ie]?|juin|jul[iy]?|juillet|aug(?:ustus|ust)?|août|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?|"
    r"nov(?:ember|embre)?|d[eé][ck](?:ember|embre)?|dez(?:ember)?"
)
_DATES = (
    re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])\s?[./\- ]\s?(?:0?[1-9]|1[0-2])\s?[./\- ]\s?(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(
        rf"(?<!\d)(?:[1-9]|[12]\d|3[01])(?:er|ste|e|\.|th|st|nd|rd)?\s+(?:{_MONTHS})\.?,?\s+(?P<year>\d{{4}})(?!\d)",
        re.I,
    ),
)
_BORN = re.compile(
    r"(?<!\w)(?:geboren|geb\.|geboortedatum|geboortejaar|née?|né\(e\)|naissance|geburtsdatum|born|birth(?:day)?)"
    r"[^\w\n]{1,4}(?:[^\W\d]+[^\w\n]{1,3}){0,3}\d{1,4}(?:[./\-\s]\d{1,4}){0,2}"
    r"|\u00b0\s?\d{1,2}[./\- ]?\d{0,2}[./\- ]?\d{2,4}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.+])\+?\d(?:[\d\s./()\u2013-]{6,}\d)(?!\w)")
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\W\d_]{2,}")


@cache
def _words_of(file: str) -> frozenset[str]:
    return frozenset((_HERE / file).read_text().split())


def findings(text: str, here: Collection[str], today: date, *, german: bool = False) -> list[Finding]:
    """What may tell who somebody is. `here`: names of towns and organisations that are at home at this table; `german`:
    the page is, which counts where the text itself does not tell.
    """
    tidy = tidy_text(text)
    known = {word.lower() for name in here for word in _WORD.findall(name)}
    found = [
        *(Finding(Kind.NAME, said) for said in _names(tidy, known, german=_is_german(tidy, german=german))),
        *(Finding(Kind.BIRTH, said) for said in _births(tidy, today)),
        *(Finding(Kind.NUMBER, said) for said in _numbers(tidy)),
        *(Finding(Kind.ADDRESS, match[0]) for match in _MAIL.finditer(tidy)),
    ]
    return [kept for kind in Kind for kept in list(dict.fromkeys(told for told in found if told.kind is kind))[:MOST]]


def _words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        elided = _ELIDED.match(match[0])
        at = match.start() + (elided.end() if elided else 0)
        before = text[: match.start()]
        first = bool(_BEGINS.search(before[-40:]) if len(before) > 40 else _BEGINS.search(before))
        yield _Word(text[at : match.end()], at, first=(first or bool(_QUOTED.search(before[-4:]))) and not elided)


def _is_german(text: str, *, german: bool) -> bool:
    words = [word.lower() for word in _WORD.findall(text)]
    of_german, of_others = (sum(word in listed for word in words) for listed in (_GERMAN, _OTHERS))
    return of_german > of_others or (german and of_german == of_others)


def _names(text: str, here: Collection[str], *, german: bool) -> Iterator[str]:
    words = list(_words(text))
    titled = {match.start("name") for match in _TITLE.finditer(text)}
    told = [word.at in titled or _tells(words, place, here, german=german) for place, word in enumerate(words)]
    place = 0
    while place < len(words):
        if not told[place]:
            place += 1
            continue
        first = last = place
        if first and words[first].at not in titled and _goes_before(words[first - 1], words[first], text, here):
            first -= 1
        while (following := _goes_on(words, last, text)) is not None:
            last = following
        yield text[words[first].at : words[last].end]
        place = last + 1


def _tells(words: list[_Word], place: int, here: Collection[str], *, german: bool) -> bool:
    """Whether this word alone may name somebody."""
    word = words[place]
    if not word.capital or (len(word.said) > 1 and word.said.isupper()) or len(word.said) == 1:
        return False
    given = word.low in _words_of("given_names.txt") or word.low.partition("-")[0] in _words_of("given_names.txt")
    if _of_institution(words, place) or word.low in here:
        return False
    if german or word.first:
        return given and word.low not in _MEANS
    if given:
        return True
    return not (
        _SAINT.match(word.said) or word.low in _words_of("known_words.txt") or word.low in _words_of("places.txt")
        or word.low in _words_of("institutions.txt")
    )  # fmt: skip


def _of_institution(words: list[_Word], place: int) -> bool:
    """Whether it goes on with the name of a school, a street, a club: "Collège Don Bosco", "rue Jean Jaurès"."""
    for back in range(place - 1, max(place - 5, -1), -1):
        before = words[back]
        if before.low in _words_of("institutions.txt") or before.low.endswith(_ENDINGS):
            return True
        if words[back + 1].first or not (before.capital or before.low in _PARTICLES):
            return False
    return False


_ENDINGS = ("school", "college", "huis", "straat", "laan", "plein", "club", "centrum", "straße", "schule", "zentrum")


def _goes_before(word: _Word, named: _Word, text: str, here: Collection[str]) -> bool:
    """The word at the beginning of a sentence belongs to a name that goes on: "Jan Peeters"."""
    beside = text[word.end : named.at].isspace() and "\n" not in text[word.end : named.at]
    known = word.low in here or word.low in _words_of("places.txt") or word.low in _words_of("known_words.txt")
    return beside and word.first and word.capital and word.low in _words_of("given_names.txt") and not known


def _goes_on(words: list[_Word], last: int, text: str) -> int | None:
    """The next word of the same name, particles between; None when it ends."""
    following = last + 1
    while following < len(words) and text[words[following - 1].end : words[following].at] in (" ", "\u00a0"):
        if words[following].capital and not words[following].first:
            return following
        if words[following].low not in _PARTICLES:
            return None
        following += 1
    return None


def _births(text: str, today: date) -> Iterator[str]:
    found = [match for pattern in _DATES for match in pattern.finditer(text)]
    found = [match for match in found if today.year - 110 <= int(match["year"]) <= today.year - 4]
    yield from (match[0] for match in found)
    for match in _BORN.finditer(text):
        if not any(day.start() < match.end() and match.start() < day.end() for day in found):
            yield match[0]


def _numbers(text: str) -> Iterator[str]:
    """Telephone and national numbers: their digits alone count, however they are written."""
    for match in _DIGITS.finditer(text):
        said = match[0].strip()
        digits = re.sub(r"\D", "", said)
        dated = any(pattern.fullmatch(said) for pattern in _DATES)
        abroad = said.startswith("+") or digits.startswith("00")
        if dated or (is_kbo_number(digits) and "." in said):
            continue
        if (len(digits) == 11 and _is_national(digits)) or (digits[0] == "0" and len(digits) in (9, 10)) or abroad:
            yield said


def _is_national(digits: str) -> bool:
    """Eleven digits whose check digits fit, of before 2000 or after."""
    number, check = int(digits[:9]), int(digits[9:])
    return check in (97 - number % 97, 97 - (2_000_000_000 + number) % 97)
