"""What is prepared for the chair: one sealed text per item, read by those who prepare and by who decides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.kit.execute import Work
from services.kit.vault import AssociatedData
from services.meeting.model import AgreedAction, Outcome, PreparedDecision, StatedDissent


@dataclass(frozen=True, slots=True)
class PreparedView:
    """A decision as it is prepared; it may lack what a decision needs."""

    outcome: str
    reasons: str
    dissents: tuple[StatedDissent, ...]
    actions: tuple[AgreedAction, ...]
    case_lead_id: UUID | None
    review_on: date | None
    prepared_by: UUID
    prepared_at: datetime
    version: int


def place_of_prepared(case_id: UUID, agenda_item_id: UUID) -> AssociatedData:
    """Where the text stands."""
    return AssociatedData(case_id, "prepared_decision", "text", agenda_item_id)


def written(
    outcome: Outcome,
    reasons: str,
    dissents: tuple[StatedDissent, ...],
    actions: tuple[AgreedAction, ...],
    case_lead_id: UUID | None,
    review_on: date | None,
) -> str:
    """All of it as the text that is sealed."""
    said = {
        "outcome": outcome,
        "reasons": reasons,
        "dissents": [{"person_id": str(dissent.person_id), "text": dissent.text} for dissent in dissents],
        "actions": [
            {
                "life_domain": action.life_domain, "owner_id": str(action.owner_id), "what": action.what,
                "due_on": action.due_on.isoformat(),
            }
            for action in actions
        ],
        "case_lead_id": str(case_lead_id) if case_lead_id else None,
        "review_on": review_on.isoformat() if review_on else None,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False)


async def open_prepared(work: Work, prepared: PreparedDecision) -> PreparedView:
    """The text, opened."""
    said: dict[str, Any] = json.loads(
        await work.open(prepared.text, place_of_prepared(prepared.case_id, prepared.agenda_item_id))
    )
    return PreparedView(
        said["outcome"], said["reasons"],
        tuple(StatedDissent(UUID(dissent["person_id"]), dissent["text"]) for dissent in said["dissents"]),
        tuple(
            AgreedAction(
                action["life_domain"], UUID(action["owner_id"]), date.fromisoformat(action["due_on"]), action["what"]
            )
            for action in said["actions"]
        ),
        UUID(said["case_lead_id"]) if said["case_lead_id"] else None,
        date.fromisoformat(said["review_on"]) if said["review_on"] else None,
        prepared.prepared_by, prepared.prepared_at, prepared.version,
    )  # fmt: skip
