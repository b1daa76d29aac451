"""The role `keys` wraps keys anew."""

from alembic import op

from services.kit.grants import rotation_0001

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Grant what the rotation needs (decision 34)."""
    for statement in rotation_0001("audit"):
        op.execute(statement)
