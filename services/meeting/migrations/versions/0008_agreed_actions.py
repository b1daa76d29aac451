"""What was agreed in words, behind the wall of its decision."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import circle_walls, statements, tenant_walls
from services.kit.walls import circle_walls_0002

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APP = "meeting_app"

TABLE = """
CREATE TABLE agreed_action (
    tenant_id uuid NOT NULL, action_id uuid NOT NULL, decision_id uuid NOT NULL, case_id uuid NOT NULL,
    life_domain text NOT NULL, owner_id uuid NOT NULL, due_on date NOT NULL, what bytea NOT NULL,
    PRIMARY KEY (tenant_id, action_id),
    FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, decision_id));
CREATE INDEX agreed_action_decision ON agreed_action (tenant_id, decision_id);
"""


def upgrade() -> None:
    """Decisions of before have none: their actions are read by their life domain."""
    rights = {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, action_id, decision_id, case_id), DELETE"}
    walls = [
        tenant_walls("agreed_action", APP),
        circle_walls("agreed_action", "case_id", "content", APP),
        circle_walls_0002("agreed_action", "case_id", "content"),
        granted("meeting", "agreed_action", **rights),
        cell_of_all("meeting", "agreed_action"),
    ]
    for statement in statements(TABLE, *walls):
        op.execute(statement)
