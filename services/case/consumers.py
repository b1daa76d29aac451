"""What the case service hears."""

from rondetafel.meeting.v1 import meeting_pb2 as meeting_pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.case.commands.apply_cell import ApplyCell, apply_cell
from services.case.commands.apply_decision import ApplyDecision, apply_decision
from services.case.commands.schedule_cases import ScheduleCases, schedule_cases
from services.case.commands.unschedule_cases import UnscheduleCases, unschedule_cases
from services.kit.consume import hears
from services.kit.mandates import MANDATES_HEARD
from services.kit.shapes import Differences

OF_CASE = Differences(leave_out=("session_id",))

SUBSCRIPTIONS = {
    **MANDATES_HEARD,
    "cell.changed": hears(directory_pb.CellChanged, ApplyCell, apply_cell),
    "session.planned": hears(meeting_pb.SessionPlanned, ScheduleCases, schedule_cases),
    "session.cancelled": hears(meeting_pb.SessionCancelled, UnscheduleCases, unschedule_cases),
    "decision.recorded": hears(meeting_pb.DecisionRecorded, ApplyDecision, apply_decision, OF_CASE),
}
