"""What the partner directory hears: that sign-ins ended, from the portal."""

from rondetafel.portal.v1 import portal_pb2
from services.kit.consume import hears
from services.partner_directory.commands.end_sign_in import EndSignIn, end_sign_in

SUBSCRIPTIONS = {"session.ended": hears(portal_pb2.SessionEnded, EndSignIn, end_sign_in)}
