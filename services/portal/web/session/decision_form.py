"""The form in which the chair writes down what the table decides: read block by block, faults said at their fields."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import LIFE_DOMAINS, OUTCOMES
from services.portal.web.ui.language import message as _

ACTIONS = (1, 2, 3)
DISSENTS = (1, 2)
REASONS, DISSENT = 8_000, 2_000

WHOLE = ("expected_version", "state", "session_id", "agenda_item_id", "dissents", "Idempotency-Key")
"""What no field of ours can mend is told for the whole form."""


class DecisionForm:
    """The same form with its blocks; `circle` and `present` are the ids of those who may be named in them."""

    def __init__(self, form: Form, circle: Collection[str], present: Collection[str]) -> None:
        self._form = form
        self._circle = circle
        self._present = present

    @property
    def actions(self) -> list[int]:
        """The rows of the plan somebody wrote in."""
        return [number for number in ACTIONS if self._begun(f"action-{number}", ("domain", "owner"), "due")]

    @property
    def dissents(self) -> list[int]:
        """The blocks in which somebody disagrees."""
        return [number for number in DISSENTS if self._begun(f"dissent-{number}", ("person", "text"))]

    def _begun(self, block: str, fields: Collection[str], day: str = "") -> bool:
        names = [f"{block}-{field}" for field in fields]
        if day:
            names += [f"{block}-{day}{part}" for part in ("", "-day", "-month", "-year")]
        return any(self._form.value(name).strip() for name in names)

    def request(self, session_id: str, item_id: str, version: int) -> pb.RecordDecisionRequest:
        """What is asked of the service; faults are left in the form. Without follow-up the plan is left out."""
        form = self._form
        asked = pb.RecordDecisionRequest(session_id=session_id, agenda_item_id=item_id, expected_version=version)
        asked.outcome = form.choice("outcome", OUTCOMES, missing=_("Choose what the table decides."))
        asked.reasons = form.text("reasons", longest=REASONS, missing=_("Write why, in a few sentences."))
        asked.dissents.extend(self._dissent(number) for number in self.dissents)
        if asked.outcome == "follow_up":
            asked.actions.extend(self._action(number) for number in self.actions or ACTIONS[:1])
            asked.case_lead_id = form.choice("lead", self._circle, missing=_("Choose who leads the case."))
            asked.review_on = self._day("review", _("Write when the table looks again."))
        return asked

    def _dissent(self, number: int) -> pb.Dissent:
        form = self._form
        return pb.Dissent(
            person_id=form.choice(f"dissent-{number}-person", self._present, missing=_("Choose who disagrees.")),
            text=form.text(f"dissent-{number}-text", longest=DISSENT, missing=_("Write what this person thinks.")),
        )

    def _action(self, number: int) -> pb.PlannedAction:
        form = self._form
        return pb.PlannedAction(
            life_domain=form.choice(f"action-{number}-domain", LIFE_DOMAINS, missing=_("Choose what it is about.")),
            owner_id=form.choice(f"action-{number}-owner", self._circle, missing=_("Choose who does it.")),
            due_on=self._day(f"action-{number}-due", _("Write by when.")),
        )

    def _day(self, name: str, missing: str) -> str:
        found: date | None = self._form.day(name, missing=missing)
        return found.isoformat() if found else ""

    def names(self) -> dict[str, str]:
        """What fields of the message are called in the form."""
        names = {"case_lead_id": "lead", "review_on": "review", "actions": "action-1-domain"}
        names |= dict.fromkeys(WHOLE, "form")
        for place, number in enumerate(self.actions):
            for theirs, ours in (("life_domain", "domain"), ("owner_id", "owner"), ("due_on", "due")):
                names[f"actions[{place}].{theirs}"] = f"action-{number}-{ours}"
        for place, number in enumerate(self.dissents):
            for theirs, ours in (("person_id", "person"), ("text", "text")):
                names[f"dissents[{place}].{theirs}"] = f"dissent-{number}-{ours}"
        return names
