"""What falls due in the case service: kind of term to command."""

from services.case.commands.expire_circle_invitation import ExpireCircleInvitation, expire_circle_invitation
from services.kit.scheduler import falls_due

TERMS = {"invitation": falls_due(ExpireCircleInvitation, expire_circle_invitation)}
