"""Mandates are extended, changed and suspended, and deputies have theirs: when one counts stands beside its ends."""

from alembic import op

from services.kit.schema import ACTOR, NOW, TENANT, statements, tenant_walls

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

COUNTS = """
ALTER TABLE mandate ADD COLUMN counts_from timestamptz, ADD COLUMN counts_until timestamptz,
    ADD COLUMN suspended_at timestamptz, ADD COLUMN suspended_by uuid, ADD COLUMN suspension_reason text,
    ADD COLUMN suspended_with uuid, ADD COLUMN deputy_of uuid, ADD COLUMN deputy_for uuid, ADD COLUMN deputy_when text;
ALTER TABLE person_cell ADD COLUMN counts_from timestamptz, ADD COLUMN counts_until timestamptz;
ALTER TABLE mandate NO FORCE ROW LEVEL SECURITY; ALTER TABLE person_cell NO FORCE ROW LEVEL SECURITY;
UPDATE mandate SET counts_from = starts_at, counts_until = ends_at;
UPDATE person_cell SET counts_from = starts_at, counts_until = ends_at;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY; ALTER TABLE person_cell FORCE ROW LEVEL SECURITY;
ALTER TABLE mandate ALTER COLUMN counts_from SET NOT NULL, ALTER COLUMN counts_until SET NOT NULL,
    ADD CONSTRAINT counts_within CHECK (counts_from >= starts_at AND counts_until <= ends_at),
    ADD CONSTRAINT suspended_whole CHECK (num_nulls(suspended_at, suspended_by, suspension_reason) IN (0, 3)),
    ADD CONSTRAINT deputy_whole CHECK (num_nulls(deputy_of, deputy_for, deputy_when) IN (0, 3));
CREATE INDEX mandate_deputy ON mandate (tenant_id) WHERE deputy_of IS NOT NULL;
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
    suspended_with, deputy_of, deputy_for, deputy_when) ON mandate TO {APP};
GRANT UPDATE (counts_from, counts_until) ON person_cell TO {APP};
"""
# Days on which the holder of a seat is away: which mandate, from when until when, and nothing of why.
ABSENCE = f"""
CREATE TABLE absence (
    tenant_id uuid NOT NULL, absence_id uuid NOT NULL, mandate_id uuid NOT NULL, starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL, marked_by uuid NOT NULL, marked_at timestamptz NOT NULL, ended_by uuid,
    version bigint NOT NULL, PRIMARY KEY (tenant_id, absence_id), CHECK (ends_at >= starts_at),
    FOREIGN KEY (tenant_id, mandate_id) REFERENCES mandate (tenant_id, mandate_id));
CREATE INDEX absence_mandate ON absence (tenant_id, mandate_id);
GRANT SELECT, INSERT, UPDATE (ends_at, ended_by, version) ON absence TO {APP};
"""
# The first columns are those of the first migration, and stay: `begin_act` answers with them.
WALL = f"""
CREATE OR REPLACE VIEW my_mandate WITH (security_invoker = true) AS
    SELECT tenant_id, mandate_id, person_id, organisation_id, organisation_kind, role, nis_codes, starts_at, ends_at,
           legal_basis, clearance_ends_at, undertaken_until, undertaking_version, fact_version, invited_by, invited_at,
           ended_by, end_reason, version, deputy_for
      FROM mandate
     WHERE tenant_id = {TENANT} AND person_id = {ACTOR} AND counts_from <= {NOW} AND counts_until > {NOW}
"""


def upgrade() -> None:
    """Add them; what is there counts from its beginning to its end."""
    for statement in statements(COUNTS, WARNED, GRANTS, ABSENCE, tenant_walls("absence", APP), WALL):
        op.execute(statement)
