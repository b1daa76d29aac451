"""The clock takes away what has had its time."""

from alembic import op

from services.kit.grants import tidying_0001

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let it."""
    for statement in tidying_0001("meeting"):
        op.execute(statement)
