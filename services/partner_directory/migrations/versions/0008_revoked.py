"""Ended sign-ins and disabled identities, asked by every act."""

from alembic import op

from services.kit.revoked import revoked_0001

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The portal's word is heard: it takes a number as well.
COUNTING = "GRANT SELECT, UPDATE (newest) ON fact_counter TO partner_directory_hearing"


def upgrade() -> None:
    """One table for another; what it held is taken over."""
    revoked_0001("partner_directory", op.get_bind(), of_the_directory=True)
    op.execute(COUNTING)
