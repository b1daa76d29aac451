"""For whom a deputy acts."""

from alembic import op

from services.kit.grants import deputies_0001

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it to what is told of mandates."""
    for statement in deputies_0001("audit"):
        op.execute(statement)
