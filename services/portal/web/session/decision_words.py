"""A decision as it is about to be recorded, in words, and what is odd in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.web.ui.answers import Answer, Doubt
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _


class DecisionWords:
    """Says what is sent: `circle` and `present` are what people are called, by id; `rows` where the actions and the
    dissents stand in the form; `left_out` that a plan was typed which does not go with what is decided.
    """

    def __init__(
        self,
        asked: pb.RecordDecisionRequest,
        circle: Mapping[str, str],
        present: Mapping[str, str],
        rows: tuple[Sequence[int], Sequence[int]],
        language: Language,
        today: date,
        *,
        left_out: bool,
    ) -> None:
        self._asked = asked
        self._circle = circle
        self._present = present
        self._actions, self._dissents = rows
        self._language = language
        self._labels = Labels(language)
        self._today = today
        self._left_out = left_out

    def said(self) -> list[Answer]:
        """Everything, in the order of the form."""
        return [*self._outcome(), *self._plan(), *self._otherwise()]

    def _outcome(self) -> Iterator[Answer]:
        asked = self._asked
        yield Answer(self._say(_("What is decided?")), self._labels.of("outcome", asked.outcome), "outcome")
        yield Answer(self._say(_("Why?")), asked.reasons, "reasons")

    def _plan(self) -> Iterator[Answer]:
        asked = self._asked
        for number, action in zip(self._actions, asked.actions, strict=False):
            said = self._say(
                _("%(what)s (%(domain)s): %(name)s, by %(day)s"), what=action.what,
                domain=self._labels.of("life_domain", action.life_domain), name=self._circle[action.owner_id],
                day=self._day(action.due_on),
            )  # fmt: skip
            yield Answer(self._say(_("What is agreed")), said, f"actions[{number}].what")
        if asked.case_lead_id:
            yield Answer(self._say(_("Who leads the case?")), self._circle[asked.case_lead_id], "case_lead_id")
        if asked.review_on:
            yield Answer(self._say(_("When does the table look again?")), self._day(asked.review_on), "review_on")

    def _otherwise(self) -> Iterator[Answer]:
        for number, dissent in zip(self._dissents, self._asked.dissents, strict=False):
            said = f"{self._present[dissent.person_id]}: {dissent.text}"
            yield Answer(self._say(_("Somebody thinks otherwise")), said, f"dissents[{number}].person_id")

    def doubts(self) -> list[Doubt]:
        """A review before something it looks at is due; a plan that is not sent."""
        found = []
        last = max((action.due_on for action in self._asked.actions), default="")
        if self._asked.review_on and self._asked.review_on < last:
            sentence = _("The table looks again on %(review)s, and something is due only on %(last)s. Is that right?")
            review = self._day(self._asked.review_on)
            found.append(Doubt(self._say(sentence, review=review, last=self._day(last)), "review_on"))
        if self._left_out:
            sentence = _("You wrote what is agreed, and decide not to follow up: that part is left out. Is that right?")
            found.append(Doubt(self._say(sentence), "outcome"))
        return found

    def _day(self, iso: str) -> str:
        return self._language.day(date.fromisoformat(iso), today=self._today)

    def _say(self, sentence: str, **values: str) -> str:
        return self._language.text(sentence, **values)
