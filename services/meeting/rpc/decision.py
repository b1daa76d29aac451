"""What sessions decide."""

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.methods import Served, command
from services.meeting.commands.prepare_decision import PrepareDecision, prepare_decision
from services.meeting.commands.record_decision import RecordDecision, record_decision

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["DecisionService"],
    command(prepare_decision, PrepareDecision),
    command(record_decision, RecordDecision),
)
