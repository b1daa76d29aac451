"""Who may do what in the portal: its own process alone. What people may do, the services decide."""

from services.kit.agenda import clock_name, clock_policy
from services.kit.policy import DatabaseRole, Policy, Rule, Verb
from services.kit.refused import refusal_policy
from services.kit.revocations import revocation_policy
from services.kit.rotation import rotation_policy
from services.portal.commands.claim_refresh import claim_refresh
from services.portal.commands.drop_draft import drop_draft
from services.portal.commands.drop_sign_in import drop_sign_in
from services.portal.commands.end_sign_in import end_sign_in
from services.portal.commands.expire_draft import expire_draft
from services.portal.commands.expire_sign_ins import expire_sign_ins
from services.portal.commands.keep_sign_in import keep_sign_in
from services.portal.commands.refresh_sign_in import refresh_sign_in
from services.portal.commands.save_draft import save_draft
from services.portal.commands.set_preference import set_preference
from services.portal.commands.start_sign_in import start_sign_in
from services.portal.queries.find_drafts import find_drafts
from services.portal.queries.find_sign_in import find_sign_in
from services.portal.queries.list_drafts import list_drafts

PORTAL_ITSELF = "portal.session"
"""What the record calls it."""
_ITSELF = frozenset({PORTAL_ITSELF})
_CLOCK = frozenset({clock_name("portal")})
_HEARING, _ERASING = DatabaseRole.HEARING, DatabaseRole.ERASING

# Finding and keeping a sign-in and claiming its refresh touch nothing but its own row, at every request: the act of the
# request is recorded by the service that does it. Records call a sign-in a session, as they did from the first on.
POLICY: Policy = {
    start_sign_in: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), action="start_session"),
    refresh_sign_in: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), action="refresh_session"),
    drop_sign_in: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), database_role=_ERASING, action="drop_session"),
    end_sign_in: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), database_role=_HEARING, action="end_session"),
    expire_sign_ins: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), database_role=_ERASING, action="expire_sessions"),
    keep_sign_in: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), recorded=False),
    claim_refresh: Rule(Verb.SIGN_IN, systems=_ITSELF, fields=(), recorded=False),
    # Whose row it is, that person's preference is found too, and nobody else's.
    find_sign_in: Rule(Verb.CONSULT, systems=_ITSELF, fields=(), recorded=False, scope="secret.sign_in_id"),
    # What a person typed and chose is the person's own, whatever the level of the sign-in.
    save_draft: Rule(Verb.COLLECT, signed_in=True, second_factor=False, fields=("draft",)),
    find_drafts: Rule(Verb.CONSULT, signed_in=True, second_factor=False, fields=("draft",)),
    list_drafts: Rule(Verb.CONSULT, signed_in=True, second_factor=False, fields=()),
    drop_draft: Rule(Verb.ERASE, signed_in=True, second_factor=False, fields=("draft",), database_role=_ERASING),
    expire_draft: Rule(Verb.ERASE, systems=_CLOCK, fields=("draft",), database_role=_ERASING, action="expire_drafts"),
    set_preference: Rule(Verb.ALTER, signed_in=True, second_factor=False, fields=()),
    **refusal_policy("portal"),
    **revocation_policy("portal"),
    **clock_policy("portal"),
    **rotation_policy("portal"),
}
