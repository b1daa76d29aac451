"""A case is as urgent as its signal was; since when the last one invited is there; indexes for what waits."""

from alembic import op

from services.kit.schema import statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The owner reads past the walls for as long as it fills in what is known; its own transaction holds the locks.
TABLES = ("case_frame", "signal", "circle_entry")
OPEN = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;" for table in TABLES]
CLOSED = [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;" for table in TABLES]

# A service of before goes on for a moment and says nothing of them.
COLUMNS = """
ALTER TABLE case_frame ADD COLUMN urgent boolean NOT NULL DEFAULT false, ADD COLUMN invited_at timestamptz;
"""
FILLED = """
UPDATE case_frame SET urgent = signal.urgent FROM signal
 WHERE signal.tenant_id = case_frame.tenant_id AND signal.signal_id = case_frame.signal_id;
UPDATE case_frame SET invited_at = invited.at
  FROM (SELECT tenant_id, of_case, max(starts_at) AS at FROM circle_entry
         WHERE why IS NOT NULL GROUP BY tenant_id, of_case) AS invited
 WHERE invited.tenant_id = case_frame.tenant_id AND invited.of_case = case_frame.case_id;
"""

# What is open: where a session or an invitation asks for something, and nothing of what is done with.
LISTS = """
DROP INDEX case_frame_scheduled;
CREATE INDEX case_frame_open ON case_frame (tenant_id, case_id) WHERE state IN ('LISTED', 'SCHEDULED', 'ON_HOLD');
CREATE INDEX case_frame_invited ON case_frame (tenant_id, case_id)
    WHERE invited_at > decided_at AND state IN ('DISCUSSED', 'FOLLOW_UP', 'AFTERCARE');
GRANT UPDATE (invited_at) ON case_frame TO case_app;
"""


def upgrade() -> None:
    """What is known of the cases there are is filled in."""
    for statement in statements(COLUMNS, *OPEN, FILLED, *CLOSED, LISTS):
        op.execute(statement)
