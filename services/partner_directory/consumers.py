"""What the partner directory hears: that sign-ins ended, from the portal; and what waits for people."""

from rondetafel.kit.v1 import kit_pb2
from rondetafel.portal.v1 import portal_pb2
from services.kit.consume import hears
from services.partner_directory.commands.identity.end_sign_in import EndSignIn, end_sign_in
from services.partner_directory.commands.letter.keep_notices import KeepNotices, keep_notices

NOTICES = hears(kit_pb2.NoticeAsked, KeepNotices, keep_notices)
SUBSCRIPTIONS = {
    "session.ended": hears(portal_pb2.SessionEnded, EndSignIn, end_sign_in),
    "case.notice_asked": NOTICES,
    "session.notice_asked": NOTICES,
}
