"""Who may do what in the case service. Town, circle and part are held by the rows (migrations)."""

from services.case.commands.add_to_signal import add_to_signal
from services.case.commands.answer_check import answer_check
from services.case.commands.answer_question import answer_question
from services.case.commands.apply_cell import apply_cell
from services.case.commands.apply_decision import apply_decision
from services.case.commands.ask_question import ask_question
from services.case.commands.ask_reporter import ask_reporter
from services.case.commands.assess_contribution import assess_contribution
from services.case.commands.close_question import close_question
from services.case.commands.declare_conflict import declare_conflict
from services.case.commands.decline_contribution import decline_contribution
from services.case.commands.dismiss_signal import dismiss_signal
from services.case.commands.end_invitation import end_invitation
from services.case.commands.enter_signal import enter_signal
from services.case.commands.erase_question import erase_question
from services.case.commands.erase_signal import erase_signal
from services.case.commands.expire_circle_invitation import expire_circle_invitation
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.keep_out import keep_out
from services.case.commands.lift_conflict import lift_conflict
from services.case.commands.note_information import note_information
from services.case.commands.place_on_list import place_on_list
from services.case.commands.propose_case import propose_case
from services.case.commands.publish_answer import publish_answer
from services.case.commands.reconsider_case import reconsider_case
from services.case.commands.reconsider_signal import reconsider_signal
from services.case.commands.redirect_signal import redirect_signal
from services.case.commands.refuse_case import refuse_case
from services.case.commands.remind_of_check import remind_of_check
from services.case.commands.remind_of_information import remind_of_information
from services.case.commands.revise_contribution import revise_contribution
from services.case.commands.schedule_cases import schedule_cases
from services.case.commands.share_contribution import share_contribution
from services.case.commands.start_check import start_check
from services.case.commands.unschedule_cases import unschedule_cases
from services.case.commands.withdraw_answer import withdraw_answer
from services.case.commands.withdraw_signal import withdraw_signal
from services.case.commands.write_contribution import write_contribution
from services.case.frame import INSIDERS
from services.case.queries.list_answers import list_answers
from services.case.queries.list_cases import list_cases
from services.case.queries.list_possible_matches import list_possible_matches
from services.case.queries.list_questions import list_questions
from services.case.queries.list_signals import list_signals
from services.case.queries.list_waiting import list_waiting
from services.case.queries.read_case import read_case
from services.case.queries.read_check import read_check
from services.case.queries.read_question import read_question
from services.case.queries.read_signal import read_signal
from services.kit.agenda import clock_name, clock_policy
from services.kit.mandates import mandate_policy
from services.kit.policy import SEATS, TABLE, DatabaseRole, Policy, Role, Rule, Verb
from services.kit.refused import refusal_policy
from services.kit.revocations import revocation_policy
from services.kit.rotation import rotation_policy

COORDINATOR = frozenset({Role.COORDINATOR})
TABLE_AND_DPO = TABLE | {Role.DPO}
CHECKING = SEATS["police"] | INSIDERS
CONSUMER = frozenset({"case.consumer"})
CLOCK = frozenset({clock_name("case")})
HEARING, ERASING = DatabaseRole.HEARING, DatabaseRole.ERASING
PARTS = ("frame", "identity", "proposal", "content")

POLICY: Policy = {
    enter_signal: Rule(Verb.COLLECT, roles=TABLE, fields=("identity", "content")),
    read_signal: Rule(Verb.CONSULT, roles=TABLE_AND_DPO, fields=("frame", "identity", "content")),
    list_signals: Rule(Verb.CONSULT, roles=TABLE_AND_DPO),
    list_possible_matches: Rule(Verb.COMBINE, roles=COORDINATOR, fields=("frame", "identity")),
    start_check: Rule(Verb.DISCLOSE, roles=COORDINATOR, fields=("frame", "identity")),
    answer_check: Rule(Verb.DECIDE, roles=SEATS["police"]),
    read_check: Rule(Verb.CONSULT, roles=CHECKING, fields=("frame", "identity")),
    remind_of_check: Rule(Verb.ALTER, systems=CLOCK, database_role=HEARING),
    ask_question: Rule(Verb.COLLECT, roles=TABLE, fields=("content",), unnamed=True),
    answer_question: Rule(Verb.ALTER, roles=COORDINATOR, fields=("content",)),
    close_question: Rule(Verb.ALTER, roles=TABLE, unnamed=True),
    read_question: Rule(Verb.CONSULT, roles=TABLE, fields=("frame", "content")),
    list_questions: Rule(Verb.CONSULT, roles=TABLE),
    publish_answer: Rule(Verb.COLLECT, roles=COORDINATOR, fields=("content",)),
    withdraw_answer: Rule(Verb.ERASE, roles=COORDINATOR, fields=("content",)),
    list_answers: Rule(Verb.CONSULT, roles=TABLE_AND_DPO, fields=("content",)),
    erase_question: Rule(Verb.ERASE, systems=CLOCK, fields=("frame", "content"), database_role=ERASING),
    dismiss_signal: Rule(Verb.DECIDE, roles=COORDINATOR, fields=("frame", "content")),
    redirect_signal: Rule(Verb.DECIDE, roles=COORDINATOR, fields=("frame", "content")),
    reconsider_signal: Rule(Verb.DECIDE, roles=COORDINATOR, fields=("frame", "content")),
    withdraw_signal: Rule(Verb.ALTER, roles=TABLE),
    ask_reporter: Rule(Verb.COLLECT, roles=COORDINATOR, fields=("content",)),
    add_to_signal: Rule(Verb.COLLECT, roles=TABLE, fields=("content",)),
    propose_case: Rule(Verb.COLLECT, roles=COORDINATOR, fields=("frame", "identity", "proposal")),
    place_on_list: Rule(Verb.DECIDE, roles=SEATS["mayor"], fields=("frame", "proposal")),
    refuse_case: Rule(Verb.DECIDE, roles=SEATS["mayor"], fields=("frame", "proposal")),
    note_information: Rule(Verb.ALTER, roles=COORDINATOR),
    remind_of_information: Rule(Verb.ALTER, systems=CLOCK, database_role=HEARING),
    reconsider_case: Rule(Verb.DECIDE, roles=SEATS["mayor"], fields=("frame", "proposal")),
    invite_to_circle: Rule(Verb.DISCLOSE, roles=COORDINATOR, fields=("circle",)),
    end_invitation: Rule(Verb.ALTER, roles=INSIDERS, fields=("circle",)),
    declare_conflict: Rule(Verb.ALTER, roles=TABLE, fields=("circle",)),
    keep_out: Rule(Verb.DECIDE, roles=SEATS["mayor"], fields=("circle",)),
    lift_conflict: Rule(Verb.DISCLOSE, roles=INSIDERS, fields=("circle",)),
    write_contribution: Rule(Verb.COLLECT, roles=TABLE, fields=("content",)),
    revise_contribution: Rule(Verb.ALTER, roles=TABLE, fields=("content",)),
    decline_contribution: Rule(Verb.COLLECT, roles=TABLE, fields=("content",)),
    assess_contribution: Rule(Verb.ALTER, roles=TABLE, fields=("content",)),
    share_contribution: Rule(Verb.DISCLOSE, roles=TABLE, fields=("content",)),
    read_case: Rule(Verb.CONSULT, roles=TABLE_AND_DPO, fields=PARTS),
    list_cases: Rule(Verb.CONSULT, roles=TABLE_AND_DPO, fields=("frame", "identity")),
    list_waiting: Rule(Verb.CONSULT, roles=TABLE),
    schedule_cases: Rule(Verb.ALTER, systems=CONSUMER, database_role=HEARING),
    unschedule_cases: Rule(Verb.ALTER, systems=CONSUMER, database_role=HEARING),
    apply_cell: Rule(Verb.ADMINISTER, systems=CONSUMER, fields=(), database_role=HEARING),
    apply_decision: Rule(Verb.ALTER, systems=CONSUMER, fields=("frame", "content"), database_role=HEARING),
    erase_signal: Rule(Verb.ERASE, systems=CLOCK, fields=PARTS, database_role=DatabaseRole.ERASING),
    expire_circle_invitation: Rule(Verb.ALTER, systems=CLOCK, fields=("circle",)),
    **clock_policy("case"),
    **mandate_policy("case"),
    **refusal_policy("case"),
    **revocation_policy("case"),
    **rotation_policy("case"),
}
