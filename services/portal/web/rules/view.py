"""What the pages of rules show: versions in words, texts in a language, who accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.order import name_key
from services.portal.web.ui.table import TableView

KINDS = ("internal_rules", "cooperation_protocol", "undertaking")
WRITTEN_IN = ("nl", "fr", "de")


class Texts(Protocol):
    """What has a text in each of the three languages."""

    @property
    def text_nl(self) -> str: ...
    @property
    def text_fr(self) -> str: ...
    @property
    def text_de(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A version in a list: where it is read, what it is in words, and what is asked of who looks."""

    address: str
    said: str
    standing: str
    asks: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The versions of one kind: the one in force and what comes, what waits or was sent back, what was."""

    kind: str
    title: str
    about: str
    now: tuple[Line, ...]
    waiting: tuple[Line, ...]
    past: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who accepted, for whom, when."""

    name: str
    organisation: str
    at: datetime


ABOUT: Mapping[str, str] = {
    "internal_rules": _("How people at this table work together. Everybody accepts them."),
    "cooperation_protocol": _("What the organisations at this table agree on. One person of each accepts it."),
    "undertaking": _("The secrecy everybody promises here. Without one of its own the cell has that of the platform."),
}


def capital(text: str) -> str:
    """A word at the beginning of a line."""
    return text[:1].upper() + text[1:]


def text_in(texts: Texts, language: Language) -> tuple[str, str]:
    """The text for a reader, and its language: the reader's own, else the first there is."""
    found = {code: getattr(texts, f"text_{code}") for code in WRITTEN_IN}
    code = language.code if found.get(language.code) else next((code for code in WRITTEN_IN if found[code]), "nl")
    return found[code], code


def same_language(texts: Texts, code: str) -> str:
    """What an earlier version said in that language, else in the first there is."""
    said: list[str] = [getattr(texts, f"text_{other}") for other in (code, *WRITTEN_IN)]
    return next(filter(None, said), "")


def shelves(versions: Iterable[pb.RulesVersion], table: TableView, language: Language) -> list[Shelf]:
    """All versions by kind, the newest first."""
    lines = [(version, _line(version, table, language)) for version in versions]
    labels = Labels(language)

    def those(kind: str, *what: str) -> tuple[Line, ...]:
        return tuple(line for version, line in lines if version.kind == kind and version.standing in what)

    return [
        Shelf(
            kind, capital(labels.of("rules_kind", kind)), language.text(ABOUT[kind]),
            those(kind, "in_force", "coming"), those(kind, "waiting", "sent_back"), those(kind, "past", "replaced"),
        )
        for kind in KINDS
    ]  # fmt: skip


def _line(version: pb.RulesVersion, table: TableView, language: Language) -> Line:
    address = f"{table.address}/rules/{version.rules_id}"
    return Line(address, dated(version, language), standing(version, language), _asks(version, language))


def dated(version: pb.RulesVersion, language: Language) -> str:
    """Which version, by its day."""
    first = getattr(version, "from")
    if first:
        return language.text(_("From %(day)s on"), day=language.day(date.fromisoformat(first), weekday=False))
    drafted = language.day(from_timestamp(version.drafted_at), weekday=False)
    return language.text(_("Draft of %(day)s"), day=drafted)


def standing(version: pb.RulesVersion, language: Language) -> str:
    """What it is today, in a word or two."""
    return Labels(language).of("rules_standing", version.standing)


def _asks(version: pb.RulesVersion, language: Language) -> str:
    if "decide_rules" in version.may:
        return language.text(_("Waits for your decision"))
    if "accept_rules" in version.may:
        return language.text(_("Waits for you to accept it"))
    return language.text(_("Accepted")) if version.accepted and version.kind != "undertaking" else ""


def accepted_by(found: pb.RulesText, table: TableView) -> list[Accepted]:
    """Who accepted, in the order of names; for a protocol in that of organisations."""
    names = organisation_names(table)
    lines = [
        Accepted(
            person.name,
            names.get(acceptance.organisation_id, person.organisation),
            from_timestamp(acceptance.accepted_at),
        )
        for acceptance in found.acceptances
        for person in [table.person(acceptance.person_id)]
    ]
    by_organisation = found.rules.kind == "cooperation_protocol"
    return sorted(lines, key=lambda line: name_key(line.organisation if by_organisation else line.name, line.name))


def outstanding(found: pb.RulesText, table: TableView) -> list[str]:
    """Who has not, by name."""
    if found.rules.kind == "cooperation_protocol":
        names = organisation_names(table)
        return sorted((names[party] for party in found.outstanding if party in names), key=name_key)
    people = table.in_order(found.outstanding)
    return [f"{person.name} ({person.organisation})" for person in people]


def organisation_names(table: TableView) -> dict[str, str]:
    """Those of the table, by id."""
    mandates = table.found.mandates
    return {mandate.organisation_id: mandate.organisation_name for mandate in mandates if mandate.organisation_id}
