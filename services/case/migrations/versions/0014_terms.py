"""What falls due at a moment."""

from alembic import op

from services.kit.grants import terms_0001

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the terms; nothing sets one yet."""
    for statement in terms_0001("case"):
        op.execute(statement)
