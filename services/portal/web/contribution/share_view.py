"""Sharing a contribution: five questions, one a page. Answers are kept with the author until the last page is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.field_rules import limit_of
from services.portal.model import DraftRef, Fields
from services.portal.web.case.circle_view import CircleView
from services.portal.web.contribution.segments import Segment, chosen, doubts, segments_of, text_of, words_of
from services.portal.web.ui.forms import WHOLE, Beside, Form
from services.portal.web.ui.labels import INFORMED
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import law_title
from services.portal.web.ui.table import TableView

STEPS: Mapping[str, Sequence[str]] = {
    "need": ("need",),
    "informed": ("person_informed",),
    "less": ("segment", "whole"),
    "proportion": ("proportionality",),
    "share": (),
}
"""The steps in their order (invariant 6), and the fields each asks for."""
OBSTACLES: Mapping[str, str] = {
    "CaseStateForbids": _("The table does not work on this case now, so nothing can be shared."),
    "LegalBasisNotInForce": _(
        "Your mandate names no legal basis in force for this organisation. Without one nobody may share."
    ),
    "ReviewOverdue": _("The review of this case is more than 14 days late. First the table sets a new date."),
}
"""What stands against sharing a draft, by the code the service gives."""
ANSWER = limit_of(pb.AssessContributionRequest, "need")
"""The same for each answer in words."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """A segment with its tick and the questions beside it, as macros/segments.html shows it."""

    value: str
    text: str
    chosen: bool
    doubt: str


class Sharing:
    """One contribution of the reader, with the answers given so far."""

    def __init__(
        self, table: TableView, case: pb.Case, contribution: pb.Contribution, language: Language, today: date
    ) -> None:
        self.table = table
        self.case = case
        self.contribution = contribution
        self.circle = CircleView(table, case, language, today)
        self.case_address = f"{table.address}/cases/{case.frame.case_id}"
        self.address = f"{self.case_address}/contribution/{contribution.contribution_id}"
        self.answers: Fields = {}
        self.answered: DraftRef | None = None
        self._language = language
        self._today = today

    def may(self, verb: str) -> bool:
        """Whether the author may do this with it now."""
        return verb in self.contribution.may

    @property
    def is_draft(self) -> bool:
        """Whether nobody but the author reads it."""
        return self.contribution.stage == "draft"

    @property
    def shared(self) -> bool:
        """Whether the circle reads it."""
        return self.contribution.stage == "shared"

    @property
    def about(self) -> str:
        """The person concerned, as called in short; empty for who does not read the identity."""
        return self.case.person.given_name or self.case.person.family_name

    @property
    def by(self) -> str:
        """Organisation and name of the author."""
        return ", ".join(filter(None, (self.organisation, self.table.person(self.contribution.author_id).name)))

    @property
    def organisation(self) -> str:
        """For which the author speaks."""
        named = {mandate.organisation_id: mandate.organisation_name for mandate in self.table.found.mandates}
        return named.get(self.contribution.organisation_id, "")

    @property
    def basis(self) -> directory_pb.LegalBasis | None:
        """The legal basis in force now for that organisation, None when there is none (invariant 6)."""
        organisation_id = self.contribution.organisation_id
        mine = {mandate.legal_basis for mandate in self.table.my_mandates if mandate.organisation_id == organisation_id}
        return next((basis for basis in self.table.found.legal_bases if basis.code in mine), None)

    @property
    def basis_title(self) -> str:
        """Its title, in the reader's language."""
        if self.basis is None:
            return ""
        return law_title(self.basis, self._language)

    @property
    def obstacle(self) -> str:
        """Why it cannot be shared now, as a message; empty when it can."""
        without_basis = "LegalBasisNotInForce" if self.basis is None else ""
        return OBSTACLES.get(self.contribution.obstacle or without_basis, "")

    @cached_property
    def segments(self) -> list[Segment]:
        """The draft in segments."""
        return segments_of(self.contribution.text)

    @property
    def kept(self) -> list[Segment]:
        """What is ticked of the present text."""
        return chosen(self.segments, self.answers.get("segment", ()))

    @property
    def text(self) -> str:
        """What the circle will read."""
        return text_of(self.kept)

    @property
    def left_out_text(self) -> str:
        """What the circle will not read."""
        return text_of([segment for segment in self.segments if segment not in self.kept])

    @property
    def ticked(self) -> list[Ticked]:
        """All segments, each with its tick and questions."""
        ticks = self.answers.get("segment", ())
        return [self._ticked(segment, segment.value in ticks) for segment in self.segments]

    def _ticked(self, segment: Segment, tick: bool) -> Ticked:
        asked = doubts(segment.text, self.contribution.language, self._known)
        return Ticked(segment.value, segment.text, tick, " ".join(self._language.text(question) for question in asked))

    @cached_property
    def _known(self) -> set[str]:
        person, people = self.case.person, self.circle.people().keys()
        inside = [self.table.person(person_id) for person_id in people]
        towns = [
            name
            for town in self.table.found.cell.towns
            for name in (town.name, town.name_fr, town.name_de, town.name_en)
        ]
        names = [
            name for somebody in inside for name in (somebody.given_name, somebody.family_name, somebody.organisation)
        ]
        known = (person.given_name, person.family_name, person.also_known_as, person.address)
        return words_of(*known, self.table.name, *towns, *names)

    def take(self, form: Form, step: str) -> None:
        """From now on the answers of this step are those of the form; what is not in it is not answered."""
        others = {name: values for name, values in self.answers.items() if name not in STEPS[step]}
        self.answers = others | {name: form.values(name) for name in STEPS[step] if form.values(name)}

    def compare(self, form: Form, step: str) -> None:
        """The answers were kept anew since the page with this form was shown: another one to this step is told beside
        it, and what was sent does not take its place before it was seen there.
        """
        there = {name: list(self.answers[name]) for name in STEPS[step] if name in self.answers}
        if there and any(form.values(name) != said for name, said in there.items()):
            form.beside.append(Beside(there))
            form.fail(WHOLE, _("You answered this in another place too. Look at both, then send the one you want."))

    def answer(self, name: str) -> str:
        """One answer, empty when it is not given."""
        return next(iter(self.answers.get(name, ())), "")

    @property
    def open_step(self) -> str:
        """The first step that is not answered; the last one when all are."""
        answered = {
            "need": bool(self.answer("need").strip()),
            "informed": self.answer("person_informed") in INFORMED,
            "less": bool(self.kept and self.answer("less_is_enough")),
            "proportion": bool(self.answer("proportionality").strip()),
        }
        return next((step for step, done in answered.items() if not done), "share")

    @property
    def keeps_all(self) -> bool:
        """Whether something could be left out and nothing is."""
        return len(self.kept) == len(self.segments) > 1

    @property
    def in_words(self) -> str:
        """The answer that the ticks give to "is less enough?"."""
        if self.keeps_all:
            return self.answer("whole").strip()
        if len(self.segments) == 1:
            return self._language.text(_("It is one sentence: nothing was left out."))
        return self._language.text(
            _("%(kept)s of %(all)s sentences are shared; the others were left out."),
            kept=len(self.kept), all=len(self.segments),
        )  # fmt: skip

    @property
    def left_out(self) -> int:
        """How many segments are not shared."""
        return len(self.segments) - len(self.kept)


def read_step(form: Form, step: str, sharing: Sharing) -> None:
    """Check what a step asks for; faults stand in the form. `sharing.answers` are then those of the form too."""
    if step == "need":
        form.text("need", ANSWER, missing=_("Write why the table needs this."))
    elif step == "informed":
        form.choice("person_informed", INFORMED, missing=_("Choose whether the person knows."))
    elif step == "proportion":
        form.text("proportionality", ANSWER, missing=_("Write why it helps more than it costs."))
    sharing.take(form, step)
    if step == "less":
        _read_segments(form, sharing)


def _read_segments(form: Form, sharing: Sharing) -> None:
    if not sharing.kept:
        form.fail("segment-1", _("You have ticked nothing. That is fine too: then choose to share nothing."))
    missing = _("You keep every sentence. Write why nothing can be left out.") if sharing.keeps_all else ""
    form.text("whole", ANSWER, missing=missing)
    # In words at once: when an attempt to share was cut off, the text is shortened already and counts differently.
    sharing.answers = {**sharing.answers, "less_is_enough": [sharing.in_words]}
