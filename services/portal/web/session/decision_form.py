"""The form in which the chair writes down what the table decides: read block by block, faults said at their fields."""

from __future__ import annotations

from collections.abc import Collection

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import LIFE_DOMAINS, OUTCOMES
from services.portal.web.ui.language import message as _

ACTIONS = (0, 1, 2)
DISSENTS = (0, 1)
ASKED = pb.RecordDecisionRequest


class DecisionForm:
    """The same form with its blocks; `circle` and `present` are the ids of those who may be named in them."""

    def __init__(self, form: Form, circle: Collection[str], present: Collection[str]) -> None:
        self._form = form
        self._circle = circle
        self._present = present

    @property
    def actions(self) -> list[int]:
        """The rows of the plan somebody wrote in."""
        return [
            number for number in ACTIONS if self._begun(f"actions[{number}]", ("life_domain", "owner_id"), "due_on")
        ]

    @property
    def dissents(self) -> list[int]:
        """The blocks in which somebody disagrees."""
        return [number for number in DISSENTS if self._begun(f"dissents[{number}]", ("person_id", "text"))]

    def _begun(self, block: str, fields: Collection[str], day: str = "") -> bool:
        names = [f"{block}.{field}" for field in fields]
        if day:
            names += [f"{block}.{day}{part}" for part in ("", "-day", "-month", "-year")]
        return any(self._form.value(name).strip() for name in names)

    def request(self, session_id: str, item_id: str, version: int) -> pb.RecordDecisionRequest:
        """What is asked of the service; faults are left in the form. Without follow-up the plan is left out."""
        form = self._form
        asked = ASKED(session_id=session_id, agenda_item_id=item_id, expected_version=version)
        asked.outcome = form.choice("outcome", OUTCOMES, missing=_("Choose what the table decides."))
        asked.reasons = form.text("reasons", ASKED, missing=_("Write why, in a few sentences."))
        form.rows("dissents", self.dissents)
        asked.dissents.extend(self._dissent(number) for number in self.dissents)
        if asked.outcome == "follow_up":
            form.rows("actions", self.actions or ACTIONS[:1])
            asked.actions.extend(self._action(number) for number in self.actions or ACTIONS[:1])
            asked.case_lead_id = form.choice("case_lead_id", self._circle, missing=_("Choose who leads the case."))
            asked.review_on = self._form.iso_day("review_on", missing=_("Write when the table looks again."))
        return asked

    def _dissent(self, number: int) -> pb.Dissent:
        form, here = self._form, f"dissents[{number}]"
        return pb.Dissent(
            person_id=form.choice(f"{here}.person_id", self._present, missing=_("Choose who disagrees.")),
            text=form.text(f"{here}.text", ASKED, missing=_("Write what this person thinks.")),
        )

    def _action(self, number: int) -> pb.PlannedAction:
        form, here = self._form, f"actions[{number}]"
        return pb.PlannedAction(
            life_domain=form.choice(f"{here}.life_domain", LIFE_DOMAINS, missing=_("Choose what it is about.")),
            owner_id=form.choice(f"{here}.owner_id", self._circle, missing=_("Choose who does it.")),
            due_on=self._form.iso_day(f"{here}.due_on", missing=_("Write by when.")),
        )
