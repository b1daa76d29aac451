"""One more kind of notice: an open table lacks something again."""

from alembic import op

from services.kit.schema import statements

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KINDS = (
    "('urgent_signal', 'circle_invitation', 'case_proposed', 'session_planned', 'session_cancelled', 'mandate_ends',"
    " 'undertaking_ends', 'clearance_ends', 'table_lacks')"
)

WIDER = f"""
ALTER TABLE notice DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN {KINDS});
"""


def upgrade() -> None:
    """Widen it."""
    for statement in statements(WIDER):
        op.execute(statement)
