"""What the partner directory hears: that sign-ins ended, from the portal; what waits for people, and what is gone."""

from rondetafel.case.v1 import case_pb2
from rondetafel.kit.v1 import kit_pb2
from rondetafel.portal.v1 import portal_pb2
from services.kit.consume import hears
from services.partner_directory.commands.identity.end_sign_in import EndSignIn, end_sign_in
from services.partner_directory.commands.letter.forget_signal import ForgetSignal, forget_signal
from services.partner_directory.commands.letter.keep_notices import KeepNotices, keep_notices

NOTICES = hears(kit_pb2.NoticeAsked, KeepNotices, keep_notices)
SUBSCRIPTIONS = {
    "session.ended": hears(portal_pb2.SessionEnded, EndSignIn, end_sign_in),
    "signal.erased": hears(case_pb2.SignalErased, ForgetSignal, forget_signal),
    "case.notice_asked": NOTICES,
    "session.notice_asked": NOTICES,
}
