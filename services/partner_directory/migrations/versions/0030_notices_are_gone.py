"""The role `erasing` takes away what people were written about."""

from alembic import op

from services.kit.schema import statements

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """By what it is about, and not by whom."""
    for statement in statements("GRANT SELECT (tenant_id, object_id), DELETE ON notice TO partner_directory_erasing;"):
        op.execute(statement)
