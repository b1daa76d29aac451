"""What falls due at a moment: the end of a mandate, the term of a recovery."""

from alembic import op

from services.kit.grants import terms_0001

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Of mandates that are over nothing is told any more; what is still named in a recovery is forgotten, however old.
OF_BEFORE = """
ALTER TABLE mandate NO FORCE ROW LEVEL SECURITY; ALTER TABLE recovery NO FORCE ROW LEVEL SECURITY;
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at)
SELECT tenant_id, 'mandate', mandate_id, ends_at, ends_at FROM mandate WHERE ends_at > now();
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at)
SELECT tenant_id, 'recovery', recovery_id, at, at
FROM (SELECT *, proposed_at + interval '336 hours' AS at FROM recovery WHERE email IS NOT NULL) AS named;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY; ALTER TABLE recovery FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    """Add the terms, and those of what is there."""
    for statement in terms_0001("partner_directory", OF_BEFORE):
        op.execute(statement)
