"""What falls due in the case service: kind of term to command."""

from services.case.commands.expire_invitation import ExpireInvitation, expire_invitation
from services.kit.scheduler import falls_due

TERMS = {"invitation": falls_due(ExpireInvitation, expire_invitation)}
