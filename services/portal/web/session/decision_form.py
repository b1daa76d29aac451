"""The form in which it is written down what the table decides: read block by block, faults said at their fields."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import LIFE_DOMAINS, OUTCOMES
from services.portal.web.ui.language import message as _

ACTIONS, DISSENTS = 3, 2
"""Blocks that a form has at least."""
MOST = 50
"""As many as a decision may have."""
ASKED = pb.RecordDecisionRequest


class DecisionForm:
    """The same form with its blocks; `circle` and `present` are the ids of those who may be named in them."""

    def __init__(self, form: Form, circle: Collection[str], present: Collection[str]) -> None:
        self._form = form
        self._circle = circle
        self._present = present

    @property
    def action_blocks(self) -> Sequence[int]:
        """The rows of the plan: three, or as many as there is something in."""
        return range(max(ACTIONS, self._blocks("actions")))

    @property
    def dissent_blocks(self) -> Sequence[int]:
        """The blocks for who disagrees."""
        return range(max(DISSENTS, self._blocks("dissents")))

    def _blocks(self, name: str) -> int:
        found = (re.match(rf"{name}\[(\d\d?)\]\.", field) for field in self._form.fields)
        return min(MOST, max((int(match[1]) + 1 for match in found if match), default=0))

    @property
    def actions(self) -> list[int]:
        """The rows of the plan somebody wrote in."""
        return [
            number
            for number in self.action_blocks
            if self._begun(f"actions[{number}]", ("what", "life_domain", "owner_id"), "due_on")
        ]

    @property
    def dissents(self) -> list[int]:
        """The blocks in which somebody disagrees."""
        return [number for number in self.dissent_blocks if self._begun(f"dissents[{number}]", ("person_id", "text"))]

    def _begun(self, block: str, fields: Collection[str], day: str = "") -> bool:
        names = [f"{block}.{field}" for field in fields]
        if day:
            names += [f"{block}.{day}{part}" for part in ("", "-day", "-month", "-year")]
        return any(self._form.value(name).strip() for name in names)

    def request(self, session_id: str, item_id: str, version: int) -> pb.RecordDecisionRequest:
        """What is asked of the service; faults are left in the form. Without follow-up the plan is left out."""
        asked = ASKED(session_id=session_id, agenda_item_id=item_id, expected_version=version)
        self._said(asked)
        if asked.outcome == "follow_up":
            rows = self.actions or [0]
            self._form.rows("actions", rows)
            asked.actions.extend(self._action(number) for number in rows)
            lead, review = _("Choose who leads the case."), _("Write when the table looks again.")
            asked.case_lead_id = self._form.choice("case_lead_id", self._circle, missing=lead)
            asked.review_on = self._form.iso_day("review_on", missing=review)
        return asked

    def prepared(self, session_id: str, item_id: str, version: int) -> pb.PrepareDecisionRequest:
        """The same as it is prepared: who decides completes the plan."""
        asked = pb.PrepareDecisionRequest(session_id=session_id, agenda_item_id=item_id, expected_version=version)
        self._said(asked)
        if asked.outcome == "follow_up":
            self._form.rows("actions", self.actions)
            asked.actions.extend(self._action(number) for number in self.actions)
            asked.case_lead_id = self._form.choice("case_lead_id", self._circle)
            asked.review_on = self._form.iso_day("review_on")
        return asked

    def _said(self, asked: pb.RecordDecisionRequest | pb.PrepareDecisionRequest) -> None:
        form = self._form
        asked.outcome = form.choice("outcome", OUTCOMES, missing=_("Choose what the table decides."))
        asked.reasons = form.text("reasons", ASKED, missing=_("Write why, in a few sentences."))
        form.rows("dissents", self.dissents)
        asked.dissents.extend(self._dissent(number) for number in self.dissents)

    def _dissent(self, number: int) -> pb.Dissent:
        form, here = self._form, f"dissents[{number}]"
        return pb.Dissent(
            person_id=form.choice(f"{here}.person_id", self._present, missing=_("Choose who disagrees.")),
            text=form.text(f"{here}.text", ASKED, missing=_("Write what this person thinks.")),
        )

    def _action(self, number: int) -> pb.PlannedAction:
        form, here = self._form, f"actions[{number}]"
        return pb.PlannedAction(
            what=form.text(f"{here}.what", ASKED, missing=_("Write what will be done, in one sentence.")),
            life_domain=form.choice(f"{here}.life_domain", LIFE_DOMAINS, missing=_("Choose what it is about.")),
            owner_id=form.choice(f"{here}.owner_id", self._circle, missing=_("Choose who does it.")),
            due_on=self._form.iso_day(f"{here}.due_on", missing=_("Write by when.")),
        )


def fields_of(prepared: pb.PreparedDecision) -> dict[str, list[str]]:
    """What is prepared as the fields of the form."""
    said = {"outcome": prepared.outcome, "reasons": prepared.reasons, "case_lead_id": prepared.case_lead_id}
    said |= _day("review_on", prepared.review_on)
    for number, dissent in enumerate(prepared.dissents):
        said |= {f"dissents[{number}].person_id": dissent.person_id, f"dissents[{number}].text": dissent.text}
    for number, action in enumerate(prepared.actions):
        here = f"actions[{number}]"
        said |= {f"{here}.what": action.what, f"{here}.life_domain": action.life_domain}
        said |= {f"{here}.owner_id": action.owner_id, **_day(f"{here}.due_on", action.due_on)}
    return {name: [value] for name, value in said.items() if value}


def _day(name: str, iso: str) -> dict[str, str]:
    year, _month, _rest = iso.partition("-")
    month, _between, day = _rest.partition("-")
    parts = {"day": day, "month": month, "year": year}
    return {f"{name}-{part}": value.lstrip("0") for part, value in parts.items() if iso}
