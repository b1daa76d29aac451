"""The keys by which the directory signs facts that give or take access; the private halves are sealed by the vault."""

from alembic import op

from services.kit.schema import statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

FACT_KEY = f"""
CREATE TABLE fact_key (
    key_id uuid PRIMARY KEY, public_key bytea NOT NULL CHECK (octet_length(public_key) = 32), sealed bytea NOT NULL,
    created_at timestamptz NOT NULL);
GRANT SELECT, INSERT ON fact_key TO {APP};
"""


def upgrade() -> None:
    """Make the table; the first key is made when the directory starts."""
    for statement in statements(FACT_KEY):
        op.execute(statement)
