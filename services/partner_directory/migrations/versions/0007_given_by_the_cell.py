"""What the host proposes and the cell answers, how a mandate came about, and who was the host's in the last 90 days."""

from alembic import op

from services.kit.principal import PLATFORM
from services.kit.schema import ACTOR, TENANT, statements, tenant_walls

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

GIVEN = """
ALTER TABLE mandate ADD COLUMN given_by text NOT NULL DEFAULT 'EARLIER', ADD COLUMN opens_at timestamptz;
ALTER TABLE person_cell ADD COLUMN opens_at timestamptz;
"""

PROPOSAL = f"""
CREATE TABLE proposal (
    tenant_id uuid NOT NULL, proposal_id uuid NOT NULL, state text NOT NULL, email bytea, given_name bytea,
    family_name bytea, kbo_number text NOT NULL, role text NOT NULL, nis_codes text[] NOT NULL, first_day date NOT NULL,
    last_day date NOT NULL, legal_basis text NOT NULL, clearance_until date, proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL, decided_by uuid, decided_at timestamptz, mandate_id uuid, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, proposal_id));
GRANT SELECT, INSERT, UPDATE (state, email, given_name, family_name, decided_by, decided_at, mandate_id, version)
    ON proposal TO {APP};
"""

# Nothing of a person: in which cell, for which role, when. The contact is an address of the municipality.
ANNOUNCED = f"""
ALTER TABLE cell ADD COLUMN contact text NOT NULL DEFAULT '';
CREATE TABLE announcement (
    announcement_id uuid PRIMARY KEY, cell_id uuid NOT NULL REFERENCES cell (cell_id), what text NOT NULL,
    role text NOT NULL, at timestamptz NOT NULL, opens_at timestamptz, recorded_at timestamptz, sent_at timestamptz);
CREATE INDEX announcement_waits ON announcement (announcement_id) WHERE recorded_at IS NULL OR sent_at IS NULL;
GRANT SELECT, INSERT, UPDATE (recorded_at, sent_at) ON announcement TO {APP};
"""

# An act about one person, and none else, sees of that person: in a cell when the host was served, on the platform in
# which cells there is a mandate. So nobody is both, and no list of either is seen from the other side.
ABOUT = "person_id::text = (SELECT coalesce(current_setting('rondetafel.about', true), ''))"
APART = f"""
CREATE POLICY host_term ON mandate FOR SELECT TO {APP}
    USING (tenant_id = '{PLATFORM}' AND role = 'host' AND {ABOUT});
ALTER POLICY seen ON person_cell
    USING (tenant_id = {TENANT} OR ((person_id = {ACTOR} OR {ABOUT}) AND {TENANT} = '{PLATFORM}'));
"""


def upgrade() -> None:
    """Add them."""
    for statement in statements(GIVEN, PROPOSAL, ANNOUNCED, tenant_walls("proposal", APP), APART):
        op.execute(statement)
