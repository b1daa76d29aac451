"""Letters say that a question about a signal waits, and that something was added to one; two kinds nobody wrote go."""

from alembic import op

from services.kit.schema import statements

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KINDS = (
    "('urgent_signal', 'urgent_at_deputy', 'circle_invitation', 'case_proposed', 'session_planned',"
    " 'session_cancelled', 'mandate_ends', 'undertaking_ends', 'clearance_ends', 'signal_answered', 'signal_asked',"
    " 'signal_added', 'check_wanted', 'check_answered', 'check_late', 'hold_ends', 'question_asked', 'answer_waits',"
    " 'table_lacks', 'table_suspended', 'table_resumed', 'sign_in_stolen')"
)

NOTICE = f"""
ALTER TABLE notice DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN {KINDS});
"""


def upgrade() -> None:
    """Let them be kept."""
    for statement in statements(NOTICE):
        op.execute(statement)
