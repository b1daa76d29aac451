"""Who is invited to a mandate by letter."""

from alembic import op

from services.kit.principal import PLATFORM
from services.kit.schema import TENANT, statements, tenant_walls

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

INVITATION = f"""
CREATE TABLE invitation (
    tenant_id uuid NOT NULL, invitation_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('SENT', 'ACCEPTED', 'WITHDRAWN', 'EXPIRED')),
    email bytea, given_name bytea, family_name bytea, note bytea,
    language text NOT NULL CHECK (language IN ('nl', 'fr', 'de', 'en')),
    kbo_number text NOT NULL, role text NOT NULL, nis_codes text[] NOT NULL, first_day date NOT NULL,
    last_day date NOT NULL, legal_basis text NOT NULL, clearance_until date, given_by text NOT NULL,
    invited_by uuid NOT NULL, invited_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
    code_hash bytea CHECK (length(code_hash) = 32), tries bigint NOT NULL CHECK (tries BETWEEN 0 AND 5),
    claimed_until timestamptz, sent_at timestamptz, decided_by uuid, decided_at timestamptz, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, invitation_id), CHECK (tenant_id <> '{PLATFORM}'),
    CHECK (state = 'SENT' OR num_nonnulls(email, given_name, family_name, code_hash) = 0));
GRANT SELECT, INSERT, UPDATE (state, email, given_name, family_name, note, expires_at, code_hash, tries, claimed_until,
    sent_at, decided_by, decided_at, version) ON invitation TO {APP};
"""

# Whoever comes with a code is nobody here yet: an act about one invitation sees that one, and an act about anybody or
# anything else none.
ABOUT = "(SELECT coalesce(current_setting('rondetafel.about', true), ''))"
OWN = f"tenant_id = {TENANT} AND {ABOUT} IN ('', invitation_id::text)"
WALL = f"ALTER POLICY cell ON invitation USING ({OWN}) WITH CHECK ({OWN});"


def upgrade() -> None:
    """Add it."""
    for statement in statements(INVITATION, tenant_walls("invitation", APP), WALL):
        op.execute(statement)
