"""What can be the case with sessions, seats and decisions."""

from services.kit.errors import Conflict, Denied, Invalid, NotFound
from services.kit.fields import ListTooLong as ListTooLong


class SessionNotFound(NotFound):
    """There is no such session for the caller."""


class CaseNotFound(NotFound):
    """There is no such case for the caller."""


class AgendaItemNotFound(NotFound):
    """There is no such agenda item for the caller."""


class NotOfYourTown(Denied):
    """The caller does not hold this seat for the town concerned."""


class SessionInThePast(Invalid):
    """The session would be over already."""


class WindowReversed(Invalid):
    """The time window does not end after it starts."""


class WindowOutsideSession(Invalid):
    """The time window of an agenda item is not inside that of its session."""


class WindowsOverlap(Invalid):
    """The time windows of two agenda items overlap."""


class CaseTwice(Invalid):
    """The case stands on this agenda twice."""


class CaseNotOnList(Invalid):
    """The case is not on a list that the caller coordinates."""


class SecrecyNotDeclared(Invalid):
    """The secrecy of the session was not declared."""


class PersonWithoutMandate(Invalid):
    """Somebody named holds no valid mandate at this table, or did not accept its undertaking."""


class SeatMissing(Conflict):
    """A mandatory seat is not taken."""


class ClearanceExpired(Conflict):
    """The security clearance of the police delegate has expired."""


class SessionStateForbids(Conflict):
    """The state of the session does not allow this now."""


class OpenedByAnother(Denied):
    """Somebody else opened the session."""


class DecisionsTaken(Conflict):
    """Something was decided in this session already."""


class ItemDecided(Conflict):
    """This agenda item was decided before."""


class CaseNotForDecision(Conflict):
    """The state of the case does not allow a decision in session now."""


class FollowUpIncomplete(Invalid):
    """A follow-up was decided without action, case lead or review date."""


class NoActionHasPlan(Invalid):
    """A decision of no action came with an action, case lead or review date."""


class PersonOutsideCircle(Invalid):
    """Somebody named is not in the circle of the case."""


class DateNotInFuture(Invalid):
    """The date is not in the future."""


class DissentOfAbsent(Invalid):
    """The dissent is of somebody who is not present in this session."""


class DissentTwice(Invalid):
    """The same person dissents twice."""
