"""Indexes for the sessions of one case."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """By case."""
    for table in ("agenda_case", "decision"):
        op.execute(f"CREATE INDEX {table}_case ON {table} (tenant_id, case_id)")
