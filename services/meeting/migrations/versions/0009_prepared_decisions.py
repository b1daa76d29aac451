"""What is prepared for the chair, behind the wall of its case, until it is decided."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import circle_walls, statements, tenant_walls
from services.kit.walls import circle_walls_0002

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

APP = "meeting_app"

TABLE = """
CREATE TABLE prepared_decision (
    tenant_id uuid NOT NULL, agenda_item_id uuid NOT NULL, session_id uuid NOT NULL, case_id uuid NOT NULL,
    text bytea NOT NULL, prepared_by uuid NOT NULL, prepared_at timestamptz NOT NULL, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, agenda_item_id),
    FOREIGN KEY (tenant_id, agenda_item_id) REFERENCES agenda_item (tenant_id, agenda_item_id));
CREATE INDEX prepared_decision_case ON prepared_decision (tenant_id, case_id);
"""


def upgrade() -> None:
    """One for each item."""
    rights = {
        "app": "SELECT, INSERT, UPDATE (text, prepared_by, prepared_at, version)",
        "erasing": "SELECT (tenant_id, agenda_item_id, case_id), DELETE",
    }
    walls = [
        tenant_walls("prepared_decision", APP),
        circle_walls("prepared_decision", "case_id", "content", APP),
        circle_walls_0002("prepared_decision", "case_id", "content"),
        granted("meeting", "prepared_decision", **rights),
        cell_of_all("meeting", "prepared_decision"),
    ]
    for statement in statements(TABLE, *walls):
        op.execute(statement)
