"""A draft belongs to one opening of a form, and several may lie side by side; each tells its version and device."""

from alembic import op

from services.kit.schema import statements

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Rows of before are each of an opening of their own: a page that was open then keeps beside them, never over them.
TABLES = """
ALTER TABLE draft ADD COLUMN opened uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD COLUMN device text NOT NULL DEFAULT '' CHECK (device IN ('', 'phone', 'computer'));
ALTER TABLE draft ALTER COLUMN opened DROP DEFAULT;
ALTER TABLE draft DROP CONSTRAINT draft_pkey;
ALTER TABLE draft ADD PRIMARY KEY (tenant_id, person_id, draft_id);
CREATE INDEX draft_form ON draft (tenant_id, person_id, form);
"""
GRANTS = """
GRANT UPDATE (version, device) ON draft TO portal_app;
GRANT SELECT (version) ON draft TO portal_erasing;
"""


def upgrade() -> None:
    """Three columns, and a key that no longer is the address."""
    for statement in statements(TABLES, GRANTS):
        op.execute(statement)
