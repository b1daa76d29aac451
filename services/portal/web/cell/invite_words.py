"""An invitation to a mandate in words, as it is read before the letter goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import NAMES, Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import law_title
from services.portal.web.ui.table import TableView


def holders_of(table: TableView, labels: Labels) -> list[tuple[str, str]]:
    """Whom somebody may be invited to stand in for."""
    return [
        (held.mandate_id, f"{table.person(held.person_id).name} ({labels.of('role', held.role)})")
        for held in table.found.mandates if held.may_have_deputy
    ]  # fmt: skip


def answers_of(
    asked: pb.InvitePersonRequest, organisation: str, table: TableView, versions: Sequence[pb.LegalBasisVersion],
    language: Language,
) -> Answers:  # fmt: skip
    """The whole invitation; `organisation` is the name of one that is made known by it."""
    say = language.text
    title = next((law_title(basis, language) for basis in versions if basis.code == asked.legal_basis), "")
    told = f"{organisation} ({asked.kbo_number})" if organisation else asked.kbo_number
    role = Labels(language).of("role", asked.role) if asked.role else ""
    said = [
        Answer(say(_("Who")), f"{asked.given_name} {asked.family_name}", "given_name"),
        Answer(say(_("Letter to")), asked.email, "email"),
        Answer(say(_("In which language")), NAMES.get(asked.language, ""), "language"),
        Answer(say(_("Organisation")), told, "kbo_number"),
        Answer(say(_("As")), role[:1].upper() + role[1:], "role"),
        Answer(say(_("For")), ", ".join(table.town_names(asked.nis_codes)), "nis_codes"),
        Answer(say(_("First day")), _day(getattr(asked, "from"), language), "from"),
        Answer(say(_("Last day")), _day(asked.to, language), "to"),
        Answer(say(_("Legal basis")), title, "legal_basis"),
    ]
    if asked.clearance_until:
        said.append(Answer(say(_("Clearance until")), _day(asked.clearance_until, language), "clearance_until"))
    if asked.deputy_of:
        labels = Labels(language)
        said.append(Answer(say(_("Deputy of")), dict(holders_of(table, labels)).get(asked.deputy_of, ""), "deputy_of"))
        said.append(Answer(say(_("When")), labels.of("deputy_turn", asked.deputy_when), "deputy_when"))
    if asked.note:
        said.append(Answer(say(_("A few words")), asked.note, "note"))
    back = (f"{table.address}/mandates", say(_("Invite nobody now")))
    return Answers(say(_("Is this whom you invite?")), said, say(_("Send the invitation")), back)


def _day(iso: str, language: Language) -> str:
    return language.day(date.fromisoformat(iso), weekday=False) if iso else ""
