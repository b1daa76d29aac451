"""What falls due in the partner directory: kind of term to command."""

from services.kit.scheduler import falls_due
from services.partner_directory.commands.expire_mandate import ExpireMandate, expire_mandate
from services.partner_directory.commands.expire_recovery import ExpireRecovery, expire_recovery

TERMS = {
    "mandate": falls_due(ExpireMandate, expire_mandate),
    "recovery": falls_due(ExpireRecovery, expire_recovery),
}
