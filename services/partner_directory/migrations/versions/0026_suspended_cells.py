"""A cell that the host suspended, and its mandates, which count for nothing meanwhile."""

from alembic import op

from services.kit.schema import statements

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

APP = "partner_directory_app"
KINDS = (
    "('urgent_signal', 'circle_invitation', 'case_proposed', 'session_planned', 'session_cancelled', 'mandate_ends',"
    " 'undertaking_ends', 'clearance_ends', 'table_lacks', 'table_suspended', 'table_resumed')"
)

SUSPENDED = f"""
ALTER TABLE cell ADD COLUMN suspended_at timestamptz, ADD COLUMN suspension_reason text,
    DROP CONSTRAINT cell_state,
    ADD CONSTRAINT cell_state CHECK (state IN ('SETTING_UP', 'ACTIVE', 'SUSPENDED', 'WITHDRAWN')),
    ADD CONSTRAINT cell_suspended CHECK (
        num_nulls(suspended_at, suspension_reason) = CASE WHEN state = 'SUSPENDED' THEN 0 ELSE 2 END
    );
ALTER TABLE mandate ADD COLUMN cell_suspended_at timestamptz;
GRANT UPDATE (suspended_at, suspension_reason) ON cell TO {APP};
GRANT UPDATE (cell_suspended_at) ON mandate TO {APP};
ALTER TABLE notice DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN {KINDS});
"""


def upgrade() -> None:
    """Add it."""
    for statement in statements(SUSPENDED):
        op.execute(statement)
