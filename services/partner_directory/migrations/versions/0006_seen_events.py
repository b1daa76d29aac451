"""Which events of the sign-in service the log has."""

from alembic import op

from services.kit.schema import statements, tenant_walls

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

SEEN = f"""
CREATE TABLE seen_event (
    tenant_id uuid NOT NULL, stream text NOT NULL,
    event_id uuid NOT NULL, happened_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, stream, event_id));
GRANT SELECT, INSERT, DELETE ON seen_event TO {APP};
"""


def upgrade() -> None:
    """Add the table."""
    for statement in statements(SEEN, tenant_walls("seen_event", APP)):
        op.execute(statement)
