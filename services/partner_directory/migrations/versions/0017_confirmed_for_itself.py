"""Confirmations without row security, for all read them: a trigger keeps each act to its own cell."""

from alembic import op

from services.kit.schema import statements

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OPENED = """
DROP POLICY read ON basis_confirmation;
DROP POLICY confirmed ON basis_confirmation;
ALTER TABLE basis_confirmation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE basis_confirmation DISABLE ROW LEVEL SECURITY;
"""
OWN_CELL = (
    """
CREATE FUNCTION confirm_for_own_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.cell_id IS DISTINCT FROM current_setting('rondetafel.tenant')::uuid THEN
        RAISE EXCEPTION 'a cell confirms for itself alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER own_cell BEFORE INSERT ON basis_confirmation FOR EACH ROW EXECUTE FUNCTION confirm_for_own_cell()
""",
)


def upgrade() -> None:
    """The trigger in place of the policies."""
    for statement in [*statements(OPENED), *OWN_CELL]:
        op.execute(statement)
