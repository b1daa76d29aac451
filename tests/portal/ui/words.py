"""The messages in templates and code, and what the catalogues lack; `python -m tests.portal.ui.words` lists it."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from services.portal.web.ui.language import CATALOGUES, COMPLETE, catalogue

WEB = CATALOGUES.parent
PYTHON = {"_": None, "message": None, "plural": (1, 2), "ngettext": (1, 2)}
PLACE = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True)
class Message:
    """One message and where it was seen first. `many` is the plural, empty when it has none."""

    one: str
    many: str
    seen: str


@functools.cache
def messages() -> dict[str, Message]:
    """All of them by their first form."""
    found: dict[str, Message] = {}
    for message in (*_of_templates(), *_of_code()):
        if message.one not in found or message.many:
            found[message.one] = message
    return found


def missing(code: str) -> list[Message]:
    """Those that a language says nothing for, or not in all its forms."""
    known = {forms_of(entry.id)[0]: entry for entry in catalogue(code) if entry.id}
    lacking = []
    for message in messages().values():
        entry = known.get(message.one)
        said = forms_of(entry.string) if entry else ()
        plural = entry is not None and isinstance(entry.id, tuple)
        if not said or not all(said) or plural != bool(message.many):
            lacking.append(message)
    return lacking


def misplaced(code: str) -> list[str]:
    """Translations that name a value their message has not, or leave one out."""
    wrong = []
    for entry in catalogue(code):
        ids, said = forms_of(entry.id), forms_of(entry.string)
        wanted = {name for text in ids for name in PLACE.findall(text)}
        for text in said:
            names = set(PLACE.findall(text))
            if text and not (names <= wanted and wanted - names <= {"num"}):
                wrong.append(str(ids[0]))
    return wrong


def unused(code: str) -> list[str]:
    """Entries of the catalogue that nothing says any more."""
    here = messages()
    return [item for item in (forms_of(entry.id)[0] for entry in catalogue(code) if entry.id) if item not in here]


def repeated(code: str) -> list[str]:
    """Messages that stand in several catalogues of a language."""
    seen: Counter[str] = Counter()
    for file in (CATALOGUES / code).glob("*.po"):
        with file.open("rb") as opened:
            seen.update(forms_of(entry.id)[0] for entry in read_po(opened) if entry.id)
    return [word for word, times in seen.items() if times > 1]


def forms_of(text: object) -> tuple[str, ...]:
    """One message, or its singular and plural."""
    return tuple(str(word or "") for word in text) if isinstance(text, list | tuple) else (str(text or ""),)


def _of_templates() -> Iterator[Message]:
    for file in sorted((WEB / "templates").rglob("*.html")):
        with file.open("rb") as opened:
            options = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "newstyle_gettext": "true", "silent": "false"}
            options |= {"trim_blocks": "true", "lstrip_blocks": "true"}
            for line, _, said, _ in babel_extract(opened, ("_", "gettext", "ngettext"), [], options):
                yield from _message(said, f"{file.relative_to(WEB)}:{line}")


def _of_code() -> Iterator[Message]:
    for file in sorted(WEB.rglob("*.py")):
        with file.open("rb") as opened:
            for line, said, _, _ in extract("python", opened, PYTHON):
                yield from _message(said, f"{file.relative_to(WEB)}:{line}")


def _message(said: object, seen: str) -> Iterator[Message]:
    one, many = said[:2] if isinstance(said, tuple) else (said, "")
    if isinstance(one, str) and one:
        yield Message(one, many if isinstance(many, str) else "", seen)


def main() -> None:
    """Print what is missing, misplaced and unused, as the beginning of catalogue entries."""
    for code in ("nl", "fr", "de"):
        for name in missing(code):
            print(f"{code} {name.seen}\n{name.one!r} {name.many!r}")
        print(code, len(missing(code)), "missing;", "misplaced:", misplaced(code), "unused:", len(unused(code)))
    print(
        "files:", *sorted(Path(path).name for path in {str(file) for file in (CATALOGUES / COMPLETE[0]).glob("*.po")})
    )


if __name__ == "__main__":
    main()
