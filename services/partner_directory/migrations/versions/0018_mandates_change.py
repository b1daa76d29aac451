"""Mandates are extended, changed and suspended: when one counts stands beside its ends, and the walls compare that."""

from alembic import op

from services.kit.schema import ACTOR, NOW, TENANT, statements

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

COUNTS = """
ALTER TABLE mandate ADD COLUMN counts_from timestamptz, ADD COLUMN counts_until timestamptz,
    ADD COLUMN suspended_at timestamptz, ADD COLUMN suspended_by uuid, ADD COLUMN suspension_reason text,
    ADD COLUMN suspended_with uuid;
ALTER TABLE person_cell ADD COLUMN counts_from timestamptz, ADD COLUMN counts_until timestamptz;
ALTER TABLE mandate NO FORCE ROW LEVEL SECURITY; ALTER TABLE person_cell NO FORCE ROW LEVEL SECURITY;
UPDATE mandate SET counts_from = starts_at, counts_until = ends_at;
UPDATE person_cell SET counts_from = starts_at, counts_until = ends_at;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY; ALTER TABLE person_cell FORCE ROW LEVEL SECURITY;
ALTER TABLE mandate ALTER COLUMN counts_from SET NOT NULL, ALTER COLUMN counts_until SET NOT NULL,
    ADD CONSTRAINT counts_within CHECK (counts_from >= starts_at AND counts_until <= ends_at),
    ADD CONSTRAINT suspended_whole CHECK (num_nulls(suspended_at, suspended_by, suspension_reason) IN (0, 3));
ALTER TABLE person_cell ALTER COLUMN counts_from SET NOT NULL, ALTER COLUMN counts_until SET NOT NULL;
"""
# What was given before is warned of as well, from the next moment on.
WARNED = """
ALTER TABLE mandate NO FORCE ROW LEVEL SECURITY; ALTER TABLE term NO FORCE ROW LEVEL SECURITY;
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at)
SELECT tenant_id, 'clearance', mandate_id, at, at
FROM (SELECT tenant_id, mandate_id, min(clearance_ends_at - ahead) AS at
        FROM mandate, unnest(ARRAY[interval '1440 hours', interval '336 hours', interval '0 hours']) AS ahead
       WHERE end_reason IS NULL AND clearance_ends_at - ahead BETWEEN now() AND ends_at
       GROUP BY tenant_id, mandate_id) AS named;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY; ALTER TABLE term FORCE ROW LEVEL SECURITY;
"""
GRANTS = f"""
GRANT UPDATE (nis_codes, clearance_ends_at, counts_from, counts_until, suspended_at, suspended_by, suspension_reason,
    suspended_with) ON mandate TO {APP};
GRANT UPDATE (counts_from, counts_until) ON person_cell TO {APP};
"""
# The columns are those of the first migration, and stay: `begin_act` answers with them.
WALL = f"""
CREATE OR REPLACE VIEW my_mandate WITH (security_invoker = true) AS
    SELECT tenant_id, mandate_id, person_id, organisation_id, organisation_kind, role, nis_codes, starts_at, ends_at,
           legal_basis, clearance_ends_at, undertaken_until, undertaking_version, fact_version, invited_by, invited_at,
           ended_by, end_reason, version
      FROM mandate
     WHERE tenant_id = {TENANT} AND person_id = {ACTOR} AND counts_from <= {NOW} AND counts_until > {NOW}
"""


def upgrade() -> None:
    """Add them; what is there counts from its beginning to its end."""
    for statement in statements(COUNTS, WARNED, GRANTS, WALL):
        op.execute(statement)
