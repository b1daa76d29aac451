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
    """One invitation: `told` says of an open one what `facts` say of one that is over.

    `name` is the role then, because who was invited is forgotten.
    """

    invitation_id: str
    version: int
    name: str
    told: str
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
        invitation.invitation_id, invitation.version, name or role, _told(invitation, table, language, role),
        _facts(invitation, table, language, role), not invitation.tries_left, "resend_invitation" in invitation.may,
        "withdraw_invitation" in invitation.may,
    )  # fmt: skip


def _told(invitation: pb.Invitation, table: TableView, language: Language, role: str) -> str:
    """What who gives mandates has to know of an open one."""
    say = language.text
    towns = f" ({', '.join(table.town_names(invitation.nis_codes))})" if len(table.towns) > 1 else ""
    until = language.day(date.fromisoformat(invitation.last_day), weekday=False)
    sent = say(_("The letter is on its way."))
    if invitation.HasField("sent_at"):
        sent = say(
            _("Letter of %(day)s in %(language)s; its code works until %(until)s."),
            day=language.day(from_timestamp(invitation.sent_at), weekday=False), language=NAMES[invitation.language],
            until=until,
        )  # fmt: skip
    by = say(_("Invited by %(name)s."), name=_inviter(invitation, language))
    seat = (f"{role}, {invitation.organisation_name}{towns}.", _deputy(invitation, table, language))
    return " ".join(part for part in (*seat, f"{invitation.email}.", sent, by) if part)


def _deputy(invitation: pb.Invitation, table: TableView, language: Language) -> str:
    """For whom this person comes, when not to a seat of their own."""
    if not invitation.deputy_of:
        return ""
    holder = next((held for held in table.found.mandates if held.mandate_id == invitation.deputy_of), None)
    name = table.person(holder.person_id if holder else "").name
    return language.text(_("Deputy of %(name)s."), name=name)


def _facts(invitation: pb.Invitation, table: TableView, language: Language, role: str) -> list[tuple[str, str]]:
    say = language.text
    first, last = (date.fromisoformat(text) for text in (getattr(invitation, "from"), invitation.to))
    towns = ", ".join(table.town_names(invitation.nis_codes))
    days = say(
        _("%(first)s to %(last)s"), first=language.day(first, weekday=False), last=language.day(last, weekday=False)
    )
    asked = language.day(from_timestamp(invitation.invited_at), weekday=False)
    return [
        (say(_("For")), f"{invitation.organisation_name}: {towns}"),
        (say(_("Mandate")), days),
        (say(_("What became of it")), Labels(language).of("invitation_state", invitation.state)),
        (say(_("Invited by")), f"{_inviter(invitation, language)}, {asked}"),
    ]


def _inviter(invitation: pb.Invitation, language: Language) -> str:
    name = f"{invitation.inviter_given_name} {invitation.inviter_family_name}".strip()
    return name or language.text(_("the host"))
