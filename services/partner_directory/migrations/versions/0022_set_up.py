"""Set-up: what a cell needs before it takes cases, and whether it does; and taking back one that nobody had."""

from alembic import op

from services.kit.schema import statements

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

# Cells of before have cases: they are open.
SET_UP = f"""
ALTER TABLE cell ADD COLUMN version bigint NOT NULL DEFAULT 1, ADD COLUMN opened_at timestamptz,
    ADD COLUMN dpia_reference text NOT NULL DEFAULT '', ADD COLUMN dpia_on date, ADD COLUMN dpia_at timestamptz,
    ADD COLUMN danger_contact text NOT NULL DEFAULT '', ADD COLUMN danger_contact_at timestamptz,
    ADD COLUMN contact_at timestamptz, ADD COLUMN given_at timestamptz,
    ADD CONSTRAINT cell_state CHECK (state IN ('SETTING_UP', 'ACTIVE', 'WITHDRAWN'));
UPDATE cell SET opened_at = created_at WHERE state = 'ACTIVE';
ALTER TABLE mandate NO FORCE ROW LEVEL SECURITY; ALTER TABLE proposal NO FORCE ROW LEVEL SECURITY;
UPDATE cell SET given_at = created_at
    WHERE cell_id IN (SELECT tenant_id FROM mandate UNION SELECT tenant_id FROM proposal);
ALTER TABLE mandate FORCE ROW LEVEL SECURITY; ALTER TABLE proposal FORCE ROW LEVEL SECURITY;
GRANT UPDATE (until) ON cell_municipality TO {APP};
GRANT UPDATE (state, version, opened_at, dpia_reference, dpia_on, dpia_at, danger_contact, danger_contact_at, contact,
    contact_at, given_at) ON cell TO {APP};
"""

# Whoever gives or proposes something in a cell: the database notes it, so that no handler can forget it, and nothing is
# given in a cell that was taken back.
GIVEN = (
    """
CREATE FUNCTION note_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cell SET given_at = now() WHERE cell_id = NEW.tenant_id AND given_at IS NULL;
    IF EXISTS (SELECT 1 FROM cell WHERE cell_id = NEW.tenant_id AND state = 'WITHDRAWN') THEN
        RAISE EXCEPTION 'this cell was taken back' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
""",
    "CREATE TRIGGER given BEFORE INSERT ON mandate FOR EACH ROW EXECUTE FUNCTION note_given()",
    "CREATE TRIGGER given BEFORE INSERT ON proposal FOR EACH ROW EXECUTE FUNCTION note_given()",
    "CREATE TRIGGER given BEFORE INSERT ON invitation FOR EACH ROW EXECUTE FUNCTION note_given()",
)


def upgrade() -> None:
    """Add it."""
    for statement in [*statements(SET_UP), *GIVEN]:
        op.execute(statement)
