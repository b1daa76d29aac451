"""${message}"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand first; contract in a later release. The lock time-out is the kit's (5 s)."""
    ${upgrades if upgrades else "op.execute('')"}
