"""Walls look at the circle of each row (decision 48)."""

from alembic import op

from services.kit.schema import statements
from services.kit.walls import circle_walls_0002, frame_walls_0003, places_0001

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FRAME_ROLES = ("coordinator", "mayor", "mayor_delegate")


def upgrade() -> None:
    """The views first, of which the walls are made."""
    walls = [
        *(frame_walls_0003(table, "case_id", FRAME_ROLES) for table in ("known_case", "agenda_case")),
        *(circle_walls_0002(table, "case_id", "content") for table in ("decision", "dissent")),
    ]
    for statement in [*places_0001("meeting_app"), *statements(*walls)]:
        op.execute(statement)
