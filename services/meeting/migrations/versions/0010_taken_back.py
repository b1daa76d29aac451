"""Sessions are taken back: who cancelled one, and an opening that is undone."""

from alembic import op

from services.kit.grants import granted
from services.kit.schema import TENANT, statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = "ALTER TABLE session ADD COLUMN cancelled_by uuid, ADD COLUMN cancelled_at timestamptz;"

# Who was present stays once something was decided with them.
UNDONE = f"""
CREATE POLICY undone ON attendance AS RESTRICTIVE FOR DELETE TO meeting_app USING (EXISTS (
    SELECT 1 FROM session WHERE session.tenant_id = {TENANT} AND session.session_id = attendance.session_id
       AND session.state = 'PLANNED' AND session.decisions = 0));
"""


def upgrade() -> None:
    """The app takes away who was present, and nothing else of what happened."""
    of_session = "SELECT, INSERT, UPDATE (state, opened_by, opened_at, cancelled_by, cancelled_at, decisions, version)"
    rights = [
        granted("meeting", "session", app=of_session),
        granted("meeting", "attendance", app="SELECT, INSERT, DELETE"),
    ]
    for statement in statements(COLUMNS, *rights, UNDONE):
        op.execute(statement)
