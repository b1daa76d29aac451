"""Set-up: what a cell needs before it takes cases, and whether it does."""

from alembic import op

from services.kit.schema import statements

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

# Cells of before have cases: they are open.
SET_UP = f"""
ALTER TABLE cell ADD COLUMN version bigint NOT NULL DEFAULT 1, ADD COLUMN opened_at timestamptz,
    ADD COLUMN dpia_reference text NOT NULL DEFAULT '', ADD COLUMN dpia_on date, ADD COLUMN dpia_at timestamptz,
    ADD COLUMN danger_contact text NOT NULL DEFAULT '', ADD COLUMN danger_contact_at timestamptz,
    ADD COLUMN contact_at timestamptz,
    ADD CONSTRAINT cell_state CHECK (state IN ('SETTING_UP', 'ACTIVE'));
UPDATE cell SET opened_at = created_at WHERE state = 'ACTIVE';
GRANT UPDATE (state, version, opened_at, dpia_reference, dpia_on, dpia_at, danger_contact, danger_contact_at, contact,
    contact_at) ON cell TO {APP};
"""


def upgrade() -> None:
    """Add it."""
    for statement in statements(SET_UP):
        op.execute(statement)
