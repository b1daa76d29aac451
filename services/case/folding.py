"""Names folded: the spellings under which one name is commonly written come to one form (decision 80).

No sound, no distance, no number: two forms are equal or they are not. Letters of other scripts than the Latin stay as
they are, but for case and the marks that Arabic leaves out as often as not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from services.kit.texts import small_letters

_PARTICLES = (
    "van de den der ter ten te t d l s von zu zum zur vom du des la le les del della di da dos das do"
    " el al ben bin ibn bel ould oulad ait"
)
PARTICLES = frozenset(_PARTICLES.split())
"""What stands before a name, is written with it or apart, and is often left out."""
_ONE_PARTICLE = {"al": "el", "bin": "ben", "ibn": "ben", "oulad": "ould"}
_NOBODY = (
    "onbekend onbekende inconnu inconnue unbekannt unknown anoniem anonyme anonym anonymous nietgekend geennaam sansnom"
)
"""What is written where no name is known."""

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻʿʾ`´′＇ʹ", "'"))
_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h", "ŧ": "t", "ə": "e"}
)
_INITIAL = re.compile("[a-z]?")
_ACCENTS = re.compile("[\u0300-\u036f]")
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_RULES = tuple(
    (re.compile(written), folded)
    for written, folded in (
        ("ij", "y"),
        ("dj", "j"),
        ("kh", "h"),
        ("gh", "g"),
        ("sj|sh|(?<!s)ch", "s"),
        ("q", "k"),
        ("w|ou", "u"),
        (r"([b-df-hj-np-tv-z])\1+", r"\1"),
        ("(?<=[aeiouy])h$", ""),
        ("^abd[uao]l", "abdel"),
    )
)
"""Transliterations of Arabic and Turkish names, and what Dutch and French writers double or leave out."""
_SPELLINGS = """
mohamed mohammed muhammad muhammed mohammad mohamad muhamed muhamad mouhammad mouhammed
ahmed ahmad ahmet
mahmoud mahmud mahmut mahmood
mustafa mustapha moustafa moustapha mostafa mostapha
youssef yusuf yousef youssouf yousuf yusef yousouf youcef joesoef jusuf
hussein hussain houssein hussayn housein hoessein hocine houcine hossein huseyin
hassan hasan hacene
khalid khaled halid halit
lahcen lahsen lahsan
karim kareem kerim
omar umar oumar omer
othman osman uthman ousmane othmane
ibrahim brahim ebrahim ibraheem
ismail ismael smail esmail
yassin yassine yasin yacine jassin
amin amine emin ameen
samir sameer semir
rachid rashid rasjid raschid rasheed
bilal bilel belal
soufiane sofiane sofian sufyan soufian soefian
ayoub ayub eyup ajoub
zakaria zakariya zekeriya zacharia zakariae
yahya yahia jahja
noureddine nourdine nordine nureddin noureddin nurettin
abdullah abdellah abdallah abdoullah
fatima fatma fatimah fatema fatimata faatima
khadija hatice khadidja khadijah khadiza
aicha ayse aisha aischa aisja aysha aiche ayesha
mariam maryam meryem meriem miriam mariyam myriam
nour noor nur noer
leila layla leyla laila
zainab zaynab zeynep zineb zeineb zainabu
yasmina jasmina yasmine yasmin jasmin jasmine
sami samy
iman imane eman
"""
"""Names whose vowels are written now so, now so; each line is one name."""


@dataclass(frozen=True, slots=True)
class Name:
    """A given or a family name. `parts`: what it is shortened to, its particles or one half left out."""

    whole: str
    parts: frozenset[str]

    @property
    def forms(self) -> frozenset[str]:
        """All of them."""
        return self.parts | {self.whole}

    @property
    def tells(self) -> bool:
        """Whether it is a name at all: an initial is none, and "unknown" neither."""
        return self.whole not in _nobody() and not _INITIAL.fullmatch(self.whole)

    def agrees(self, other: Name) -> bool:
        """Whether both are written for one name: alike, or one of them shortened."""
        return self.whole == other.whole or self.whole in other.parts or other.whole in self.parts


def fold_name(text: str) -> str:
    """Its one form; empty for what has no letter."""
    return name_of(words_of(text)).whole


def read_name(text: str) -> Name | None:
    """The name in a text; None where it tells none."""
    words = words_of(text)
    name = name_of(words)
    return name if name.tells and not all(map(_INITIAL.fullmatch, words)) else None


def name_of(words: tuple[str, ...]) -> Name:
    """The name of these words, each with its particles before it."""
    whole, bare = _glued(words), _glued(tuple(_without_particles(word) for word in words))
    halves = {_glued(words[:1]), _glued(words[-1:])} if len(words) > 1 else set()
    return Name(whole, frozenset({bare, *halves} - {whole, ""}))


def words_of(text: str) -> tuple[str, ...]:
    """Its words, each with its particles before it; initials beside them are left out."""
    found = [piece for token in _plain(text).split() for piece in _pieces(token) if piece]
    words, before = [], ""
    for piece in found:
        if piece in PARTICLES:
            before += _ONE_PARTICLE.get(piece, piece) + " "
        else:
            words.append(before + _spelling(piece))
            before = ""
    if before:
        # "Velde, van de"; or nothing but particles, as Ben and Al are names too.
        words.append(before + words.pop() if words else before.replace(" ", ""))
    return tuple(word for word in words if not _INITIAL.fullmatch(word)) or tuple(words)


def _plain(text: str) -> str:
    """Small letters without accents and apostrophes of one kind, in words; nothing that cannot be seen."""
    small = small_letters(text.translate(_APOSTROPHES)).translate(_APOSTROPHES).translate(_LETTERS)
    bare = _ARABIC_MARKS.sub("", _ACCENTS.sub("", small))
    return "".join(letter if _in_a_word(letter) else "" if _hidden(letter) else " " for letter in bare)


def _in_a_word(letter: str) -> bool:
    return letter == "'" or unicodedata.category(letter)[0] in "LM"


def _hidden(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf"


def _pieces(token: str) -> tuple[str, ...]:
    """`d'hondt` is a particle and a name, `m'rabet` one name."""
    head, apostrophe, tail = token.strip("'").partition("'")
    rest = tail.replace("'", "")
    return (head, rest) if apostrophe and head in PARTICLES else (head + rest,)


def _without_particles(word: str) -> str:
    return word.rpartition(" ")[2]


def _glued(words: tuple[str, ...]) -> str:
    return _spelling("".join(words).replace(" ", ""))


def _spelling(word: str) -> str:
    folded = _ruled(word)
    return _spellings().get(folded, folded)


def _ruled(word: str) -> str:
    """The rules, until none changes anything more."""
    before = ""
    while word != before:
        before = word
        for rule, folded in _RULES:
            word = rule.sub(folded, word)
    return word


@cache
def _spellings() -> dict[str, str]:
    lines = [[_ruled(_plain(name)) for name in line.split()] for line in _SPELLINGS.strip().splitlines()]
    return {name: line[0] for line in lines for name in line}


@cache
def _nobody() -> frozenset[str]:
    return frozenset(map(_ruled, _NOBODY.split()))
