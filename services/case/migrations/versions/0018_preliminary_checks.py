"""The preliminary check of a signal: asked of the police seat, answered without a word of why, and who sees that."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import ACTOR, NOW, TENANT, statements, tenant_walls
from services.kit.walls import in_circle

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE signal ADD CONSTRAINT signal_of_town UNIQUE (tenant_id, signal_id, nis_code);
CREATE TABLE preliminary_check (
    tenant_id uuid NOT NULL, signal_id uuid NOT NULL, nis_code text NOT NULL, minor boolean NOT NULL,
    urgent boolean NOT NULL, started_at timestamptz NOT NULL, started_by uuid NOT NULL, due_on date NOT NULL,
    ended_at timestamptz, PRIMARY KEY (tenant_id, signal_id), UNIQUE (tenant_id, signal_id, nis_code),
    FOREIGN KEY (tenant_id, signal_id, nis_code) REFERENCES signal (tenant_id, signal_id, nis_code));
CREATE INDEX preliminary_check_open ON preliminary_check (tenant_id, nis_code) WHERE ended_at IS NULL;
CREATE TABLE check_answer (
    tenant_id uuid NOT NULL, signal_id uuid NOT NULL, number bigint NOT NULL CHECK (number > 0),
    nis_code text NOT NULL, answer text NOT NULL CHECK (answer IN ('no_objection', 'hold')), hold_until date,
    answered_at timestamptz NOT NULL, answered_by uuid NOT NULL, PRIMARY KEY (tenant_id, signal_id, number),
    CHECK ((answer = 'hold') = (hold_until IS NOT NULL)),
    FOREIGN KEY (tenant_id, signal_id, nis_code) REFERENCES preliminary_check (tenant_id, signal_id, nis_code));
ALTER TABLE case_frame ADD COLUMN unchecked text NOT NULL DEFAULT '';
"""

# The police seat comes into the circle of a signal by its check alone, which vouches for the town as a case does, and
# to no more than frame and identity. The column of before is made anew, for what it is made of cannot be changed.
CIRCLE = """
ALTER TABLE circle_entry ADD COLUMN checks boolean NOT NULL DEFAULT false,
    ADD CHECK (NOT checks OR (seat = 'police' AND why IS NULL AND parts <@ ARRAY['frame', 'identity']));
ALTER TABLE circle_entry DROP CONSTRAINT circle_entry_case;
ALTER TABLE circle_entry DROP COLUMN of_case;
ALTER TABLE circle_entry
    ADD COLUMN of_case uuid GENERATED ALWAYS AS
        (CASE WHEN why IS NOT NULL OR (seat <> 'coordinator' AND NOT checks) THEN object_id END) STORED,
    ADD COLUMN of_check uuid GENERATED ALWAYS AS (CASE WHEN checks THEN object_id END) STORED;
CREATE INDEX circle_entry_holder ON circle_entry (tenant_id, holder, object_id) WHERE of_case IS NOT NULL;
ALTER TABLE circle_entry ADD CONSTRAINT circle_entry_case FOREIGN KEY (tenant_id, of_case, nis_code)
    REFERENCES case_frame (tenant_id, case_id, nis_code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE circle_entry ADD CONSTRAINT circle_entry_of_check FOREIGN KEY (tenant_id, of_check, nis_code)
    REFERENCES preliminary_check (tenant_id, signal_id, nis_code) DEFERRABLE INITIALLY DEFERRED;
"""

RIGHTS = {
    "preliminary_check": {"app": "SELECT, INSERT, UPDATE (ended_at)", "hearing": "SELECT"},
    "check_answer": {"app": "SELECT, INSERT", "hearing": "SELECT"},
}


def towns_as(*roles: str) -> str:
    """The condition that the caller holds one of these roles for the town of the row."""
    named = ", ".join(f"'{role}'" for role in roles)
    return f"nis_code = ANY (ARRAY(SELECT unnest(nis_codes) FROM my_mandate WHERE role IN ({named})))"


INSIDE = towns_as("coordinator", "mayor", "mayor_delegate")
POLICE = towns_as("police_chief", "information_officer")

# An answer may be a hold: only who knows of one sees that there is an answer, and the seat that gave it.
WALLS = f"""
CREATE POLICY readers ON preliminary_check AS RESTRICTIVE FOR SELECT TO case_app USING (
    {INSIDE} OR ({POLICE} AND ended_at IS NULL AND {in_circle("preliminary_check.signal_id")}));
CREATE POLICY starter ON preliminary_check AS RESTRICTIVE FOR INSERT TO case_app WITH CHECK (
    started_by = {ACTOR} AND {towns_as("coordinator")});
CREATE POLICY ender ON preliminary_check AS RESTRICTIVE FOR UPDATE TO case_app USING ({towns_as("coordinator")});
CREATE POLICY readers ON check_answer AS RESTRICTIVE FOR SELECT TO case_app USING (EXISTS (
    SELECT 1 FROM preliminary_check AS asked WHERE asked.tenant_id = check_answer.tenant_id
       AND asked.signal_id = check_answer.signal_id OFFSET 0));
CREATE POLICY answerer ON check_answer AS RESTRICTIVE FOR INSERT TO case_app WITH CHECK (
    answered_by = {ACTOR} AND {POLICE} AND EXISTS (
    SELECT 1 FROM preliminary_check AS asked WHERE asked.tenant_id = check_answer.tenant_id
       AND asked.signal_id = check_answer.signal_id AND asked.ended_at IS NULL OFFSET 0));
"""

# By the check the police read whom it is about while it goes on, whatever the end of their entry says.
IDENTITY = f"""
ALTER POLICY circle ON signal_identity USING (EXISTS (
    SELECT 1 FROM circle_entry AS entry
     WHERE entry.tenant_id = {TENANT} AND entry.object_id = signal_identity.signal_id
       AND entry.starts_at <= {NOW} AND entry.ends_at > {NOW} AND 'identity' = ANY (entry.parts)
       AND entry.holder = ANY (ARRAY(SELECT holder FROM my_place))
       AND (NOT entry.checks OR EXISTS (SELECT 1 FROM signal WHERE signal.tenant_id = entry.tenant_id
            AND signal.signal_id = entry.object_id AND signal.state = 'UNDER_CHECK' OFFSET 0)) OFFSET 0));
"""


def upgrade() -> None:
    """The tables first, of which circle and walls are made."""
    made = [
        tenant_walls(table, "case_app") + granted("case", table, **rights) + cell_of_all("case", table)
        for table, rights in RIGHTS.items()
    ]
    for statement in statements(TABLES, CIRCLE, *made, WALLS, IDENTITY):
        op.execute(statement)
