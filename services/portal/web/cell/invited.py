"""Who is invited to a cell, as its pages tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import NAMES, Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class Guest:
    """One invitation. `name` is the role where it is over: who was invited is forgotten then."""

    invitation_id: str
    version: int
    name: str
    facts: list[tuple[str, str]]
    blocked: bool
    may_resend: bool
    may_withdraw: bool


def guest_of(invitation: pb.Invitation, table: TableView, language: Language) -> Guest:
    """One that is open, or over."""
    role = Labels(language).of("role", invitation.role)
    role = role[:1].upper() + role[1:]
    name = f"{invitation.given_name} {invitation.family_name}".strip()
    return Guest(
        invitation.invitation_id, invitation.version, name or role, list(_facts(invitation, table, language, role)),
        not invitation.tries_left, "resend_invitation" in invitation.may, "withdraw_invitation" in invitation.may,
    )  # fmt: skip


def _facts(invitation: pb.Invitation, table: TableView, language: Language, role: str) -> list[tuple[str, str]]:
    say = language.text
    first, last, until = (
        date.fromisoformat(text) for text in (getattr(invitation, "from"), invitation.to, invitation.last_day)
    )
    by = f"{invitation.inviter_given_name} {invitation.inviter_family_name}".strip() or say(_("the host"))
    towns = ", ".join(table.town_names(invitation.nis_codes))
    sent = from_timestamp(invitation.sent_at) if invitation.HasField("sent_at") else None
    days = say(
        _("%(first)s to %(last)s"), first=language.day(first, weekday=False), last=language.day(last, weekday=False)
    )
    facts = [(say(_("As")), f"{role}, {invitation.organisation_name}: {towns}"), (say(_("Mandate")), days)]
    if invitation.email:
        facts.append((say(_("Letter to")), f"{invitation.email} ({NAMES[invitation.language]})"))
        facts.append((say(_("Sent on")), language.moment(sent) if sent else say(_("on its way"))))
        facts.append((say(_("Code works until")), language.day(until, weekday=False)))
    else:
        facts.append((say(_("What became of it")), Labels(language).of("invitation_state", invitation.state)))
    asked = language.day(from_timestamp(invitation.invited_at), weekday=False)
    facts.append((say(_("Invited by")), f"{by}, {asked}"))
    return facts
