"""Letters tell that rules wait to be accepted, and that a person concerned is to be informed."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = (
    "('urgent_signal', 'urgent_at_deputy', 'circle_invitation', 'case_proposed', 'session_planned',"
    " 'session_cancelled', 'mandate_ends', 'undertaking_ends', 'clearance_ends', 'signal_answered', 'signal_asked',"
    " 'signal_added', 'check_wanted', 'check_answered', 'check_late', 'hold_ends', 'question_asked', 'answer_waits',"
    " 'rules_wait', 'information_due', 'table_lacks', 'table_suspended', 'table_resumed', 'sign_in_stolen')"
)


def upgrade() -> None:
    """The list of kinds, with two more."""
    op.execute("ALTER TABLE notice DROP CONSTRAINT notice_kind_check")
    op.execute(f"ALTER TABLE notice ADD CONSTRAINT notice_kind_check CHECK (kind IN {KINDS})")
