"""Sessions are taken back: who cancelled one, and the number of an opening that may be undone."""

from alembic import op

from services.kit.grants import granted
from services.kit.schema import statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Who was present at an opening that was undone stays under its number: the app takes nothing away.
COLUMNS = """
ALTER TABLE session ADD COLUMN cancelled_by uuid, ADD COLUMN cancelled_at timestamptz,
    ADD COLUMN opening int NOT NULL DEFAULT 1;
ALTER TABLE attendance ADD COLUMN opening int NOT NULL DEFAULT 1;
ALTER TABLE attendance DROP CONSTRAINT attendance_pkey,
    ADD PRIMARY KEY (tenant_id, session_id, opening, person_id, seat);
"""


def upgrade() -> None:
    """What was opened before is of the first opening."""
    changed = "state, opened_by, opened_at, cancelled_by, cancelled_at, opening, decisions, version"
    rights = granted("meeting", "session", app=f"SELECT, INSERT, UPDATE ({changed})")
    for statement in statements(COLUMNS, rights):
        op.execute(statement)
