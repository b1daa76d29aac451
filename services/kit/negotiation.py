"""What a client says it accepts (RFC 9110, 12.4.2 and 12.5): read here alone, of bounded cost, and never an error.

What of a header cannot be read counts as not said. The frameworks' own readers look for a word anywhere in the header,
or know neither `q=0` nor subtags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MOST_CHARACTERS = 1_000
MOST_ENTRIES = 50
_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")


def weights_of(header: str) -> dict[str, float]:
    """Each value in lower case with its weight between 0 and 1, in the order they came; of a repeated one the first."""
    found: dict[str, float] = {}
    for value, weight in _entries(header):
        found.setdefault(value, weight)
    return found


def _entries(header: str) -> Iterator[tuple[str, float]]:
    for entry in header[:MOST_CHARACTERS].split(",")[:MOST_ENTRIES]:
        value, *parameters = (part.strip(" \t") for part in entry.split(";"))
        said = [parameter[2:].strip(" \t") for parameter in parameters if parameter[:2].lower() == "q="]
        if value and (not said or _WEIGHT.fullmatch(said[0])):
            yield value.lower(), float(said[0]) if said else 1.0


def in_order(accept_language: str, offered: Sequence[str]) -> list[str]:
    """All the languages offered: wanted ones first, by weight; then the others as they stand; refused ones last.

    A range means the language it names or narrows, "fr-be" French (lookup, RFC 4647, 3.4). "*" names none: what is
    offered first is meant.
    """
    weights = weights_of(accept_language)
    refused = [language for language in offered if weights.get(language) == 0]
    wanted = sorted((name for name, weight in weights.items() if weight > 0), key=lambda name: -weights[name])
    found = [language for language in map(_language, wanted) if language in offered and language not in refused]
    rest = [language for language in offered if language not in (*found, *refused)]
    return list(dict.fromkeys((*found, *rest, *refused)))


def _language(tag: str) -> str:
    return tag.partition("-")[0]


def takes_gzip(accept_encoding: str) -> bool:
    """Whether an answer may be packed: gzip is accepted, by its name or by "*", and not less than unpacked.

    Without the header nothing is packed. Who refuses what is not packed too gets it all the same (RFC 9110, 12.5.3,
    leaves that to the server): a page without encoding is better than none.
    """
    weights = weights_of(accept_encoding)
    other = weights.get("*", 0.0)
    gzip = max(weights.get("gzip", -1.0), weights.get("x-gzip", -1.0))
    gzip = gzip if gzip >= 0 else other
    return gzip > 0 and gzip >= weights.get("identity", 0.0)
