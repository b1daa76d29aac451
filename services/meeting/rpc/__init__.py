"""The gRPC door of the meeting service: the methods of each aggregate."""

from services.meeting.rpc import decision, session

SERVED = (session.SERVED, decision.SERVED)
