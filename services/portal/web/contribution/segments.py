"""A draft in segments, to tick what the circle needs; and questions beside them, by word lists anybody can read.

A question is all a word leads to: nothing is counted, weighed, stored or held back (docs/domain.md).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from services.portal.web.ui.language import message as _

MOST = 40
"""Segments the preview of the sharing steps can show (css/wizard.css)."""

HEALTH_OF_ANOTHER = _("This is about the health of somebody else. Does the table need this?")
HEALTH = _("This is about health. Does the table need this?")
NAME = _("There may be a name here of somebody who is not in the circle. Can it do without?")
BELIEF = _("This touches on belief, origin or opinion. The table looks at what was seen. Can it do without?")
LABEL = _("This says what somebody is. Can you say what you saw?")
HEARSAY = _("Did you see or hear this yourself? If not, say where it comes from.")
NUMBER = _("There is a number or an address here. Does the table need this?")

_END = re.compile(r"[.!?…][\"'»”’)]*\s+")
_BEGIN = frozenset("\"'«“‘(-")
_SHORT = frozenset(
    (
        "dhr", "mevr", "mw", "dr", "prof", "mr", "mme", "mlle", "st", "nr", "art", "tel", "bv", "vb", "bijv", "ca",
        "incl", "cfr", "p", "blz", "jr",
    )
)  # fmt: skip
"""Words that end with a point and not with a sentence, besides single letters."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_OPENS = '.!?…:"“«‘('
_LISTED = re.compile(r"[-–—•*·>]+|(?:\d+|\w)[.)]")
"""What a line of a list begins with: the word after it begins a sentence."""
_DIGITS = re.compile(r"\d[\d ./-]{7,}\d")
_MAIL = re.compile(r"\S@\S")
_NO_PERSONS = frozenset(
    (
        "belgië", "belgique", "vlaanderen", "wallonie", "brussel", "bruxelles", "facebook", "instagram", "tiktok",
        "snapchat", "telegram", "whatsapp", "youtube", "discord", "google", "nederlands", "frans", "engels", "duits",
        "kerstmis", "pasen", "noël", "pâques",
    )
)  # fmt: skip


def _words(*stems: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(stems) + ")", re.IGNORECASE)


_RELATED = {
    "nl": _words(
        r"(?:groot|stief|schoon)?(?:moeder|vader|ouders)\b", r"mama\b", r"papa\b", r"ouders?\b", r"(?:half)?broer",
        r"(?:half)?zus", r"oma\b", r"opa\b", r"nicht", r"neef", r"tante", r"nonkel", r"oom\b", r"vriend", r"lief\b",
        r"buur", r"leerkracht", r"collega", r"partner",
    ),
    "fr": _words(
        r"(?:grand-|belle-)?mère", r"(?:grand-|beau-)?père", r"maman", r"papa\b", r"parents?\b", r"(?:demi-)?frère",
        r"(?:demi-)?s(?:œ|oe)ur", r"cousin", r"oncle", r"tante", r"amie?s?\b", r"copain", r"copine", r"voisin",
        r"enseignant", r"collègue", r"partenaire",
    ),
}  # fmt: skip
_HEALTH = {
    "nl": _words(
        "slaapproble", "depress", "psychiat", "psycholo", "therap", "medicat", "medicijn", "pillen", "ziek", "diagnos",
        "verslaa?f", "verslaving", "zwanger", "trauma", "autis", "adhd", "zelfmoord", "zelfdoding", "su[iï]cid",
        "dokter", "huisarts", "kanker", "handicap", "alcohol", "drugs",
    ),
    "fr": _words(
        "sommeil", "insomni", "dépress", "psychiat", "psycholo", "thérap", "médicament", "malad", "diagnos", "addict",
        "dépendan", "enceinte", "traumati", "autis", "tdah", "suicid", "hospitalis", "médecin", "cancer", "handicap",
        "alcool", "drogue",
    ),
}  # fmt: skip
_BELIEF = {
    "nl": _words(
        "moskee", "kerkganger", "islam", "moslim", "koran", "katholiek", "joods?e?\\b", "gelovig", "bekeerd", "religie",
        "religieu", "afkomst", "nationaliteit", "etni", "vakbond", "politieke (?:partij|overtuiging|voorkeur)",
    ),
    "fr": _words(
        "mosquée", "islam", "musulman", "coran", "catholique", "juive?s?\\b", "croyan", "converti", "religi", "origine",
        "nationalité", "ethni", "syndicat", "(?:parti|opinion|conviction)s? politique",
    ),
}  # fmt: skip
_LABEL = {
    "nl": _words(
        "geradicaliseer", "radicaal", "terrorist", "extremist", "jihadi", "daders?\\b", "gevaarlijk", "crimineel",
    ),
    "fr": _words("radicalisée?s?\\b", "terroriste", "extrémiste", "djihadiste", "délinquant", "dangereu", "criminel"),
}  # fmt: skip
_HEARSAY = {
    "nl": _words("blijkbaar", "naar het schijnt", "men zegt", "ze zeggen", "van horen zeggen", "zou hebben", "gerucht"),
    "fr": _words("il paraît", "apparemment", "on dit", "rumeur", "aurait", "paraît-il", "ouï-dire"),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence of a draft. `value` is its fingerprint: a tick never passes to another text."""

    value: str
    text: str
    paragraph: int


def segments_of(text: str) -> list[Segment]:
    """The sentences of a draft, at most 40: a longer one by its paragraphs, a still longer one by neighbours."""
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    found = [(number, sentence) for number, paragraph in enumerate(paragraphs) for sentence in sentences_of(paragraph)]
    if len(found) > MOST:
        found = list(enumerate(paragraphs))
    if len(found) > MOST:
        size = ceil(len(found) / MOST)
        found = [(start, "\n".join(paragraphs[start : start + size])) for start in range(0, len(found), size)]
    seen: Counter[str] = Counter()
    segments = []
    for number, sentence in found:
        seen[sentence] += 1
        segments.append(Segment(sha256(f"{seen[sentence]}:{sentence}".encode()).hexdigest()[:16], sentence, number))
    return segments


def sentences_of(paragraph: str) -> list[str]:
    """A paragraph where its sentences end; an abbreviation ends none."""
    sentences, start = [], 0
    for end in _END.finditer(paragraph):
        if _begins(paragraph[end.end() :]) and not _abbreviated(paragraph[: end.start() + 1]):
            sentences.append(paragraph[start : end.end()].rstrip())
            start = end.end()
    return [*sentences, paragraph[start:]]


def text_of(segments: Iterable[Segment]) -> str:
    """The segments as one text again, in their paragraphs."""
    paragraphs: dict[int, list[str]] = {}
    for segment in segments:
        paragraphs.setdefault(segment.paragraph, []).append(segment.text)
    return "\n".join(" ".join(sentences) for sentences in paragraphs.values())


def chosen(segments: Sequence[Segment], ticks: Collection[str]) -> list[Segment]:
    """The segments that are ticked, in the order of the text."""
    return [segment for segment in segments if segment.value in ticks]


def doubts(text: str, language: str, known: Collection[str]) -> list[str]:
    """Questions beside this segment, as messages. `known`: words of names that may stand in it, in lower case."""
    found = []
    if _has(_HEALTH, text, language):
        found.append(HEALTH_OF_ANOTHER if _has(_RELATED, text, language) else HEALTH)
    if language in _HEALTH and strangers(text, known):
        found.append(NAME)
    for words, question in ((_BELIEF, BELIEF), (_LABEL, LABEL), (_HEARSAY, HEARSAY)):
        if _has(words, text, language):
            found.append(question)
    if _MAIL.search(text) or any(sum(map(str.isdigit, digits)) >= 9 for digits in _DIGITS.findall(text)):
        found.append(NUMBER)
    return found


def strangers(text: str, known: Collection[str]) -> list[str]:
    """Words within a sentence that look like a name and are nobody's we know: names, and now and then a place."""
    return [
        word[0]
        for line in text.splitlines()
        for word in _WORD.finditer(line)
        if _like_a_name(word[0])
        and not (_is_cased(word[0]) and _opens_a_sentence(line[: word.start()].rstrip()))
        and not _is_known(word[0], known)
    ]


def _like_a_name(word: str) -> bool:
    """A part of it begins with a capital and goes on in small letters; or its script has no capitals to tell by."""
    if not _is_cased(word):
        return True
    return any(part[0].isupper() and not part[1:].isupper() and len(part) > 1 for part in re.split(r"[-'’]", word))


def _is_cased(word: str) -> bool:
    return word.lower() != word.upper()


def _opens_a_sentence(before: str) -> bool:
    """Whether what comes after this has its capital from where it stands."""
    return not before or bool(_LISTED.fullmatch(before)) or (before[-1] in _OPENS and not _abbreviated(before))


def _is_known(word: str, known: Collection[str]) -> bool:
    lower = word.lower()
    return lower in known or lower in _NO_PERSONS


def words_of(*names: str) -> set[str]:
    """The words of names, as `doubts` knows them."""
    return {word for name in names for word in re.split(r"[\s,()]+", name.lower()) if word}


def _has(words: dict[str, re.Pattern[str]], text: str, language: str) -> bool:
    return language in words and words[language].search(text) is not None


def _begins(rest: str) -> bool:
    """Whether a sentence may begin so: by no small letter."""
    return rest[:1] in _BEGIN or rest[:1].isdigit() or (rest[:1].isalpha() and not rest[:1].islower())


def _abbreviated(before: str) -> bool:
    """Whether the point at the end of this belongs to a word such as "dhr." or "J."."""
    if not before.endswith("."):
        return False
    word = re.split(r"[\s(.\"'’“«]", before[:-1])[-1]
    return (len(word) == 1 and word.isalpha()) or word.lower() in _SHORT
