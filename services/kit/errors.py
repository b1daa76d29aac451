"""The one family of errors: six kinds, mapped once per door.

A concrete error subclasses a kind; its class name is the stable code that clients see. What is not one of these
is internal: logged with its trace id, text hidden.
"""

from __future__ import annotations


class RondetafelError(Exception):
    """Base of all typed errors.

    `field` names the offending input field, `expected` says what would be right, `retry_after` is in seconds.
    None of them may hold anything a person typed: they travel to logs and traces.
    """

    def __init__(
        self,
        message: str = "",
        *,
        field: str | None = None,
        expected: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message or type(self).__doc__ or type(self).__name__)
        self.field = field
        self.expected = expected
        self.retry_after = retry_after

    @property
    def code(self) -> str:
        """The stable code: the class name."""
        return type(self).__name__


class Invalid(RondetafelError):
    """A field is malformed or breaks a rule."""


class Unauthenticated(RondetafelError):
    """No valid sign-in came with the request."""


class Denied(RondetafelError):
    """The caller is rightly here, but something of the caller's own is missing."""


class NotFound(RondetafelError):
    """There is nothing of that name for the caller."""


class Conflict(RondetafelError):
    """The state of the thing does not allow this now."""


class Unavailable(RondetafelError):
    """A part the answer needs is away; try again later."""

    def __init__(self, message: str = "", *, retry_after: int = 2) -> None:
        super().__init__(message, retry_after=retry_after)


class TooManyRequests(Unavailable):
    """More comes from there than one may ask for; try again after a while."""


class CellNotFound(NotFound):
    """There is no such cell for the caller."""


class RoleMissing(Denied):
    """The caller's role in this cell does not include this."""


class SecondFactorMissing(Denied):
    """This needs a sign-in with a second factor."""


class UndertakingMissing(Denied):
    """The undertaking of secrecy of this cell is not accepted yet."""


class VersionChanged(Conflict):
    """The thing was changed since it was read; read it again."""


class IdempotencyKeyReused(Conflict):
    """This idempotency key was used before, for another request."""


class AlreadyHandled(Conflict):
    """This message was handled before."""
