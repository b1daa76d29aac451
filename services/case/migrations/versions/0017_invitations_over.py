"""The end of an invitation is told by the clock, which takes away what has had its time."""

from alembic import op

from services.kit.grants import tidying_0001
from services.kit.schema import statements

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Of invitations that are over nothing is told any more.
OF_BEFORE = """
ALTER TABLE circle_entry NO FORCE ROW LEVEL SECURITY; ALTER TABLE term NO FORCE ROW LEVEL SECURITY;
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at)
SELECT tenant_id, 'invitation', entry_id, ends_at, ends_at FROM circle_entry
WHERE person_id IS NOT NULL AND why IS NOT NULL AND ended_by IS NULL AND ends_at > now();
ALTER TABLE circle_entry FORCE ROW LEVEL SECURITY; ALTER TABLE term FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    """Let it."""
    for statement in [*statements(OF_BEFORE), *tidying_0001("case")]:
        op.execute(statement)
