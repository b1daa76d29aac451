"""The texts a cell gives itself, in versions; who accepted them; since when it has an undertaking of its own."""

from alembic import op

from services.kit.schema import statements, tenant_walls

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

# One waits for the mayor at most, and on a day no two begin.
RULES = f"""
CREATE TABLE rules (
    tenant_id uuid NOT NULL, rules_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('internal_rules', 'cooperation_protocol', 'undertaking')),
    state text NOT NULL CHECK (state IN ('PROPOSED', 'DECIDED', 'SENT_BACK', 'REPLACED')),
    format text NOT NULL CHECK (format IN ('text', 'pdf')), text_nl bytea, text_fr bytea, text_de bytea,
    drafted_by uuid NOT NULL, drafted_at timestamptz NOT NULL, decided_by uuid, decided_at timestamptz,
    in_force_from date, reason bytea, upload_id uuid, file_size bigint, reminded_at timestamptz,
    version bigint NOT NULL, PRIMARY KEY (tenant_id, rules_id), CHECK ((format = 'pdf') = (upload_id IS NOT NULL)),
    CHECK ((state = 'DECIDED') = (in_force_from IS NOT NULL)));
CREATE UNIQUE INDEX rules_waiting ON rules (tenant_id, kind) WHERE state = 'PROPOSED';
CREATE UNIQUE INDEX rules_first_day ON rules (tenant_id, kind, in_force_from) WHERE state = 'DECIDED';
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, in_force_from, reason, reminded_at, version)
    ON rules TO {APP};
"""

# A file in parts, as it came; one that was never used is emptied after a day.
PARTS = f"""
CREATE TABLE rules_part (
    tenant_id uuid NOT NULL, upload_id uuid NOT NULL, place bigint NOT NULL CHECK (place BETWEEN 1 AND 20),
    parts bigint NOT NULL CHECK (parts BETWEEN place AND 20), uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL, content bytea, PRIMARY KEY (tenant_id, upload_id, place));
GRANT SELECT, INSERT, UPDATE (content) ON rules_part TO {APP};
"""

# For internal rules the party is the person, for a protocol the organisation. Never changed.
ACCEPTANCES = f"""
CREATE TABLE rules_acceptance (
    tenant_id uuid NOT NULL, rules_id uuid NOT NULL, party_id uuid NOT NULL, person_id uuid NOT NULL,
    accepted_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, rules_id, party_id),
    FOREIGN KEY (tenant_id, rules_id) REFERENCES rules (tenant_id, rules_id));
CREATE INDEX rules_acceptance_person ON rules_acceptance (tenant_id, person_id);
GRANT SELECT, INSERT ON rules_acceptance TO {APP};
"""

# Read for all tables of somebody at once, on the platform: which version, and no word of it. A cell writes its own.
OWN_UNDERTAKINGS = f"""
CREATE TABLE cell_undertaking (
    cell_id uuid NOT NULL REFERENCES cell (cell_id), in_force_from date NOT NULL, rules_id uuid NOT NULL,
    PRIMARY KEY (cell_id, in_force_from));
GRANT SELECT, INSERT ON cell_undertaking TO {APP};
CREATE TRIGGER own_cell BEFORE INSERT ON cell_undertaking FOR EACH ROW EXECUTE FUNCTION confirm_for_own_cell();
"""


def upgrade() -> None:
    """Add them."""
    walls = [tenant_walls(table, APP) for table in ("rules", "rules_part", "rules_acceptance")]
    for statement in statements(RULES, PARTS, ACCEPTANCES, *walls, OWN_UNDERTAKINGS):
        op.execute(statement)
