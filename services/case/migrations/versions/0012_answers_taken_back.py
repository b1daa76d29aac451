"""Who refused a case and when, and since when somebody relies on the mayor's answer; seats can leave a circle."""

from alembic import op

from services.kit.schema import statements

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Of cases of before it is not known who refused them, and a listed one counts as relied on: neither is taken back.
COLUMNS = """
ALTER TABLE case_frame ADD COLUMN refused_at timestamptz, ADD COLUMN refused_by uuid,
    ADD COLUMN relied_at timestamptz;
ALTER TABLE case_frame NO FORCE ROW LEVEL SECURITY;
UPDATE case_frame SET relied_at = listed_at WHERE listed_at IS NOT NULL;
ALTER TABLE case_frame FORCE ROW LEVEL SECURITY;
"""
GRANTS = """
GRANT UPDATE (refused_at, refused_by, relied_at) ON case_frame TO case_app;
GRANT UPDATE (relied_at) ON case_frame TO case_hearing;
GRANT UPDATE (starts_at, ends_at) ON circle_entry TO case_app;
"""


def upgrade() -> None:
    """The policy of `circle_entry` lets seats alone be changed, as before."""
    for statement in statements(COLUMNS, GRANTS):
        op.execute(statement)
