"""Until when somebody of the police is cleared."""

from __future__ import annotations

from datetime import date, datetime

from services.kit.clock import day_ends_at
from services.kit.policy import SEATS, Role
from services.partner_directory.errors import ClearanceMissing, ClearanceNotAsked
from services.partner_directory.model.mandate import Window


def clearance_end(role: Role, until: date | None, window: Window) -> datetime | None:
    """When the clearance ends. Raises ClearanceMissing or ClearanceNotAsked (invariant 3)."""
    if role not in SEATS["police"]:
        if until is not None:
            raise ClearanceNotAsked(field="clearance_until", expected="empty")
        return None
    if until is None and role is Role.POLICE_CHIEF:
        return None
    if until is None or until < window.first:
        raise ClearanceMissing(field="clearance_until", expected=f"a day from {window.first} on")
    return day_ends_at(until)
