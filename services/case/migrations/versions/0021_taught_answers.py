"""What a cell learnt from questions: its own page of questions and answers."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import NOW, statements, tenant_walls

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# No row leads to the question it came from: who asked that would be looked for.
TABLES = """
CREATE TABLE taught_answer (
    tenant_id uuid NOT NULL, answer_id uuid NOT NULL, published_on date NOT NULL, withdrawn_on date, entry bytea,
    version bigint NOT NULL, PRIMARY KEY (tenant_id, answer_id), CHECK ((withdrawn_on IS NULL) = (entry IS NOT NULL)));
CREATE INDEX taught_answer_newest ON taught_answer (tenant_id, published_on, answer_id) WHERE withdrawn_on IS NULL;
"""
RIGHTS = {"taught_answer": {"app": "SELECT, INSERT, UPDATE (withdrawn_on, entry, version)"}}
SITS = f"EXISTS (SELECT 1 FROM my_mandate WHERE undertaken_until > {NOW})"
COORDINATES = f"EXISTS (SELECT 1 FROM my_mandate WHERE role = 'coordinator' AND undertaken_until > {NOW})"
WALLS = f"""
CREATE POLICY readers ON taught_answer AS RESTRICTIVE FOR SELECT TO case_app USING ({SITS});
CREATE POLICY teachers ON taught_answer AS RESTRICTIVE FOR INSERT TO case_app WITH CHECK ({COORDINATES});
CREATE POLICY takers_back ON taught_answer AS RESTRICTIVE FOR UPDATE TO case_app USING ({COORDINATES});
"""


def upgrade() -> None:
    """The table, its rights and walls."""
    made = [
        tenant_walls(table, "case_app") + granted("case", table, **rights) + cell_of_all("case", table)
        for table, rights in RIGHTS.items()
    ]
    for statement in statements(TABLES, *made, WALLS):
        op.execute(statement)
