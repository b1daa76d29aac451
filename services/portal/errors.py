"""What can be the case at the front door."""

from services.kit.errors import Conflict, Denied, Invalid, Unauthenticated


class FieldUnknown(Invalid):
    """A field or parameter is not part of this operation."""


class BodyMalformed(Invalid):
    """The body is not JSON in UTF-8."""


class FormMalformed(Invalid):
    """The body is not a form of our own pages."""


class DraftTooLarge(Invalid):
    """What was typed is too much to be kept as a draft."""


class IdempotencyKeyMissing(Invalid):
    """Every command needs the header Idempotency-Key."""


class IfMatchMissing(Invalid):
    """A change needs the header If-Match with the version last read."""


class EtagWeak(Conflict):
    """If-Match compares exactly, so a weak ETag never matches; a proxy on the way to the caller made it weak."""


class MethodNotAllowed(Invalid):
    """This address does not know the method."""


class CsrfTokenMissing(Denied):
    """A command by session cookie needs the header X-CSRF-Token with the token of this session."""


class SignInEnded(Unauthenticated):
    """There is no such session any more."""
