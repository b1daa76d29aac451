"""Who may see which parts of a case."""

from rondetafel.case.v1 import case_pb2 as pb
from services.case.circle_views import CircleView
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.invite_to_circle import InviteToCircle, invite_to_circle
from services.case.commands.keep_out import KeepOut, keep_out
from services.case.commands.lift_conflict import LiftConflict, lift_conflict
from services.case.model import CIRCLE_END
from services.kit.clock import last_day_of, local_date
from services.kit.methods import Served, command
from services.kit.shapes import PERIOD, Differences
from services.kit.writing import writer

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["CircleService"],
    command(invite_to_circle, InviteToCircle, Differences(names=PERIOD)),
    command(end_invitation, EndInvitation),
    command(declare_conflict, DeclareConflict),
    command(keep_out, KeepOut),
    command(lift_conflict, LiftConflict),
)


def first_day(view: CircleView) -> str:
    """The day in Brussels on which it begins."""
    return local_date(view.starts_at).isoformat()


def last_day(view: CircleView) -> str:
    """The last day in Brussels, included (invariant 25); empty when there is none."""
    return "" if view.ends_at >= CIRCLE_END else last_day_of(view.ends_at).isoformat()


CIRCLE_ENTRY = writer(
    pb.CircleEntry,
    CircleView,
    Differences(by_hand={"from": first_day, "to": last_day}, unused=("starts_at", "ends_at")),
)
