"""Sessions: planned, opened, read."""

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.methods import Served, command, query
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.meeting.commands.cancel_session import CancelSession, cancel_session
from services.meeting.commands.open_session import OpenSession, open_session
from services.meeting.commands.plan_session import PlanSession, plan_session
from services.meeting.commands.undo_opening import UndoOpening, undo_opening
from services.meeting.queries.list_case_sessions import ListCaseSessions, list_case_sessions
from services.meeting.queries.list_sessions import ListSessions, SessionLine, list_sessions
from services.meeting.queries.read_session import ItemView, ReadSession, read_session

# Without a case it is a closed point.
ITEM = writer(
    pb.AgendaItem, ItemView, Differences(flat=("item",), by_hand={"closed_point": lambda view: view.case_id is None})
)
# Who opened or cancelled it is read on its own page.
ONE_BY_ONE = ("items", "attendance", "opened_by", "opened_at", "cancelled_by", "cancelled_at")
FRAME = writer(pb.Session, SessionLine, Differences(flat=("session",), leave_out=ONE_BY_ONE))

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["SessionService"],
    command(plan_session, PlanSession),
    command(cancel_session, CancelSession),
    command(open_session, OpenSession),
    command(undo_opening, UndoOpening),
    query(read_session, ReadSession, pb.Session, Differences(flat=("session",), nested=(ITEM,))),
    query(list_sessions, ListSessions, pb.ListSessionsResponse, Differences(nested=(FRAME,))),
    query(list_case_sessions, ListCaseSessions, pb.ListCaseSessionsResponse),
)
