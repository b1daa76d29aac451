"""What can be the case with signals and cases."""

from services.kit.errors import Conflict, Invalid, NotFound


class SignalNotFound(NotFound):
    """There is no such signal for the caller."""


class CaseNotFound(NotFound):
    """There is no such case for the caller."""


class MunicipalityNotInCell(Invalid):
    """The municipality is not one of this cell for the caller."""


class SignalClosed(Conflict):
    """The signal already led to a case or was not retained."""
