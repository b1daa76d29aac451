"""The spine and sessions, with their walls."""

from alembic import op

from services.kit.schema import spine_0001, statements, tenant_walls

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APP = "portal_app"

TABLES = """
CREATE TABLE session (
    tenant_id uuid NOT NULL, session_id uuid NOT NULL, sign_in text NOT NULL, person_id uuid NOT NULL,
    tokens bytea NOT NULL, started_at timestamptz NOT NULL, last_used_at timestamptz NOT NULL,
    refreshing_until timestamptz, PRIMARY KEY (tenant_id, session_id));
CREATE INDEX session_sign_in ON session (tenant_id, sign_in);
CREATE INDEX session_person ON session (tenant_id, person_id);
"""


def upgrade() -> None:
    """The first tables."""
    grants = f"GRANT SELECT, INSERT, UPDATE, DELETE ON session TO {APP}"
    for statement in [*spine_0001("portal"), *statements(TABLES, tenant_walls("session", APP), grants)]:
        op.execute(statement)
