"""Somebody is invited to stand in for a holder."""

from alembic import op

from services.kit.schema import statements

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

DEPUTY = """
ALTER TABLE invitation ADD COLUMN deputy_of uuid, ADD COLUMN deputy_when text,
    ADD CONSTRAINT invitation_deputy CHECK (num_nulls(deputy_of, deputy_when) IN (0, 2));
"""


def upgrade() -> None:
    """Add it."""
    for statement in statements(DEPUTY):
        op.execute(statement)
