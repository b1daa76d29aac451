"""Letters tell of a question without a name, and that an answer waits."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KINDS = (
    "('urgent_signal', 'circle_invitation', 'case_proposed', 'session_planned', 'session_cancelled', 'mandate_ends',"
    " 'undertaking_ends', 'clearance_ends', 'check_wanted', 'check_answered', 'check_late', 'hold_ends',"
    " 'signal_answered', 'table_lacks', 'table_suspended', 'table_resumed', 'sign_in_stolen', 'question_asked',"
    " 'answer_waits')"
)


def upgrade() -> None:
    """The list of kinds, with two more."""
    op.execute("ALTER TABLE notice DROP CONSTRAINT notice_kind_check")
    op.execute(f"ALTER TABLE notice ADD CONSTRAINT notice_kind_check CHECK (kind IN {KINDS})")
