"""Marks by which signals are found that may be about one person: keyed hashes, of which no two are alike."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import statements, tenant_walls
from services.kit.walls import in_circle

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE signal_mark (
    tenant_id uuid NOT NULL, mark uuid NOT NULL, signal_id uuid NOT NULL, PRIMARY KEY (tenant_id, mark),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signal (tenant_id, signal_id));
CREATE INDEX signal_mark_signal ON signal_mark (tenant_id, signal_id);
"""
RIGHTS = {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, signal_id), DELETE"}

# Whoever reads whom the signal is about may see that it has marks, and add some; nobody changes one.
INSIDE = in_circle("signal_mark.signal_id", "identity")
WALLS = f"""
CREATE POLICY circle ON signal_mark AS RESTRICTIVE TO case_app USING ({INSIDE}) WITH CHECK ({INSIDE});
CREATE POLICY ended ON signal_mark AS RESTRICTIVE FOR DELETE TO case_erasing USING (EXISTS (
    SELECT 1 FROM signal WHERE signal.tenant_id = signal_mark.tenant_id AND signal.signal_id = signal_mark.signal_id
       AND signal.ended_at IS NOT NULL OFFSET 0));
"""


def upgrade() -> None:
    """Signals of before get theirs when their coordinator comes by: nobody else may read whom they are about."""
    made = tenant_walls("signal_mark", "case_app") + granted("case", "signal_mark", **RIGHTS)
    for statement in statements(TABLE, made + cell_of_all("case", "signal_mark"), WALLS):
        op.execute(statement)
