"""What may be changed of a mandate, act by act: how its form is read, and how that is said before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.answers import Answer
from services.portal.web.ui.cell_labels import DEPUTY_TURNS, END_REASONS, SUSPENSION_REASONS
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

WHY = _("Choose why.")


@dataclass(frozen=True, slots=True)
class Subject:
    """The mandate it is about, and what its holder is called at the table."""

    table: TableView
    mandate: pb.MandateView
    name: str
    language: Language

    def day(self, iso: str) -> str:
        """A day in words, empty for none."""
        return self.language.day(date.fromisoformat(iso), weekday=False) if iso else ""

    @property
    def called(self) -> Mapping[str, str]:
        """What sentences about it name."""
        return {"name": self.name, "organisation": self.mandate.organisation_name}

    def known(self) -> list[tuple[str, str]]:
        """The mandate as it is, as facts."""
        say, mandate = self.language.text, self.mandate
        role = Labels(self.language).of("role", mandate.role)
        found = [
            (say(_("As")), role[:1].upper() + role[1:]),
            (say(_("For")), mandate.organisation_name),
            (say(_("Municipalities")), ", ".join(self.table.town_names(mandate.nis_codes))),
            (say(_("Until")), self.day(mandate.to)),
        ]
        if mandate.clearance_until:
            found.append((say(_("Clearance until")), self.day(mandate.clearance_until)))
        return found

    def holders(self) -> list[tuple[str, str]]:
        """Whom it could stand in for: mandates of that seat and kind of organisation, each with its person and role."""
        labels, table = Labels(self.language), self.table
        return [
            (held.mandate_id, f"{table.person(held.person_id).name} ({labels.of('role', held.role)})")
            for held in table.found.mandates
            if held.person_id != self.mandate.person_id
            and held.seat == self.mandate.seat
            and held.organisation_kind == self.mandate.organisation_kind
            and not (held.ended or held.deputy_of)
        ]


Read = Callable[[Subject, Form], tuple[Any, list[Answer]]]


@dataclass(frozen=True, slots=True)
class Act:
    """One of them. `fields` are the controls of its form; without any it is read once more at once.

    `title`, `question` and `button` may name %(name)s and %(organisation)s; `hint` says what comes of it.
    """

    verb: str
    method: str
    title: str
    question: str
    button: str
    read: Read
    fields: tuple[str, ...] = ()
    hint: str = ""
    present: Callable[[Subject], dict[str, list[str]]] | None = None


def _extended(subject: Subject, form: Form) -> tuple[pb.ExtendMandateRequest, list[Answer]]:
    say, mandate = subject.language.text, subject.mandate
    last_day = form.iso_day("last_day", missing=_("Write the last day."))
    asked = pb.ExtendMandateRequest(
        mandate_id=mandate.mandate_id, expected_version=form.version, last_day=last_day
    )  # fmt: skip
    return asked, [
        Answer(say(_("Whose mandate")), subject.name),
        Answer(say(_("Last day until now")), subject.day(mandate.to)),
        Answer(say(_("New last day")), subject.day(last_day), "last_day"),
    ]


def _shortened(subject: Subject, form: Form) -> tuple[pb.ShortenMandateRequest, list[Answer]]:
    say, mandate = subject.language.text, subject.mandate
    last_day = form.iso_day("last_day", missing=_("Write the last day."))
    reason = form.choice("reason", END_REASONS, missing=WHY)
    asked = pb.ShortenMandateRequest(
        mandate_id=mandate.mandate_id, expected_version=form.version, last_day=last_day, reason=reason
    )
    why = Labels(subject.language).of("end_reason", reason) if reason else ""
    return asked, [
        Answer(say(_("Whose mandate")), subject.name),
        Answer(say(_("Last day until now")), subject.day(mandate.to)),
        Answer(say(_("New last day")), subject.day(last_day), "last_day"),
        Answer(say(_("Why")), why, "reason"),
    ]


def _changed(subject: Subject, form: Form) -> tuple[pb.ChangeMandateRequest, list[Answer]]:
    say, mandate, table = subject.language.text, subject.mandate, subject.table
    towns = [town.nis_code for town in table.towns]
    several = len(towns) > 1
    chosen = form.choices("nis_codes", towns, missing=_("Tick at least one.")) if several else list(mandate.nis_codes)
    police = mandate.takes_clearance
    until = form.iso_day("clearance_until") if police else ""
    asked = pb.ChangeMandateRequest(
        mandate_id=mandate.mandate_id, expected_version=form.version, nis_codes=chosen, clearance_until=until
    )
    said = [Answer(say(_("Whose mandate")), subject.name)]
    if several:
        said.append(Answer(say(_("Municipalities")), ", ".join(table.town_names(chosen)), "nis_codes"))
    if police:
        none = say(_("none on record"))
        said.append(Answer(say(_("Clearance until")), subject.day(until) or none, "clearance_until"))
    return asked, said


def _present(subject: Subject) -> dict[str, list[str]]:
    found = {"nis_codes": list(subject.mandate.nis_codes)}
    if subject.mandate.clearance_until:
        day = date.fromisoformat(subject.mandate.clearance_until)
        parts = ("day", "month", "year")
        found |= {f"clearance_until-{part}": [str(getattr(day, part))] for part in parts}
    return found


def _reason(subject: Subject, form: Form) -> tuple[str, Answer]:
    reason = form.choice("reason", SUSPENSION_REASONS, missing=WHY)
    said = Labels(subject.language).of("suspension", reason) if reason else ""
    return reason, Answer(subject.language.text(_("Why")), said, "reason")


def _suspended(subject: Subject, form: Form) -> tuple[pb.SuspendMandateRequest, list[Answer]]:
    reason, why = _reason(subject, form)
    asked = pb.SuspendMandateRequest(
        mandate_id=subject.mandate.mandate_id, expected_version=form.version, reason=reason
    )
    return asked, [Answer(subject.language.text(_("Whose mandate")), subject.name), why]


def _resumed(subject: Subject, form: Form) -> tuple[pb.ResumeMandateRequest, list[Answer]]:
    say, mandate = subject.language.text, subject.mandate
    asked = pb.ResumeMandateRequest(mandate_id=mandate.mandate_id, expected_version=form.version)
    said = [Answer(say(_("Whose mandate")), subject.name), Answer(say(_("Until")), subject.day(mandate.to))]
    if mandate.suspension_reason:
        why = Labels(subject.language).of("suspension", mandate.suspension_reason)
        said.insert(1, Answer(say(_("Suspended because")), why))
    return asked, said


def _deputy(subject: Subject, form: Form) -> tuple[pb.NameDeputyRequest, list[Answer]]:
    say, mandate = subject.language.text, subject.mandate
    holders = dict(subject.holders())
    holder = form.choice("holder_id", holders, missing=_("Choose who is replaced."))
    when = form.choice("when", DEPUTY_TURNS, missing=_("Choose when."))
    asked = pb.NameDeputyRequest(
        mandate_id=mandate.mandate_id, expected_version=form.version, holder_id=holder, when=when
    )  # fmt: skip
    turn = Labels(subject.language).of("deputy_turn", when) if when else ""
    return asked, [
        Answer(say(_("Deputy")), subject.name),
        Answer(say(_("Who is replaced")), holders.get(holder, ""), "holder_id"),
        Answer(say(_("When")), turn, "when"),
    ]


def _absent(subject: Subject, form: Form) -> tuple[pb.MarkAbsentRequest, list[Answer]]:
    say = subject.language.text
    first = form.iso_day("first_day", missing=_("Write the first day."))
    last = form.iso_day("last_day", missing=_("Write the last day."))
    asked = pb.MarkAbsentRequest(mandate_id=subject.mandate.mandate_id, first_day=first, last_day=last)
    return asked, [
        Answer(say(_("Who is absent")), subject.name),
        Answer(say(_("First day")), subject.day(first), "first_day"),
        Answer(say(_("Last day")), subject.day(last), "last_day"),
    ]


def _organisation_suspended(subject: Subject, form: Form) -> tuple[pb.SuspendOrganisationRequest, list[Answer]]:
    say, mandate, table = subject.language.text, subject.mandate, subject.table
    reason, why = _reason(subject, form)
    asked = pb.SuspendOrganisationRequest(organisation_id=mandate.organisation_id, reason=reason)
    people = {
        held.person_id for held in table.found.mandates
        if held.organisation_id == mandate.organisation_id and not held.ended
    }  # fmt: skip
    names = ", ".join(person.name for person in table.in_order(people))
    return asked, [
        Answer(say(_("Organisation")), mandate.organisation_name),
        Answer(say(_("Who sits for it now")), names or say(_("nobody"))),
        why,
    ]


def _organisation_resumed(subject: Subject, form: Form) -> tuple[pb.ResumeOrganisationRequest, list[Answer]]:
    mandate = subject.mandate
    asked = pb.ResumeOrganisationRequest(organisation_id=mandate.organisation_id)
    return asked, [Answer(subject.language.text(_("Organisation")), mandate.organisation_name)]


STOPS = _("It opens nothing any more within a second, until it is resumed. The last day stays.")
ACTS: Mapping[str, Act] = {
    "extend": Act(
        "extend_mandate", "ExtendMandate", _("A later last day for the mandate of %(name)s"),
        _("Is this the new last day?"), _("Extend the mandate"), _extended, ("last_day",),
    ),
    "shorten": Act(
        "shorten_mandate", "ShortenMandate", _("An earlier last day for the mandate of %(name)s"),
        _("Is this the new last day?"), _("Shorten the mandate"), _shortened, ("earlier_day", "end_reason"),
        _("Until then it is what it was. To end it now there is a button of its own."),
    ),
    "change": Act(
        "change_mandate", "ChangeMandate", _("Change the mandate of %(name)s"), _("Is this how the mandate is now?"),
        _("Change the mandate"), _changed, ("nis_codes", "clearance_until"), present=_present,
    ),
    "absent": Act(
        "mark_absent", "MarkAbsent", _("Mark %(name)s absent"), _("Is this the absence?"), _("Mark as absent"),
        _absent, ("first_day", "last_day"),
        _("Whoever is the deputy for it counts on these days, and no longer. Why somebody is away is not asked."),
    ),
    "deputy": Act(
        "name_deputy", "NameDeputy", _("Make %(name)s a deputy"), _("Is this how the deputy stands in?"),
        _("Name the deputy"), _deputy, ("holder_id", "when"),
        _("From now on the mandate counts only so. The log names both for whatever the deputy does."),
    ),
    "suspend": Act(
        "suspend_mandate", "SuspendMandate", _("Suspend the mandate of %(name)s"),
        _("Do you suspend this mandate now?"), _("Suspend the mandate"), _suspended, ("reason",), STOPS,
    ),
    "resume": Act(
        "resume_mandate", "ResumeMandate", _("Resume the mandate of %(name)s"), _("Do you resume this mandate now?"),
        _("Resume the mandate"), _resumed,
    ),
    "suspend-organisation": Act(
        "suspend_organisation", "SuspendOrganisation", _("Suspend all people of %(organisation)s"),
        _("Do you suspend all these people now?"), _("Suspend them all"), _organisation_suspended, ("reason",),
        _(
            "In your municipalities none of their mandates opens anything any more within a second, until they are"
            " resumed."
        ),
    ),
    "resume-organisation": Act(
        "resume_organisation", "ResumeOrganisation", _("Resume the people of %(organisation)s"),
        _("Do you resume these people now?"), _("Resume them all"), _organisation_resumed,
    ),
}  # fmt: skip
"""By the last part of their address, in the order in which a page offers them."""
