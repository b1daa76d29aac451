"""Which cells take cases, as the directory tells it."""

from alembic import op

from services.kit.grants import granted
from services.kit.principal import PLATFORM
from services.kit.schema import statements

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Cells of before have cases: they are open. What the directory tells of them later has a higher version.
CELL_STATE = f"""
CREATE TABLE cell_state (cell_id uuid PRIMARY KEY, state text NOT NULL, version bigint NOT NULL);
INSERT INTO cell_state SELECT cell_id, 'ACTIVE', 1 FROM known_cell WHERE cell_id <> '{PLATFORM}';
"""
RIGHTS = granted("case", "cell_state", app="SELECT", hearing="SELECT, INSERT, UPDATE (state, version)")


def upgrade() -> None:
    """Add them."""
    for statement in statements(CELL_STATE, RIGHTS):
        op.execute(statement)
