"""Who may do what in the audit service. Rows of the log are read by DPO and oversight alone (migrations)."""

from services.audit.commands.check_heights import check_heights
from services.audit.commands.erase_object_key import erase_object_key
from services.audit.commands.erase_object_name import erase_object_name
from services.audit.commands.forget_late_records import forget_late_records
from services.audit.commands.forget_signal import forget_signal
from services.audit.commands.merge_records import merge_records
from services.audit.queries.read_known_cells import read_known_cells
from services.audit.queries.search_audit import search_audit
from services.kit.agenda import clock_name, clock_policy
from services.kit.mandates import mandate_policy
from services.kit.policy import DatabaseRole, Policy, Role, Rule, Verb
from services.kit.refused import refusal_policy
from services.kit.revocations import revocation_policy
from services.kit.rotation import rotation_policy

_CONSUMER = frozenset({"audit.consumer"})
_HEARING = DatabaseRole.HEARING
_CLOCK = frozenset({clock_name("audit")})
_ERASING = DatabaseRole.ERASING

POLICY: Policy = {
    merge_records: Rule(Verb.COLLECT, systems=_CONSUMER, fields=(), recorded=False, database_role=_HEARING),
    check_heights: Rule(Verb.ADMINISTER, systems=_CONSUMER, fields=(), database_role=_HEARING),
    read_known_cells: Rule(Verb.CONSULT, systems=_CONSUMER, fields=(), recorded=False, database_role=_HEARING),
    forget_signal: Rule(Verb.ERASE, systems=_CONSUMER, fields=("audit",), database_role=_HEARING),
    forget_late_records: Rule(Verb.ERASE, systems=_CLOCK, fields=("audit",), database_role=_HEARING),
    erase_object_key: Rule(Verb.ERASE, systems=_CLOCK, fields=("audit",), database_role=_ERASING),
    erase_object_name: Rule(Verb.ERASE, systems=_CLOCK, fields=("audit",), database_role=_ERASING),
    search_audit: Rule(Verb.CONSULT, roles=frozenset({Role.DPO, Role.OVERSIGHT}), fields=("audit",)),
    **clock_policy("audit"),
    **mandate_policy("audit"),
    **refusal_policy("audit"),
    **revocation_policy("audit"),
    **rotation_policy("audit"),
}
