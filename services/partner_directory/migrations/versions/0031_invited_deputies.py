"""Somebody is invited to stand in for a holder; and every kind of what waits may be kept, which four of the check of a
signal and one of its answer could not.
"""

from alembic import op

from services.kit.schema import statements

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KINDS = (
    "('urgent_signal', 'urgent_at_deputy', 'circle_invitation', 'case_proposed', 'session_planned',"
    " 'session_cancelled', 'mandate_ends', 'undertaking_ends', 'clearance_ends', 'signal_answered', 'signal_question',"
    " 'signal_more', 'check_wanted', 'check_answered', 'check_late', 'hold_ends', 'question_asked', 'answer_waits',"
    " 'table_lacks', 'table_suspended', 'table_resumed', 'sign_in_stolen')"
)

DEPUTY = f"""
ALTER TABLE notice DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN {KINDS});
ALTER TABLE invitation ADD COLUMN deputy_of uuid, ADD COLUMN deputy_when text,
    ADD CONSTRAINT invitation_deputy CHECK (num_nulls(deputy_of, deputy_when) IN (0, 2));
"""


def upgrade() -> None:
    """Add it."""
    for statement in statements(DEPUTY):
        op.execute(statement)
