"""The invitations by which the host founds a cell, in words; nobody is named but to who fills the form in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import NAMES, Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import law_title
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.towns import cell_name, town_name, towns_in_order

OPEN = "SENT"


@dataclass(frozen=True, slots=True)
class Founded:
    """One of them: as what, and what became of it."""

    invitation_id: str
    version: int
    role: str
    told: str
    blocked: bool
    may_resend: bool
    may_withdraw: bool


def guests_of(found: pb.HostCell, language: Language) -> list[Founded]:
    """All that are told, the newest first."""
    return [
        Founded(
            invitation.invitation_id, invitation.version, _role(invitation.role, language), _told(invitation, language),
            invitation.may_come and not invitation.tries_left, "resend_founding" in invitation.may,
            "withdraw_founding" in invitation.may,
        )
        for invitation in found.founding
    ]  # fmt: skip


def towns_of(found: pb.HostCell, language: Language) -> list[tuple[str, str]]:
    """The towns of a cell, as choices."""
    return [(town.nis_code, town_name(town, language)) for town in towns_in_order(found.towns, language)]


def roles_of(found: pb.HostCell, language: Language) -> list[tuple[str, str]]:
    """The seats that are still the host's to give, as choices."""
    return [(role, _role(role, language)) for role in found.founds]


def answers_of(
    asked: pb.FoundSeatRequest, organisation: str, found: pb.HostCell, versions: Sequence[pb.LegalBasisVersion],
    language: Language,
) -> Answers:  # fmt: skip
    """The whole invitation, as it is read before the letter goes; `organisation`: the name of a new one."""
    say, towns = language.text, dict(towns_of(found, language))
    title = next((law_title(basis, language) for basis in versions if basis.code == asked.legal_basis), "")
    said = [
        Answer(say(_("Cell")), cell_name(found, language)),
        Answer(say(_("Who")), f"{asked.given_name} {asked.family_name}", "given_name"),
        Answer(say(_("Letter to")), asked.email, "email"),
        Answer(say(_("In which language")), NAMES.get(asked.language, ""), "language"),
        Answer(say(_("As")), _role(asked.role, language) if asked.role else "", "role"),
        Answer(
            say(_("Organisation")), f"{organisation} ({asked.kbo_number})" if organisation else asked.kbo_number,
            "kbo_number",
        ),
        Answer(say(_("For")), ", ".join(towns[code] for code in asked.nis_codes if code in towns), "nis_codes"),
        Answer(say(_("First day")), _day(getattr(asked, "from"), language), "from"),
        Answer(say(_("Last day")), _day(asked.to, language), "to"),
        Answer(say(_("Legal basis")), title, "legal_basis"),
    ]  # fmt: skip
    back = (f"/host/cells/{found.cell_id}", say(_("Invite nobody now")))
    return Answers(say(_("Is this whom you invite?")), said, say(_("Send the invitation")), back)


def _told(invitation: pb.FoundingInvitation, language: Language) -> str:
    say = language.text
    invited = say(_("Invited on %(day)s."), day=language.day(from_timestamp(invitation.invited_at), weekday=False))
    if invitation.state != OPEN:
        return f"{invited} {Labels(language).of('invitation_state', invitation.state)}."
    if not invitation.may_come:
        late = say(_("Whoever was invited cannot come any more: the seat is not yours to give now."))
        return f"{invited} {late}"
    if not invitation.HasField("sent_at"):
        on_its_way = say(_("The letter is on its way."))
        return f"{invited} {on_its_way}"
    sent = language.day(from_timestamp(invitation.sent_at), weekday=False)
    return say(
        _("Letter of %(day)s; its code works until %(until)s."), day=sent, until=_day(invitation.last_day, language)
    )


def _role(role: str, language: Language) -> str:
    name = Labels(language).of("role", role)
    return name[:1].upper() + name[1:]


def _day(iso: str, language: Language) -> str:
    return language.day(date.fromisoformat(iso), weekday=False) if iso else ""
