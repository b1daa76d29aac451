"""What the portal tells others."""

from __future__ import annotations

from rondetafel.portal.v1 import portal_pb2 as pb
from services.kit.outbox import Event


def session_ended(sign_in: str) -> Event:
    """A sign-in ended: the directory, which everybody believes, tells the others that its tokens no longer count."""
    return Event("session.ended", pb.SessionEnded(session_id=sign_in))
