"""What the portal tells others."""

from __future__ import annotations

from datetime import datetime

from rondetafel.portal.v1 import portal_pb2 as pb
from services.kit.fields import stamp_of
from services.kit.outbox import Event


def session_ended(sign_in: str, revoked_before: datetime) -> Event:
    """Tokens of this sign-in issued before that moment no longer count."""
    return Event("session.ended", pb.SessionEnded(session_id=sign_in, revoked_before=stamp_of(revoked_before)))
