"""Who may do what in the meeting service. Town, circle and part are held by the rows (migrations)."""

from services.kit.agenda import clock_policy
from services.kit.mandates import mandate_policy
from services.kit.policy import TABLE, DatabaseRole, Policy, Rule, Verb
from services.kit.refused import refusal_policy
from services.kit.revocations import revocation_policy
from services.kit.rotation import rotation_policy
from services.meeting.allowed import OPENERS, PLANNERS, PREPARERS
from services.meeting.commands.apply_case import apply_case
from services.meeting.commands.apply_circle import apply_circle
from services.meeting.commands.cancel_session import cancel_session
from services.meeting.commands.open_session import open_session
from services.meeting.commands.plan_session import plan_session
from services.meeting.commands.prepare_decision import prepare_decision
from services.meeting.commands.record_decision import record_decision
from services.meeting.commands.undo_opening import undo_opening
from services.meeting.model import CHAIR
from services.meeting.queries.list_case_sessions import list_case_sessions
from services.meeting.queries.list_sessions import list_sessions
from services.meeting.queries.read_session import read_session

CONSUMER = frozenset({"meeting.consumer"})
HEARING = DatabaseRole.HEARING

POLICY: Policy = {
    plan_session: Rule(Verb.ALTER, roles=PLANNERS),
    cancel_session: Rule(Verb.ALTER, roles=PLANNERS),
    open_session: Rule(Verb.ALTER, roles=OPENERS, fields=("frame", "attendance")),
    undo_opening: Rule(Verb.ALTER, roles=OPENERS, fields=("frame", "attendance")),
    prepare_decision: Rule(Verb.ALTER, roles=PREPARERS, fields=("content",)),
    record_decision: Rule(Verb.DECIDE, roles=CHAIR, fields=("content",)),
    read_session: Rule(Verb.CONSULT, roles=TABLE, fields=("frame", "attendance", "content")),
    list_sessions: Rule(Verb.CONSULT, roles=TABLE),
    list_case_sessions: Rule(Verb.CONSULT, roles=TABLE, fields=("frame", "content")),
    apply_case: Rule(Verb.ALTER, systems=CONSUMER, database_role=HEARING),
    apply_circle: Rule(Verb.ALTER, systems=CONSUMER, fields=("circle",), database_role=HEARING),
    **clock_policy("meeting"),
    **mandate_policy("meeting"),
    **refusal_policy("meeting"),
    **revocation_policy("meeting"),
    **rotation_policy("meeting"),
}
