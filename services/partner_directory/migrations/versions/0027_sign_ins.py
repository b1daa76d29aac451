"""Where somebody is signed in, for that person alone; reports that it was somebody else; every kind of notice."""

from alembic import op

from services.kit.grants import granted
from services.kit.schema import ACTOR, TENANT, statements

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SERVICE = "partner_directory"
APP, HEARING = "partner_directory_app", "partner_directory_hearing"
KINDS = (
    "('urgent_signal', 'circle_invitation', 'case_proposed', 'session_planned', 'session_cancelled', 'mandate_ends',"
    " 'undertaking_ends', 'clearance_ends', 'check_wanted', 'check_answered', 'check_late', 'hold_ends',"
    " 'signal_answered', 'table_lacks', 'table_suspended', 'table_resumed', 'sign_in_stolen')"
)

# `session_id` ends one at the sign-in service, and is of no use to who reads it here.
TABLES = """
CREATE TABLE sign_in (
    tenant_id uuid NOT NULL, sign_in_id uuid NOT NULL, person_id uuid NOT NULL, session_id text NOT NULL,
    browser text NOT NULL, provider text NOT NULL, started_at timestamptz NOT NULL, used_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, sign_in_id));
CREATE INDEX sign_in_person ON sign_in (tenant_id, person_id);
CREATE INDEX sign_in_ends_at ON sign_in (ends_at);
CREATE TABLE theft (
    tenant_id uuid NOT NULL, theft_id uuid NOT NULL, person_id uuid, cell_ids uuid[] NOT NULL,
    reported_at timestamptz NOT NULL, followed_at timestamptz, PRIMARY KEY (tenant_id, theft_id),
    CHECK (person_id IS NOT NULL OR followed_at IS NOT NULL));
"""
RIGHTS = (
    granted(
        SERVICE,
        "sign_in",
        app="SELECT (tenant_id, sign_in_id, person_id, browser, provider, started_at, used_at, ends_at)",
        hearing="SELECT, INSERT, UPDATE (used_at, ends_at), DELETE",
    ),
    granted(
        SERVICE,
        "theft",
        app="SELECT (tenant_id, theft_id, reported_at, followed_at), INSERT",
        hearing="SELECT, UPDATE (person_id, cell_ids, followed_at)",
    ),
)

# Noted and forgotten by the named process that the portal asks; seen by the person alone. Of a report the host sees the
# moment, and nobody reads whose it is but the process that follows it, which then forgets it.
HERE = f"tenant_id = {TENANT}"
MINE = f"{HERE} AND person_id = {ACTOR}"
WALLS = f"""
ALTER TABLE sign_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON sign_in FOR SELECT TO {APP} USING ({MINE});
CREATE POLICY noted ON sign_in TO {HEARING} USING ({HERE}) WITH CHECK ({HERE});
ALTER TABLE theft ENABLE ROW LEVEL SECURITY;
ALTER TABLE theft FORCE ROW LEVEL SECURITY;
CREATE POLICY cell ON theft TO {APP}, {HEARING} USING ({HERE}) WITH CHECK ({HERE});
CREATE POLICY mine ON theft AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK (person_id = {ACTOR});
"""
# Letters about a preliminary check were never let in.
NOTICES = f"""
ALTER TABLE notice DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN {KINDS});
"""


def upgrade() -> None:
    """Add them."""
    for statement in statements(TABLES, *RIGHTS, WALLS, NOTICES):
        op.execute(statement)
