"""What the people of the story write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def day(ahead: int) -> str:
    """The date so many days ahead, as it is in Brussels: between its midnight and that of UTC they differ."""
    return (datetime.now(BRUSSELS).date() + timedelta(days=ahead)).isoformat()


def moment(at: datetime) -> str:
    """A moment as the API takes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes the bodies of commands; every text a person types passes through `mark`."""

    mark: Callable[[str], str] = str

    def signal(self, nis_code: str) -> dict[str, Any]:
        """A concern about an invented person."""
        return {
            "nis_code": nis_code,
            "person": {
                "given_name": self.mark("Robin"),
                "family_name": self.mark("Voorbeeld"),
                "birth_date": f"{datetime.now(UTC).year - 15}-02-03",
                "address": self.mark("Kaaistraat 1"),
            },
            "observed": self.mark("Trekt zich terug uit de jeugdwerking en praat over geweld als enige uitweg."),
            "tried": self.mark("Drie gesprekken; contact met de familie."),
            "reason": self.mark("Wij zien maar een stuk van de puzzel."),
            "urgent": False,
            "minor": True,
            "language": "nl",
        }

    def said(self, text: str, answers: str = "") -> dict[str, str]:
        """Something asked, answered or added about a signal."""
        return {"text": self.mark(text), "language": "nl"} | ({"answers": answers} if answers else {})

    def proposal(self, signal_id: str) -> dict[str, Any]:
        """The case argued against the one purpose."""
        criterion = {
            "code": "isolation",
            "evidence_kind": "observation",
            "evidence_date": day(-7),
            "argument": self.mark("Verbreekt contacten en zoekt gewelddadig materiaal op."),
        }
        best_interest = self.mark("Snelle steun houdt de jongere op school.")
        return {
            "signal_id": signal_id,
            "criteria": [criterion],
            "phenomenon": "unclear",
            "unchecked": "asked_in_person",
            "best_interest": best_interest,
        }

    def listing(self) -> dict[str, Any]:
        """Why the mayor lists the case."""
        return {"reasons": self.mark("Het criterium is aangetoond; de partners vragen samen overleg.")}

    def invitation(self, person_id: str, domain: str) -> dict[str, Any]:
        """To the circle of one case, until a date."""
        return {
            "person_id": person_id,
            "parts": ["identity", "proposal", "content"],
            "from": day(0),
            "to": day(180),
            "why": self.mark("Kent de situatie van nabij."),
            "life_domains": [domain],
        }

    def draft(self, domain: str, text: str) -> dict[str, Any]:
        """A contribution."""
        return {"text": self.mark(text), "life_domain": domain, "language": "nl"}

    def assessment(self) -> dict[str, Any]:
        """The four questions answered, with the legal basis of Flemish partners."""
        return {
            "need": self.mark("De anderen moeten dit weten om te kunnen helpen."),
            "less_is_enough": self.mark("Namen van vrienden blijven weg."),
            "proportionality": self.mark("Enkel wat nodig is voor de steun."),
            "person_informed": "informed",
            "legal_basis": "decree-vl-2021-05-21",
        }

    def plan(self, case_id: str) -> dict[str, Any]:
        """A session of an hour from now on, for one case."""
        now = datetime.now(UTC)
        window = {"starts_at": moment(now), "ends_at": moment(now + timedelta(hours=1))}
        return {**window, "place": "town_hall", "items": [{"case_id": case_id, **window}]}

    def follow_up(self, agenda_item_id: str, lead: str, dissenter: str) -> dict[str, Any]:
        """A decision with its first action, case lead, review date, and a dissent."""
        dissent = {"person_id": dissenter, "text": self.mark("Ik zou eerst de leerkracht laten praten.")}
        return {
            "agenda_item_id": agenda_item_id,
            "outcome": "follow_up",
            "reasons": self.mark("Samen zien wij genoeg aanknopingspunten voor steun."),
            "dissents": [dissent],
            "actions": [
                {"life_domain": "family", "owner_id": lead, "due_on": day(30), "what": self.mark("Belt de zus.")}
            ],
            "case_lead_id": lead,
            "review_on": day(90),
        }
