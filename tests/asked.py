"""What a case asks of its reader, written down once more in plain words, beside the service's one statement.

`tests/case/test_one_truth.py` compares the two over random histories; invented cases of the portal's tests are filled
in by this one, so that none asks what the service would not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.case.frame import INSIDERS, towns_of
from services.case.model import AWAITS_SESSION, FOLLOWED, CaseState
from services.case.model.standing import REVIEW_COMES
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import SEATS, Role

TALKED_ABOUT = FOLLOWED | {CaseState.DISCUSSED}


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody or a seat in a circle that counts now, and reads the content."""

    person_id: UUID | None
    seat: str | None
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case when its reader asks: state as shown, dates, the reader's own, what may be done."""

    nis_code: str
    state: CaseState
    review_on: date | None
    decided_at: datetime | None
    declined: bool
    may: Collection[str]
    own_drafts: bool
    own_written_at: tuple[datetime, ...]
    """When each own contribution was shared, or else written."""
    own_actions: bool
    session_comes: bool
    informs_soon: bool
    """The table works on it, and there is a week left or less to inform the person concerned."""
    guests: bool
    """Whether somebody is invited by name, now or later."""


def asked_of(work: Work, known: Known, circle: Iterable[Place]) -> set[str]:
    """The kinds of what waits for the reader here."""
    insider = known.nis_code in towns_of(work, INSIDERS)
    comes = known.review_on is not None and known.review_on - local_date(work.now) <= REVIEW_COMES
    coordinates = known.state is CaseState.LISTED and "invite_to_circle" in known.may and not known.session_comes
    asked = {
        "case_proposed": "place_on_list" in known.may or "refuse_case" in known.may,
        "case_listed": coordinates and not known.guests,
        "session_wanted": coordinates and known.guests,
        "contribution_wanted": _wanted(work, known, circle),
        "contribution_private": known.own_drafts and "write_contribution" in known.may,
        "action_due": known.own_actions and known.state in AWAITS_SESSION | TALKED_ABOUT,
        "information_due": known.informs_soon and known.nis_code in towns_of(work, {Role.COORDINATOR}),
        "review_due": known.state in FOLLOWED and comes and insider and not known.session_comes,
    }
    return {kind for kind, is_asked in asked.items() if is_asked}


def _wanted(work: Work, known: Known, circle: Iterable[Place]) -> bool:
    """Before a session those invited and the two other seats; without one whoever was invited since the decision."""
    if "write_contribution" not in known.may or known.declined or known.own_drafts:
        return False
    if any(known.decided_at is None or at > known.decided_at for at in known.own_written_at):
        return False
    mine = [place for place in circle if place.starts_at <= work.now and _is_mine(work, place, known.nis_code)]
    if known.state is CaseState.SCHEDULED or (known.state in TALKED_ABOUT and known.session_comes):
        return bool(mine)
    invited = [place.starts_at for place in mine if place.person_id]
    since = known.decided_at
    return known.state in TALKED_ABOUT | {CaseState.LISTED} and any(since is None or at > since for at in invited)


def _is_mine(work: Work, place: Place, nis_code: str) -> bool:
    if place.seat in ("police", "prevention"):
        return nis_code in towns_of(work, SEATS[place.seat])
    return place.person_id == work.actor_id
