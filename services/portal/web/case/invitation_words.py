"""An invitation as it is about to be sent, in words, and what is odd in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.ui.answers import Answer, Doubt
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.table import TableView

TO_CONTRIBUTE = "content"
"""The part without which nobody contributes."""


class InvitationWords:
    """Says what is sent."""

    def __init__(
        self, asked: pb.InviteToCircleRequest, who: Somebody, table: TableView, language: Language, today: date
    ) -> None:
        self._asked = asked
        self._who = who
        self._role = table.role_of(who)
        self._language = language
        self._labels = Labels(language)
        self._today = today

    def said(self) -> list[Answer]:
        """Everything, in the order of the form."""
        asked, who, say = self._asked, self._who, self._language.text
        named = ", ".join(filter(None, (who.name_within, who.organisation, self._role)))
        domains = self._listed("life_domain", asked.life_domains) or say(_("nothing in particular"))
        return [
            Answer(say(_("Whom do you invite?")), named, "person_id"),
            Answer(say(_("What can this person speak of?")), domains, "life_domains"),
            Answer(say(_("Why is this person needed?")), asked.why, "why"),
            Answer(say(_("From which day?")), self._day(getattr(asked, "from")), "from"),
            Answer(say(_("Until which day, included?")), self._day(asked.to), "to"),
            Answer(say(_("What may this person read?")), self._listed("part", asked.parts), "parts"),
        ]

    def doubts(self) -> list[Doubt]:
        """Somebody at the table who cannot contribute."""
        if TO_CONTRIBUTE in self._asked.parts:
            return []
        sentence = _("Without contributions, decisions and the plan this person cannot contribute. Is that right?")
        return [Doubt(self._language.text(sentence), "parts")]

    def _listed(self, kind: str, codes: Iterable[str]) -> str:
        words = "; ".join(self._labels.of(kind, code) for code in codes)
        return words[:1].upper() + words[1:]

    def _day(self, iso: str) -> str:
        return self._language.day(date.fromisoformat(iso), today=self._today)
