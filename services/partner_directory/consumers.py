"""What the partner directory hears: that sign-ins ended, from the portal."""

from __future__ import annotations

from rondetafel.kit.v1 import kit_pb2
from rondetafel.portal.v1 import portal_pb2
from services.kit.consume import Subscription
from services.partner_directory.commands.end_sign_in import EndSignIn, end_sign_in


def session_ended(envelope: kit_pb2.Envelope) -> EndSignIn:
    """Event `session.ended` to its command. Raises ValueError when it names none."""
    session_id = portal_pb2.SessionEnded.FromString(envelope.payload).session_id
    if not session_id:
        raise ValueError("a session without an id")
    return EndSignIn(session_id)


SUBSCRIPTIONS = {"session.ended": Subscription(end_sign_in, session_ended)}
