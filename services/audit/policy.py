"""Who may do what in the audit service. Rows of the log are read by DPO and oversight alone (migrations)."""

from services.audit.commands.check_heights import check_heights
from services.audit.commands.merge_records import merge_records
from services.audit.queries.read_known_cells import read_known_cells
from services.audit.queries.search_audit import search_audit
from services.kit.agenda import clock_policy
from services.kit.mandates import mandate_policy
from services.kit.policy import DatabaseRole, Policy, Role, Rule, Verb
from services.kit.refused import refusal_policy
from services.kit.revocations import revocation_policy
from services.kit.rotation import rotation_policy

_CONSUMER = frozenset({"audit.consumer"})
_HEARING = DatabaseRole.HEARING

POLICY: Policy = {
    merge_records: Rule(Verb.COLLECT, systems=_CONSUMER, fields=(), recorded=False, database_role=_HEARING),
    check_heights: Rule(Verb.ADMINISTER, systems=_CONSUMER, fields=(), database_role=_HEARING),
    read_known_cells: Rule(Verb.CONSULT, systems=_CONSUMER, fields=(), recorded=False, database_role=_HEARING),
    search_audit: Rule(Verb.CONSULT, roles=frozenset({Role.DPO, Role.OVERSIGHT}), fields=("audit",)),
    **clock_policy("audit"),
    **mandate_policy("audit"),
    **refusal_policy("audit"),
    **revocation_policy("audit"),
    **rotation_policy("audit"),
}
