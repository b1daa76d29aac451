"""A draft says how long it is kept: what somebody left out when sharing lasts longer than what was not sent."""

from alembic import op

from services.kit.schema import ACTOR, NOW, statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = "ALTER TABLE draft ADD COLUMN days smallint NOT NULL DEFAULT 7 CHECK (days IN (7, 14));"
GRANTS = "GRANT SELECT (days) ON draft TO portal_erasing;"
WALLS = f"""
ALTER POLICY mine_or_old ON draft USING (person_id = {ACTOR} OR saved_at < {NOW} - make_interval(days => days));
"""


def upgrade() -> None:
    """One column, and the wall of what may be swept goes by it. The default stays: processes of before keep drafts."""
    for statement in statements(TABLES, GRANTS, WALLS):
        op.execute(statement)
