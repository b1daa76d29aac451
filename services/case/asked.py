"""What a case asks of its reader now, and how late its review is: plain answers, so that no page knows the states.

The kinds are those of `list_waiting`, which finds them over all cases of a cell in one statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.case.model import CaseState
from services.case.model.standing import REVIEW_GRACE
from services.kit.execute import Work
from services.kit.policy import SEATS

REVIEW_COMES = timedelta(days=14)
"""So long before its date a review waits for coordinator and mayor."""
FOLLOWED = frozenset({CaseState.FOLLOW_UP, CaseState.AFTERCARE})
"""States in which a review comes."""


class Review(StrEnum):
    """How late the review of a case is (invariant 11)."""

    IN_TIME = ""
    LATE = "late"
    BLOCKS = "blocks"


def review_of(review_on: date | None, today: date) -> Review:
    """Late from the day after, and more than fourteen days later nothing new is shared."""
    if review_on is None or today <= review_on:
        return Review.IN_TIME
    return Review.BLOCKS if today > review_on + REVIEW_GRACE else Review.LATE


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody or a seat in a circle, as far as it counts here."""

    person_id: UUID | None
    seat: str | None
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case when its reader asks: state as shown, dates, the own contributions, what may be done."""

    nis_code: str
    state: CaseState
    review_on: date | None
    decided_at: datetime | None
    declined: bool
    may: Collection[str]
    own_drafts: bool
    own_written_at: tuple[datetime, ...]
    """When each own contribution was shared, or else written."""


def asks_of(work: Work, known: Known, circle: Iterable[Place], today: date, insider: Collection[str]) -> list[str]:
    """The kinds of what waits for the reader here; `insider` are the towns the reader coordinates or chairs."""
    review_comes = known.review_on is not None and known.review_on - today <= REVIEW_COMES
    asked = {
        "case_proposed": "place_on_list" in known.may or "refuse_case" in known.may,
        "case_listed": known.state is CaseState.LISTED and "invite_to_circle" in known.may,
        "contribution_wanted": _wanted(work, known, circle),
        "contribution_private": known.own_drafts and "write_contribution" in known.may,
        "review_due": known.state in FOLLOWED and review_comes and known.nis_code in insider,
    }
    return [kind for kind, is_asked in asked.items() if is_asked]


def _wanted(work: Work, known: Known, circle: Iterable[Place]) -> bool:
    """Coordinator and mayor prepare the session; asked are those invited, and the two other seats."""
    if "write_contribution" not in known.may or known.declined or known.own_drafts:
        return False
    if any(known.decided_at is None or at > known.decided_at for at in known.own_written_at):
        return False
    return any(_speaks(work, place, known.nis_code) for place in circle)


def _speaks(work: Work, place: Place, nis_code: str) -> bool:
    if place.seat in ("police", "prevention"):
        return any(
            mandate.role in SEATS[place.seat] and nis_code in mandate.nis_codes for mandate in work.facts.mandates
        )
    return place.person_id == work.actor_id and place.starts_at <= work.now
