"""Who may do what in the case service. Town, circle and part are held by the rows (migrations)."""

from services.case.commands.enter_signal import enter_signal
from services.case.queries.read_signal import read_signal
from services.kit.mandates import mandate_policy
from services.kit.policy import TABLE, Policy, Rule, Verb
from services.kit.revocations import revocation_policy

POLICY: Policy = {
    enter_signal: Rule(Verb.COLLECT, roles=TABLE, fields=("identity", "content")),
    read_signal: Rule(Verb.CONSULT, roles=TABLE, fields=("identity", "content")),
    **mandate_policy("case"),
    **revocation_policy("case"),
}
