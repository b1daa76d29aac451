"""What falls due in the partner directory: kind of term to command."""

from services.kit.scheduler import falls_due
from services.partner_directory.commands.drop_upload import DropUpload, drop_upload
from services.partner_directory.commands.expire_mandate import ExpireMandate, expire_mandate
from services.partner_directory.commands.expire_recovery import ExpireRecovery, expire_recovery
from services.partner_directory.commands.remind_of_rules import RemindOfRules, remind_of_rules
from services.partner_directory.commands.send_sign_in_letter import SendSignInLetter, send_sign_in_letter

TERMS = {
    "mandate": falls_due(ExpireMandate, expire_mandate),
    "recovery": falls_due(ExpireRecovery, expire_recovery),
    "rules": falls_due(RemindOfRules, remind_of_rules),
    "rules_upload": falls_due(DropUpload, drop_upload),
    "sign_in_letter": falls_due(SendSignInLetter, send_sign_in_letter),
}
