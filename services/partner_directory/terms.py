"""What falls due in the partner directory: kind of term to command."""

from services.kit.scheduler import falls_due
from services.partner_directory.commands.expire_invitation import ExpireInvitation, expire_invitation
from services.partner_directory.commands.expire_mandate import ExpireMandate, expire_mandate
from services.partner_directory.commands.expire_recovery import ExpireRecovery, expire_recovery
from services.partner_directory.commands.send_invitation import SendInvitation, send_invitation
from services.partner_directory.commands.send_sign_in_letter import SendSignInLetter, send_sign_in_letter

TERMS = {
    "invitation": falls_due(ExpireInvitation, expire_invitation),
    "invitation_letter": falls_due(SendInvitation, send_invitation),
    "mandate": falls_due(ExpireMandate, expire_mandate),
    "recovery": falls_due(ExpireRecovery, expire_recovery),
    "sign_in_letter": falls_due(SendSignInLetter, send_sign_in_letter),
}
