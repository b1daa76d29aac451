"""What the meeting service hears: mandates, and the frames and circles of cases."""

from rondetafel.case.v1 import case_pb2
from services.kit.consume import hears
from services.kit.mandates import MANDATES_HEARD
from services.meeting.commands.apply_case import ApplyCase, apply_case
from services.meeting.commands.apply_circle import ApplyCircle, apply_circle

SUBSCRIPTIONS = {
    **MANDATES_HEARD,
    "case.proposed": hears(case_pb2.CaseChanged, ApplyCase, apply_case),
    "case.listed": hears(case_pb2.CaseChanged, ApplyCase, apply_case),
    "case.state_changed": hears(case_pb2.CaseChanged, ApplyCase, apply_case),
    "circle.changed": hears(case_pb2.CircleChanged, ApplyCircle, apply_circle),
}
