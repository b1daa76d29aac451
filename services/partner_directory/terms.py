"""What falls due in the partner directory: kind of term to command."""

from services.kit.scheduler import falls_due
from services.partner_directory.commands.deputy.turn_deputy import TurnDeputy, turn_deputy
from services.partner_directory.commands.identity.end_sign_in_there import EndSignInThere, end_sign_in_there
from services.partner_directory.commands.identity.follow_theft import FollowTheft, follow_theft
from services.partner_directory.commands.invitation.expire_invitation import ExpireInvitation, expire_invitation
from services.partner_directory.commands.invitation.send_invitation import SendInvitation, send_invitation
from services.partner_directory.commands.letter.erase_notices import EraseNotices, erase_notices
from services.partner_directory.commands.letter.send_letter import SendLetter, send_letter
from services.partner_directory.commands.letter.send_sign_in_letter import SendSignInLetter, send_sign_in_letter
from services.partner_directory.commands.mandate.expire_mandate import ExpireMandate, expire_mandate
from services.partner_directory.commands.mandate.expire_undertaking import ExpireUndertaking, expire_undertaking
from services.partner_directory.commands.mandate.note_clearance import NoteClearance, note_clearance
from services.partner_directory.commands.mandate.notice_mandate_end import NoticeMandateEnd, notice_mandate_end
from services.partner_directory.commands.mandate.notice_undertaking_end import (
    NoticeUndertakingEnd,
    notice_undertaking_end,
)
from services.partner_directory.commands.proposal.expire_proposal import ExpireProposal, expire_proposal
from services.partner_directory.commands.provider.look_at_metadata import LookAtMetadata, look_at_metadata
from services.partner_directory.commands.provider.mirror_provider import MirrorProvider, mirror_provider
from services.partner_directory.commands.recovery.expire_recovery import ExpireRecovery, expire_recovery
from services.partner_directory.commands.rules.drop_upload import DropUpload, drop_upload
from services.partner_directory.commands.rules.remind_of_rules import RemindOfRules, remind_of_rules
from services.partner_directory.commands.rules.write_about_rules import WriteAboutRules, write_about_rules

TERMS = {
    "invitation": falls_due(ExpireInvitation, expire_invitation),
    "invitation_letter": falls_due(SendInvitation, send_invitation),
    "deputy": falls_due(TurnDeputy, turn_deputy),
    "clearance": falls_due(NoteClearance, note_clearance),
    "mandate": falls_due(ExpireMandate, expire_mandate),
    "mandate_notice": falls_due(NoticeMandateEnd, notice_mandate_end),
    "undertaking": falls_due(ExpireUndertaking, expire_undertaking),
    "undertaking_notice": falls_due(NoticeUndertakingEnd, notice_undertaking_end),
    "proposal": falls_due(ExpireProposal, expire_proposal),
    "provider": falls_due(MirrorProvider, mirror_provider),
    "provider_metadata": falls_due(LookAtMetadata, look_at_metadata),
    "recovery": falls_due(ExpireRecovery, expire_recovery),
    "notices": falls_due(EraseNotices, erase_notices),
    "letter": falls_due(SendLetter, send_letter),
    "rules": falls_due(RemindOfRules, remind_of_rules),
    "rules_letter": falls_due(WriteAboutRules, write_about_rules),
    "rules_upload": falls_due(DropUpload, drop_upload),
    "sign_in_end": falls_due(EndSignInThere, end_sign_in_there),
    "sign_in_letter": falls_due(SendSignInLetter, send_sign_in_letter),
    "theft": falls_due(FollowTheft, follow_theft),
}
POSTED = frozenset(
    {"invitation_letter", "letter", "provider", "provider_metadata", "sign_in_end", "sign_in_letter", "theft"}
)
"""Those that wait for a mail server, or long for the sign-in service or a partner. They are run apart, so that a slow
one holds back no end of a mandate."""
