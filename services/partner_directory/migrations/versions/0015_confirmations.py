"""A cell's data protection officer confirms a legal basis; everybody reads which cells have."""

from alembic import op

from services.kit.schema import TENANT, statements

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

# Read by all, written for the cell of the act alone, and never changed.
CONFIRMATIONS = f"""
CREATE TABLE basis_confirmation (
    legal_basis_id uuid NOT NULL REFERENCES legal_basis (legal_basis_id),
    cell_id uuid NOT NULL REFERENCES cell (cell_id), confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (legal_basis_id, cell_id));
ALTER TABLE basis_confirmation ENABLE ROW LEVEL SECURITY;
ALTER TABLE basis_confirmation FORCE ROW LEVEL SECURITY;
CREATE POLICY read ON basis_confirmation FOR SELECT TO {APP} USING (true);
CREATE POLICY confirmed ON basis_confirmation FOR INSERT TO {APP} WITH CHECK (cell_id = {TENANT});
GRANT SELECT, INSERT ON basis_confirmation TO {APP};
"""


def upgrade() -> None:
    """Add them."""
    for statement in statements(CONFIRMATIONS):
        op.execute(statement)
