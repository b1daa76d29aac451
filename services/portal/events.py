"""What the portal tells others."""

from __future__ import annotations

from rondetafel.portal.v1 import portal_pb2 as pb
from services.kit.outbox import Event


def sign_in_ended(sid: str) -> Event:
    """A sign-in ended: the directory, which everybody believes, tells the others that its tokens no longer count."""
    return Event("session.ended", pb.SessionEnded(session_id=sid))
