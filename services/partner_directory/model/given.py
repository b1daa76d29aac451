"""Who gives which mandates, how a mandate came about, and how long the host's people stay out of cells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from services.kit.policy import EVERYBODY, Role

FOUNDING = frozenset({Role.MAYOR, Role.COORDINATOR})
"""What the host gives itself, once each, in a cell that has no mayor yet."""
PROPOSED_BY_HOST = EVERYBODY - {Role.PARTICIPANT, Role.MINUTE_TAKER}
"""What the host may put before a cell that has one."""
GIVEN_BY_MAYOR = EVERYBODY - {Role.OVERSIGHT}
"""Whoever watches a cell is never chosen by it alone: the host proposes, the cell says yes."""
GIVEN_BY_COORDINATOR = GIVEN_BY_MAYOR - {Role.MAYOR, Role.MAYOR_DELEGATE}
GIVES: Mapping[Role, frozenset[Role]] = {Role.MAYOR: GIVEN_BY_MAYOR, Role.COORDINATOR: GIVEN_BY_COORDINATOR}
"""What each may give of itself, for the own towns."""

WAIT = timedelta(hours=72)
"""From the moment a mandate by the host is announced until it opens content: time to say that it is wrong."""
APART = timedelta(days=90)
"""So long after a mandate for the host somebody stays out of every cell (invariant 24)."""


class GivenBy(StrEnum):
    """How a mandate came about."""

    FOUNDING = "FOUNDING"
    RECOVERY = "RECOVERY"
    CELL = "CELL"
    PROPOSAL = "PROPOSAL"
    APPOINTMENT = "APPOINTMENT"
    EARLIER = "EARLIER"


WITHOUT_CELL = frozenset({GivenBy.FOUNDING, GivenBy.RECOVERY})
"""Given when nobody of the cell could say yes: announced, and content waits."""
