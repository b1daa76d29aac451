"""Who sits in an open session stays signed in for longer."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column; nobody sits yet."""
    op.execute("ALTER TABLE session ADD COLUMN sitting boolean NOT NULL DEFAULT false")
