"""What a person chose for the pages, and drafts of forms; each for that person alone."""

from alembic import op

from services.kit.schema import ACTOR, SYSTEM, statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APP = "portal_app"

TABLES = """
CREATE TABLE preference (
    person_id uuid PRIMARY KEY, language text NOT NULL CHECK (language IN ('', 'nl', 'fr', 'de', 'en')),
    scheme text NOT NULL CHECK (scheme IN ('', 'light', 'dark')));
CREATE TABLE draft (
    person_id uuid NOT NULL, form text NOT NULL CHECK (length(form) BETWEEN 1 AND 200), draft_id uuid NOT NULL,
    fields bytea NOT NULL, saved_at timestamptz NOT NULL, PRIMARY KEY (person_id, form));
CREATE INDEX draft_saved_at ON draft (saved_at);
"""

# The portal's own process reads a preference when a sign-in begins, and deletes old drafts, which it cannot open
# without their row.
WALLS = f"""
ALTER TABLE preference ENABLE ROW LEVEL SECURITY;
ALTER TABLE preference FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON preference TO {APP} USING (person_id = {ACTOR} OR {SYSTEM}) WITH CHECK (person_id = {ACTOR});
ALTER TABLE draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE draft FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON draft TO {APP} USING (person_id = {ACTOR}) WITH CHECK (person_id = {ACTOR});
CREATE POLICY seen_old ON draft FOR SELECT TO {APP} USING ({SYSTEM});
CREATE POLICY swept ON draft FOR DELETE TO {APP} USING ({SYSTEM});
"""

GRANTS = f"""
GRANT SELECT, INSERT, UPDATE ON preference TO {APP};
GRANT SELECT, INSERT, UPDATE, DELETE ON draft TO {APP};
"""


def upgrade() -> None:
    """Two tables, walled by person."""
    for statement in statements(TABLES, WALLS, GRANTS):
        op.execute(statement)
