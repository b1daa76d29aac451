"""What falls due at a moment: each draft is erased when its own time is over, and no more by a sweep of all."""

from alembic import op

from services.kit.grants import terms_0001
from services.kit.schema import ACTOR, NOW, statements

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Days are of 24 hours here, as the service counts them, whatever zone the database thinks it is in.
OVER = "saved_at + make_interval(hours => 24 * days)"
OF_BEFORE = f"""
ALTER TABLE draft NO FORCE ROW LEVEL SECURITY;
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at)
SELECT tenant_id, 'draft', draft_id, {OVER}, {OVER} FROM draft;
ALTER TABLE draft FORCE ROW LEVEL SECURITY;
"""
WALLS = f"ALTER POLICY mine_or_old ON draft USING (person_id = {ACTOR} OR {OVER} <= {NOW});"


def upgrade() -> None:
    """Add the terms, those of the drafts that are there; a draft is over at the very moment its term is due."""
    for statement in [*terms_0001("portal", OF_BEFORE), *statements(WALLS)]:
        op.execute(statement)
