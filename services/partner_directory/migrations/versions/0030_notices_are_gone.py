"""Notices of signals and their checks, which no table took so far; the role `erasing` takes notices away."""

from alembic import op

from services.kit.schema import statements

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KINDS = (
    "('urgent_signal', 'circle_invitation', 'case_proposed', 'session_planned', 'session_cancelled', 'mandate_ends',"
    " 'undertaking_ends', 'clearance_ends', 'table_lacks', 'table_suspended', 'table_resumed', 'check_wanted',"
    " 'check_answered', 'check_late', 'hold_ends', 'signal_answered', 'signal_question', 'signal_more')"
)
WIDER = f"""
ALTER TABLE notice DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN {KINDS});
GRANT SELECT (tenant_id, object_id), DELETE ON notice TO partner_directory_erasing;
"""


def upgrade() -> None:
    """By what they are about, and not by whom."""
    for statement in statements(WIDER):
        op.execute(statement)
