"""The duty to inform the person concerned: what was said of it, and the clock for cases that are on the list."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import ACTOR, statements, tenant_walls

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE information (
    tenant_id uuid NOT NULL, case_id uuid NOT NULL, number bigint NOT NULL CHECK (number > 0), nis_code text NOT NULL,
    answer text NOT NULL CHECK (answer IN ('informed', 'postponed')), day date NOT NULL, why text,
    said_by uuid NOT NULL, said_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, case_id, number),
    CHECK ((answer = 'postponed') = (why IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_frame (tenant_id, case_id));
ALTER TABLE case_frame ADD COLUMN inform_by date;
CREATE INDEX case_frame_inform_by ON case_frame (tenant_id, nis_code, inform_by) WHERE inform_by IS NOT NULL;
GRANT UPDATE (inform_by) ON case_frame TO case_app;
"""
RIGHTS = {"information": {"app": "SELECT, INSERT", "hearing": "SELECT"}}
COORDINATES = "nis_code = ANY (ARRAY(SELECT unnest(nis_codes) FROM my_mandate WHERE role = 'coordinator'))"

# Whoever sees the frame of a case; said by its coordinator, in the own name.
WALLS = f"""
CREATE POLICY readers ON information AS RESTRICTIVE FOR SELECT TO case_app USING (EXISTS (
    SELECT 1 FROM case_frame WHERE case_frame.tenant_id = information.tenant_id
       AND case_frame.case_id = information.case_id OFFSET 0));
CREATE POLICY speaker ON information AS RESTRICTIVE FOR INSERT TO case_app
    WITH CHECK (said_by = {ACTOR} AND {COORDINATES});
"""

# Cases of before have a month from now on: nobody was asked.
OF_BEFORE = """
ALTER TABLE case_frame NO FORCE ROW LEVEL SECURITY; ALTER TABLE term NO FORCE ROW LEVEL SECURITY;
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE case_frame SET inform_by = CAST(now() AT TIME ZONE 'Europe/Brussels' AS date) + 30
 WHERE listed_at IS NOT NULL AND state IN ('LISTED', 'ON_HOLD', 'SCHEDULED', 'DISCUSSED', 'FOLLOW_UP', 'AFTERCARE');
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at)
SELECT tenant_id, 'information', case_id, now() + interval '23 days', now() + interval '23 days' FROM case_frame
 WHERE inform_by IS NOT NULL;
ALTER TABLE case_frame FORCE ROW LEVEL SECURITY; ALTER TABLE term FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    """The table, its rights and walls, and what falls due."""
    made = [
        tenant_walls(table, "case_app") + granted("case", table, **rights) + cell_of_all("case", table)
        for table, rights in RIGHTS.items()
    ]
    for statement in statements(TABLE, *made, WALLS, OF_BEFORE):
        op.execute(statement)
