"""The roles of the database part: hearing writes what is told, erasing takes away, no process names itself."""

from alembic import op

from services.kit.grants import cell_of_all, granted, spine_roles_0001
from services.kit.schema import ACTOR, NOW, TENANT, statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERVICE = "portal"

GRANTS = {
    "session": {
        "app": "SELECT, INSERT, UPDATE (tokens, last_used_at, refreshing_until, sitting)",
        "hearing": "SELECT (tenant_id, session_id, sign_in, person_id), DELETE",
        "erasing": "SELECT (tenant_id, session_id, started_at, last_used_at), DELETE",
    },
    "preference": {"app": "SELECT, INSERT, UPDATE (language, scheme)"},
    "draft": {
        "app": "SELECT, INSERT, UPDATE (fields, saved_at)",
        "erasing": "SELECT (tenant_id, person_id, form, draft_id, saved_at), DELETE",
    },
}

# The portal itself finds a preference with the session it names, and nobody's else. Drafts are dropped by whose they
# are, and by everybody once nobody took them up for seven days.
OF_THE_SESSION = (
    f"(SELECT person_id FROM session WHERE tenant_id = {TENANT}"
    " AND session_id = nullif(current_setting('rondetafel.about', true), '')::uuid)"
)
WALLS = f"""
ALTER POLICY mine ON preference USING (person_id = {ACTOR} OR person_id = {OF_THE_SESSION});
ALTER POLICY mine ON draft USING (person_id = {ACTOR});
CREATE POLICY mine_or_old ON draft AS RESTRICTIVE TO portal_erasing
    USING (person_id = {ACTOR} OR saved_at < {NOW} - interval '7 days');
"""


def upgrade() -> None:
    """Share the tables out, and close the doors for named processes."""
    made = [granted(SERVICE, table, **rights) + cell_of_all(SERVICE, table) for table, rights in GRANTS.items()]
    for statement in [*spine_roles_0001(SERVICE), *statements(*made, WALLS)]:
        op.execute(statement)
