"""What a person chose for the pages, and drafts of forms; each for that person alone."""

from alembic import op

from services.kit.schema import ACTOR, SYSTEM, statements, tenant_walls

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APP = "portal_app"

TABLES = """
CREATE TABLE preference (
    tenant_id uuid NOT NULL, person_id uuid NOT NULL, language text NOT NULL, scheme text NOT NULL,
    PRIMARY KEY (tenant_id, person_id));
CREATE TABLE draft (
    tenant_id uuid NOT NULL, person_id uuid NOT NULL, form text NOT NULL CHECK (length(form) BETWEEN 1 AND 200),
    draft_id uuid NOT NULL, fields bytea NOT NULL, saved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, person_id, form));
CREATE INDEX draft_saved_at ON draft (tenant_id, saved_at);
"""

# The portal's own process reads a preference with each session, and sweeps old drafts; it writes neither.
WALLS = "".join(
    f"CREATE POLICY mine ON {table} AS RESTRICTIVE TO {APP} USING (person_id = {ACTOR} OR {SYSTEM})"
    f" WITH CHECK (person_id = {ACTOR});"
    for table in ("preference", "draft")
)

GRANTS = f"""
GRANT SELECT, INSERT, UPDATE ON preference TO {APP};
GRANT SELECT, INSERT, UPDATE, DELETE ON draft TO {APP};
"""


def upgrade() -> None:
    """Two tables, walled by cell and by person."""
    walls = [tenant_walls(table, APP) for table in ("preference", "draft")]
    for statement in statements(TABLES, *walls, WALLS, GRANTS):
        op.execute(statement)
