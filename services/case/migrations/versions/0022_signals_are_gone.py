"""The role `erasing` takes away signals that became no case, and no others."""

from alembic import op

from services.kit.schema import statements

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF_SIGNAL = ("signal_outcome", "signal_reason", "preliminary_check", "check_answer")
GRANTS = "".join(f"GRANT SELECT (tenant_id, signal_id), DELETE ON {table} TO case_erasing;" for table in OF_SIGNAL)
GRANTS += """
GRANT SELECT (tenant_id, signal_id, ended_at, minor), DELETE ON signal TO case_erasing;
GRANT SELECT (tenant_id, object_id), DELETE ON circle_entry TO case_erasing;
"""


def ended(table: str, column: str) -> str:
    """SQL of the wall: of this table that role takes away what is of a signal that is over."""
    return f"""
CREATE POLICY ended ON {table} AS RESTRICTIVE FOR DELETE TO case_erasing USING (EXISTS (
    SELECT 1 FROM signal WHERE signal.tenant_id = {table}.tenant_id AND signal.signal_id = {table}.{column}
       AND signal.ended_at IS NOT NULL OFFSET 0));"""


WALLS = "".join(ended(table, "signal_id") for table in OF_SIGNAL) + ended("circle_entry", "object_id")
WALLS += "CREATE POLICY ended ON signal AS RESTRICTIVE FOR DELETE TO case_erasing USING (ended_at IS NOT NULL);"


def upgrade() -> None:
    """No signal is over yet: what is of before needs no term."""
    for statement in statements(GRANTS, WALLS):
        op.execute(statement)
