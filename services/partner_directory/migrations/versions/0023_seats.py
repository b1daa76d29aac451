"""Lists of seats: who was invited is found by a keyed hash of the address, and gets an account with the letter."""

from alembic import op

from services.kit.schema import statements

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

SEATS = f"""
ALTER TABLE invitation ADD COLUMN address_index bytea CHECK (length(address_index) = 32),
    ADD CONSTRAINT forgotten CHECK (state IN ('SENT', 'ACCEPTED') OR address_index IS NULL);
GRANT UPDATE (address_index) ON invitation TO {APP};
ALTER TABLE sign_in_letter ALTER COLUMN person_id DROP NOT NULL;
GRANT UPDATE (person_id) ON sign_in_letter TO {APP};
"""


def upgrade() -> None:
    """Add it."""
    for statement in statements(SEATS):
        op.execute(statement)
