"""How late the review of a case is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from services.case.model.standing import REVIEW_GRACE


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
