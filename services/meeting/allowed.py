"""Who may do what with a session and a point of its agenda where it stands.

A command asks before it acts, in this order, and a read answers by the same (`may`). What hangs on what is sent, such
as who is present at the opening, is the command's own. `seen` is the version the caller last read.
"""

from __future__ import annotations

from datetime import datetime

from services.kit.allowed import allowed, expect_version, passes
from services.kit.execute import Work
from services.kit.policy import Role
from services.meeting.errors import (
    AgendaItemNotFound,
    CaseNotForDecision,
    ItemDecided,
    NotOfYourTown,
    OpenedByAnother,
)
from services.meeting.model import CHAIR, TREATABLE, People, Session, require_seats, towns_of

PLANNERS = frozenset({Role.COORDINATOR})
OPENERS = CHAIR | PLANNERS
PREPARERS = PLANNERS | {Role.MINUTE_TAKER}
"""Who writes down what the chair may decide."""


def allow_open_session(work: Work, session: Session, seen: int) -> None:
    """To open it. Raises NotOfYourTown, VersionChanged, SessionStateForbids."""
    if not towns_of(work.facts.mandates, OPENERS) & set(session.nis_codes):
        raise NotOfYourTown(expected="chair or coordinator of a town on the agenda")
    expect_version(session.version, seen)
    session.require_to_open()


def allow_cancel_session(work: Work, session: Session, seen: int) -> None:
    """To take it back before it is opened. Raises NotOfYourTown, VersionChanged, SessionStateForbids."""
    if not set(session.nis_codes) <= towns_of(work.facts.mandates, PLANNERS):
        raise NotOfYourTown(expected="coordinator of every town on the agenda")
    expect_version(session.version, seen)
    session.require_to_open()


def allow_undo_opening(work: Work, session: Session, seen: int) -> None:
    """To take its opening back. Raises NotOfYourTown, OpenedByAnother, VersionChanged and what the state forbids."""
    if not towns_of(work.facts.mandates, OPENERS) & set(session.nis_codes):
        raise NotOfYourTown(expected="chair or coordinator of a town on the agenda")
    if session.opened_by not in (None, work.actor_id):
        raise OpenedByAnother(expected="who opened it")
    expect_version(session.version, seen)
    session.require_opening_to_undo(work.now)


def is_chair(work: Work, town: str) -> bool:
    """Whether the caller holds the chair of this town."""
    return town in towns_of(work.facts.mandates, CHAIR)


def is_preparer(work: Work, town: str) -> bool:
    """Whether the caller prepares decisions on cases of this town."""
    return town in towns_of(work.facts.mandates, PREPARERS)


def require_content(has_content: bool) -> None:
    """Raises AgendaItemNotFound for whoever does not read the content of the case of this point."""
    if not has_content:
        raise AgendaItemNotFound


def allow_chair(work: Work, session: Session, town: str, seen: int) -> None:
    """To decide on a case of this town. Raises NotOfYourTown, VersionChanged, SessionStateForbids."""
    if not is_chair(work, town):
        raise NotOfYourTown(expected="chair of the town of this case")
    expect_version(session.version, seen)
    session.require_open()


def allow_prepare(work: Work, session: Session, town: str, present: int, seen: int) -> None:
    """To prepare a decision on a case of this town; `present` is the version of what is prepared.

    Raises NotOfYourTown, VersionChanged, SessionStateForbids.
    """
    if not is_preparer(work, town):
        raise NotOfYourTown(expected="coordinator or minute taker of the town of this case")
    expect_version(present, seen)
    session.require_open()


def require_undecided(decided: bool, case_state: str | None) -> None:
    """Raises ItemDecided, CaseNotForDecision when the case may not be decided on now."""
    if decided:
        raise ItemDecided
    if case_state not in TREATABLE:
        raise CaseNotForDecision(field="state", expected="a case " + " or ".join(sorted(TREATABLE)))


def session_may(work: Work, session: Session) -> tuple[str, ...]:
    """What the caller may do with a session."""
    return allowed(
        work.may,
        {
            "open_session": lambda: allow_open_session(work, session, session.version),
            "cancel_session": lambda: allow_cancel_session(work, session, session.version),
            "undo_opening": lambda: allow_undo_opening(work, session, session.version),
        },
    )


def to_decide(work: Work, session: Session, town: str, *, content: bool, decided: bool, case_state: str | None) -> bool:
    """Whether only a missing seat could keep the caller from deciding on this point."""

    def guard() -> None:
        require_content(content)
        allow_chair(work, session, town, session.version)
        require_undecided(decided, case_state)

    return work.may("record_decision") and passes(guard)


def to_prepare(
    work: Work, session: Session, town: str, *, content: bool, decided: bool, case_state: str | None
) -> bool:
    """Whether the caller may prepare a decision on this point."""

    def guard() -> None:
        require_content(content)
        allow_prepare(work, session, town, 0, 0)
        require_undecided(decided, case_state)

    return work.may("prepare_decision") and passes(guard)


def seats_taken(present: People, town: str, now: datetime) -> bool:
    """Whether those present take the three seats of this town still (invariant 3)."""
    return passes(lambda: require_seats(present, [town], now))
