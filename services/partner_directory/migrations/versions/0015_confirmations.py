"""A cell's data protection officer confirms a legal basis; everybody reads which cells have."""

from alembic import op

from services.kit.schema import statements

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

# Read by all, so there is no wall; written for the cell of the act alone, and never changed.
CONFIRMATIONS = f"""
CREATE TABLE basis_confirmation (
    legal_basis_id uuid NOT NULL REFERENCES legal_basis (legal_basis_id),
    cell_id uuid NOT NULL REFERENCES cell (cell_id), confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (legal_basis_id, cell_id));
GRANT SELECT, INSERT ON basis_confirmation TO {APP};
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
    """Add them."""
    for statement in [*statements(CONFIRMATIONS), *OWN_CELL]:
        op.execute(statement)
