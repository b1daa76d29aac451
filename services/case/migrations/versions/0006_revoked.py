"""Ended sign-ins and disabled identities, asked by every act."""

from alembic import op

from services.kit.revoked import revoked_0001

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table for another; what it held is taken over."""
    revoked_0001("case", op.get_bind())
