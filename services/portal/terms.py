"""What falls due in the portal: kind of term to command."""

from services.kit.scheduler import falls_due
from services.portal.commands.expire_draft import ExpireDraft, expire_draft

TERMS = {"draft": falls_due(ExpireDraft, expire_draft)}
