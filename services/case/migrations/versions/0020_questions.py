"""Questions without a name: nothing in a row tells who asked, and who did finds it by a mark of their own."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import NOW, statements, tenant_walls

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE question (
    tenant_id uuid NOT NULL, question_id uuid NOT NULL, asker uuid NOT NULL, state text NOT NULL,
    asked_on date NOT NULL, answered_on date, closed_on date, erased_on date, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, question_id), UNIQUE (tenant_id, asker),
    CHECK (state IN ('ASKED', 'ANSWERED', 'CLOSED')), CHECK ((state = 'CLOSED') = (closed_on IS NOT NULL)));
CREATE INDEX question_newest ON question (tenant_id, asked_on, question_id);
CREATE TABLE question_text (
    tenant_id uuid NOT NULL, question_id uuid NOT NULL, question bytea NOT NULL, asked_by bytea NOT NULL,
    answer bytea, became bytea, PRIMARY KEY (tenant_id, question_id),
    FOREIGN KEY (tenant_id, question_id) REFERENCES question (tenant_id, question_id));
"""

# By columns, never by table: whoever reads a table reads which transaction wrote a row (xmin), and a question that
# became a signal is written with that signal, which names its reporter.
RIGHTS = {
    "question": {
        "app": "SELECT (tenant_id, question_id, asker, state, asked_on, answered_on, closed_on, erased_on, version),"
        " INSERT, UPDATE (state, answered_on, closed_on, erased_on, version)",
        "erasing": "SELECT (tenant_id, question_id, erased_on), DELETE",
    },
    "question_text": {
        "app": "SELECT (tenant_id, question_id, question, asked_by, answer, became), INSERT, UPDATE (answer, became)",
        "erasing": "SELECT (tenant_id, question_id), DELETE",
    },
}

# The marks an act names are keyed hashes of whoever acts: without the cell's key nobody can say which are another's.
OWN = (
    "(asker = ANY (ARRAY(SELECT unnest(string_to_array(nullif(current_setting('rondetafel.marks', true), ''),"
    f" ',')::uuid[]))) AND EXISTS (SELECT 1 FROM my_mandate WHERE undertaken_until > {NOW}))"
)
COORDINATES = f"EXISTS (SELECT 1 FROM my_mandate WHERE role = 'coordinator' AND undertaken_until > {NOW})"
SEEN = """EXISTS (SELECT 1 FROM question AS asked WHERE asked.tenant_id = question_text.tenant_id
       AND asked.question_id = question_text.question_id OFFSET 0)"""
WALLS = f"""
CREATE POLICY readers ON question AS RESTRICTIVE FOR SELECT TO case_app USING ({OWN} OR {COORDINATES});
CREATE POLICY asker ON question AS RESTRICTIVE FOR INSERT TO case_app WITH CHECK ({OWN});
CREATE POLICY movers ON question AS RESTRICTIVE FOR UPDATE TO case_app USING ({OWN} OR {COORDINATES});
CREATE POLICY readers ON question_text AS RESTRICTIVE TO case_app USING ({SEEN}) WITH CHECK ({SEEN});
"""


# With a term too: when a question becomes a signal, its term is written with that.
TERM = """
REVOKE SELECT ON term FROM case_app;
GRANT SELECT (tenant_id, kind, object_id, due_at, next_at, tries, state) ON term TO case_app;
"""


def upgrade() -> None:
    """The tables, their rights and walls."""
    made = [
        tenant_walls(table, "case_app") + granted("case", table, **rights) + cell_of_all("case", table)
        for table, rights in RIGHTS.items()
    ]
    for statement in statements(TABLES, *made, WALLS, TERM):
        op.execute(statement)
