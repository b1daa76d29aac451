"""The list of contacts as files: CSV as spreadsheets here read it, and vCard 4.0 (RFC 6350)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.kit.sheets import write_sheet
from services.kit.telephone import dialled_abroad
from services.portal.web.cell.contacts import Line
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _

COLUMNS = (
    _("Family name"), _("First name"), _("Organisation"), _("Role"), _("Municipalities"), _("Telephone"),
    _("When reached"), _("Language"),
)  # fmt: skip
_FOLD = 75
"""Octets of a line, its end not counted (RFC 6350, 3.2)."""


def as_csv(lines: Iterable[Line], language: Language) -> bytes:
    """A heading in that language, and a row for each."""
    return write_sheet(_rows(lines, language))


def _rows(lines: Iterable[Line], language: Language) -> Iterator[tuple[str, ...]]:
    yield tuple(language.text(column) for column in COLUMNS)
    for line in lines:
        yield (
            line.family_name, line.given_name, ", ".join(_organisations(line)), ", ".join(_roles(line)), line.towns,
            dialled_abroad(line.telephone), line.reachable, line.language,
        )  # fmt: skip


def as_vcards(lines: Iterable[Line]) -> str:
    """One after the other; no id of a person leaves with them."""
    return "".join(_vcard(line) for line in lines)


def _vcard(line: Line) -> str:
    family, given = _escaped(line.family_name), _escaped(line.given_name)
    properties = [
        "BEGIN:VCARD", "VERSION:4.0", "KIND:individual", f"FN:{_escaped(line.name)}", f"N:{family};{given};;;",
        *(f"ORG:{_escaped(organisation)}" for organisation in _organisations(line)),
        *(f"ROLE:{_escaped(role)}" for role in _roles(line)),
    ]  # fmt: skip
    if line.telephone:
        properties.append(f'TEL;VALUE=uri;TYPE="voice,work":tel:{line.telephone}')
    if line.language:
        properties.append(f"LANG:{line.language}")
    if line.reachable:
        properties.append(f"NOTE:{_escaped(line.reachable)}")
    return "".join(_folded(text) for text in [*properties, "END:VCARD"])


def _escaped(text: str) -> str:
    """As a value of one text (RFC 6350, 3.4)."""
    for sign in ("\\", ",", ";"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(text: str) -> str:
    """The line in pieces of 75 octets at most, none of which ends within a character."""
    pieces, room = [""], _FOLD
    for character in text:
        if (size := len(character.encode())) > room:
            pieces.append("")
            room = _FOLD - 1
        pieces[-1] += character
        room -= size
    return "\r\n ".join(pieces) + "\r\n"


def _organisations(line: Line) -> list[str]:
    return list(dict.fromkeys(organisation for _role, organisation in line.seats))


def _roles(line: Line) -> list[str]:
    return list(dict.fromkeys(role for role, _organisation in line.seats))
