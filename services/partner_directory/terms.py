"""What falls due in the partner directory: kind of term to command."""

from services.kit.scheduler import falls_due
from services.partner_directory.commands.expire_mandate import ExpireMandate, expire_mandate
from services.partner_directory.commands.expire_recovery import ExpireRecovery, expire_recovery
from services.partner_directory.commands.note_clearance import NoteClearance, note_clearance
from services.partner_directory.commands.send_sign_in_letter import SendSignInLetter, send_sign_in_letter
from services.partner_directory.commands.turn_deputy import TurnDeputy, turn_deputy

TERMS = {
    "deputy": falls_due(TurnDeputy, turn_deputy),
    "clearance": falls_due(NoteClearance, note_clearance),
    "mandate": falls_due(ExpireMandate, expire_mandate),
    "recovery": falls_due(ExpireRecovery, expire_recovery),
    "sign_in_letter": falls_due(SendSignInLetter, send_sign_in_letter),
}
