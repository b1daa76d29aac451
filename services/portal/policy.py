"""Who may do what in the portal: its own process alone. What people may do, the services decide."""

from services.kit.policy import DatabaseRole, Policy, Rule, Verb
from services.kit.refused import refusal_policy
from services.kit.revocations import revocation_policy
from services.kit.rotation import rotation_policy
from services.portal.commands.claim_refresh import claim_refresh
from services.portal.commands.drop_draft import drop_draft
from services.portal.commands.drop_session import drop_session
from services.portal.commands.end_session import end_session
from services.portal.commands.expire_drafts import expire_drafts
from services.portal.commands.expire_sessions import expire_sessions
from services.portal.commands.keep_session import keep_session
from services.portal.commands.refresh_session import refresh_session
from services.portal.commands.save_draft import save_draft
from services.portal.commands.set_preference import set_preference
from services.portal.commands.start_session import start_session
from services.portal.queries.find_draft import find_draft
from services.portal.queries.find_parked_session import find_parked_session
from services.portal.queries.find_session import find_session
from services.portal.queries.list_drafts import list_drafts

SESSION = "portal.session"
_ITSELF = frozenset({SESSION})
_HEARING, _ERASING = DatabaseRole.HEARING, DatabaseRole.ERASING

# Finding and keeping a session and claiming its refresh touch nothing but the session's own row, at every request: the
# act of the request is recorded by the service that does it.
POLICY: Policy = {
    start_session: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=()),
    refresh_session: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=()),
    drop_session: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), database_role=_ERASING),
    end_session: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), database_role=_HEARING),
    expire_sessions: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), database_role=_ERASING),
    keep_session: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), recorded=False),
    claim_refresh: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), recorded=False),
    # Whose row it is, that person's preference is found too, and nobody else's.
    find_session: Rule(Verb.CONSULT, systems=_ITSELF, fields=(), recorded=False, scope="secret.session_id"),
    find_parked_session: Rule(Verb.CONSULT, systems=_ITSELF, fields=()),
    # What a person typed and chose is the person's own, whatever the level of the sign-in.
    save_draft: Rule(Verb.COLLECT, signed_in=True, second_factor=False, fields=("draft",)),
    find_draft: Rule(Verb.CONSULT, signed_in=True, second_factor=False, fields=("draft",)),
    list_drafts: Rule(Verb.CONSULT, signed_in=True, second_factor=False, fields=()),
    drop_draft: Rule(Verb.ERASE, signed_in=True, second_factor=False, fields=("draft",), database_role=_ERASING),
    expire_drafts: Rule(Verb.ERASE, systems=_ITSELF, fields=("draft",), database_role=_ERASING),
    set_preference: Rule(Verb.ALTER, signed_in=True, second_factor=False, fields=()),
    **refusal_policy("portal"),
    **revocation_policy("portal"),
    **rotation_policy("portal"),
}
