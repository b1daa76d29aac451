"""Frames as one caller sees them: a hold shows to coordinator and mayor alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, all_, and_, bindparam, case

from services.case.age import Age, age_of
from services.case.model import OVER, Case, CaseState, Stage, stage_of
from services.case.person import PersonConcerned
from services.kit.execute import Work
from services.kit.policy import SEATS, Role

INSIDERS = SEATS["mayor"] | {Role.COORDINATOR}
"""Those who know of a hold. To all others the case stands where it stood (docs/domain.md, Who reads which part)."""

_KNOWN_TOWNS = bindparam("insider_towns", type_=ARRAY(Text))
shown_state = case(
    (and_(Case.state == CaseState.ON_HOLD, Case.nis_code != all_(_KNOWN_TOWNS)), Case.paused_from), else_=Case.state
)
"""The state as the caller may know it; bind `insider_towns`."""

_presses = and_(Case.urgent, Case.decided_at.is_(None), Case.state.not_in(sorted(OVER)))

FRAME = (
    Case.case_id, Case.code, Case.nis_code, shown_state.label("state"), Case.minor, Case.phenomenon, Case.proposed_at,
    Case.listed_at, Case.review_on, Case.version, _presses.label("urgent"),
)  # fmt: skip
"""The columns of a Frame, in its order."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """The person concerned as a case is called at a table: first name, or else the family name, and age."""

    name: str
    age: Age | None
    estimated: bool

    @classmethod
    def of(cls, person: PersonConcerned, today: date) -> Concerned:
        """No more of what the identity holds."""
        estimated = person.estimated_age is not None
        return cls(person.given_name or person.family_name, age_of(person, today), estimated)


@dataclass(frozen=True, slots=True)
class Frame:
    """Code, town, state, dates, phenomenon, minor or not; no person, no free text."""

    case_id: UUID
    code: str
    nis_code: str
    state: str
    minor: bool
    phenomenon: str
    proposed_at: datetime
    listed_at: datetime | None
    review_on: date | None
    version: int
    urgent: bool
    """It came by an urgent signal, and no session has decided on it yet."""
    to_plan: bool
    """Whether the caller coordinates its town and it stands to have a session planned."""
    concerned: Concerned | None = None
    next_session_at: datetime | None = None
    """Both in a list that asked for them."""

    @property
    def stage(self) -> Stage:
        """Who is at work on it."""
        return stage_of(CaseState(self.state))


def frame_of(row: Sequence[Any], to_plan: bool) -> Frame:
    """The frame at the beginning of a row."""
    return Frame(*(*row[: len(FRAME)], to_plan))


def insider_towns(work: Work) -> list[str]:
    """The towns of which the caller knows the holds."""
    return towns_of(work, INSIDERS)


def towns_of(work: Work, roles: Collection[Role]) -> list[str]:
    """The towns for which the caller has one of these roles, each once."""
    mine = [mandate for mandate in work.facts.mandates if mandate.role in roles]
    return sorted({town for mandate in mine for town in mandate.nis_codes})


def places(work: Work) -> list[str]:
    """Where the caller sits in circles: in person, and on the seats that see no frames by role (`circle_entry.holder`).

    Where to look, never what may be seen: that the walls say.
    """
    seats = [f"{seat}:{town}" for seat in ("police", "prevention") for town in towns_of(work, SEATS[seat])]
    return [str(work.actor_id), *seats]
