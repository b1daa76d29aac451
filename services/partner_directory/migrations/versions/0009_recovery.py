"""How a cell that lost everybody gets somebody again."""

from alembic import op

from services.kit.principal import PLATFORM
from services.kit.schema import TENANT, statements, tenant_walls

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

# The database too lets nobody stand in two places.
RECOVERY = f"""
CREATE TABLE recovery (
    tenant_id uuid NOT NULL, recovery_id uuid NOT NULL, cell_id uuid NOT NULL,
    state text NOT NULL, email bytea, given_name bytea, family_name bytea, kbo_number text NOT NULL, role text NOT NULL,
    nis_codes text[] NOT NULL, first_day date NOT NULL, last_day date NOT NULL, legal_basis text NOT NULL,
    proposed_by uuid NOT NULL, proposed_at timestamptz NOT NULL, seconded_by uuid, seconded_at timestamptz,
    confirmed_by uuid, confirmed_at timestamptz, mandate_id uuid, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, recovery_id),
    CHECK (seconded_by <> proposed_by), CHECK (confirmed_by NOT IN (proposed_by, seconded_by)),
    CHECK (mandate_id IS NULL OR num_nonnulls(seconded_by, confirmed_by) = 2));
CREATE INDEX recovery_cell ON recovery (cell_id);
GRANT SELECT, INSERT, UPDATE (state, email, given_name, family_name, seconded_by, seconded_at, confirmed_by,
    confirmed_at, mandate_id, version) ON recovery TO {APP};
"""

# It is the platform's; the acts of the cell it is about, those of its oversight, see it and answer it.
OVERSEEN = f"""
CREATE POLICY overseen ON recovery FOR SELECT TO {APP} USING (tenant_id = '{PLATFORM}' AND cell_id = {TENANT});
CREATE POLICY answered ON recovery FOR UPDATE TO {APP} USING (tenant_id = '{PLATFORM}' AND cell_id = {TENANT});
"""


def upgrade() -> None:
    """Add it."""
    for statement in statements(RECOVERY, tenant_walls("recovery", APP), OVERSEEN):
        op.execute(statement)
