"""The hint beside a text that looks as if somebody were named in it, in words; it is kept nowhere (decision 78)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.portal.web.question.naming import Finding, Kind, findings
from services.portal.web.request.viewer import Viewer
from services.portal.web.ui.answers import Doubt
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

_SAID: Mapping[Kind, str] = {
    Kind.NAME: _("Is this the name of a person: %(found)s? Then leave it out."),
    Kind.BIRTH: _("Is this when somebody was born: %(found)s? Then leave it out."),
    Kind.NUMBER: _("Is this a telephone or national number: %(found)s? Then leave it out."),
    Kind.ADDRESS: _("Is this the e-mail address of a person: %(found)s? Then leave it out."),
}


def hints(text: str, table: TableView, viewer: Viewer) -> list[str]:
    """A sentence for each kind of thing that was found; none, when nothing was."""
    german = viewer.language.code == "de"
    found = findings(text, _at_home(table), viewer.today, german=german)
    return [
        _sentence(kind, [finding for finding in found if finding.kind is kind], viewer.language)
        for kind in _kinds(found)
    ]


def doubts(text: str, table: TableView, viewer: Viewer, field: str) -> list[Doubt]:
    """The same on the page between form and act, each with the way to change the text."""
    return [Doubt(sentence, field) for sentence in hints(text, table, viewer)]


def _kinds(found: Sequence[Finding]) -> list[Kind]:
    return list(dict.fromkeys(finding.kind for finding in found))


def _sentence(kind: Kind, found: Sequence[Finding], language: Language) -> str:
    return language.text(_SAID[kind], found=", ".join(f"“{finding.said}”" for finding in found))


def _at_home(table: TableView) -> set[str]:
    """Towns and organisations of this table, which name nobody."""
    towns = {name for town in table.towns for name in (town.name, town.name_fr, town.name_de, town.name_en)}
    return towns | {mandate.organisation_name for mandate in table.found.mandates} | {table.name}
