"""Outbox rows bear a seal of the service, which the relay checks."""

from alembic import op

from services.kit.grants import sealed_outbox_0001

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows that wait are sent as they are; none without a seal comes after them (decision 25)."""
    for statement in sealed_outbox_0001("partner_directory"):
        op.execute(statement)
