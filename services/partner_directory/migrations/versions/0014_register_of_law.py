"""The host keeps the register of legal bases: by new versions and last days alone."""

from alembic import op

from services.kit.schema import statements

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

REGISTER = f"""
ALTER TABLE legal_basis ADD COLUMN legal_basis_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD CONSTRAINT ends_after_it_begins CHECK (in_force_to >= in_force_from);
ALTER TABLE legal_basis ALTER COLUMN legal_basis_id DROP DEFAULT, ALTER COLUMN version DROP DEFAULT;
GRANT INSERT, UPDATE (in_force_to, version) ON legal_basis TO {APP};
CREATE TABLE basis_use (
    legal_basis text NOT NULL, ends_on date NOT NULL, mandates bigint NOT NULL CHECK (mandates >= 0),
    PRIMARY KEY (legal_basis, ends_on));
GRANT SELECT, INSERT, UPDATE (mandates) ON basis_use TO {APP};
ALTER TABLE mandate NO FORCE ROW LEVEL SECURITY;
INSERT INTO basis_use SELECT legal_basis, (ends_at AT TIME ZONE 'Europe/Brussels')::date, count(*) FROM mandate
    WHERE legal_basis <> '' GROUP BY 1, 2;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY;
"""
COUNTING = """
CREATE FUNCTION count_basis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE basis_use SET mandates = mandates - 1
         WHERE legal_basis = OLD.legal_basis AND ends_on = (OLD.ends_at AT TIME ZONE 'Europe/Brussels')::date;
    END IF;
    INSERT INTO basis_use AS known VALUES (NEW.legal_basis, (NEW.ends_at AT TIME ZONE 'Europe/Brussels')::date, 1)
    ON CONFLICT (legal_basis, ends_on) DO UPDATE SET mandates = known.mandates + 1;
    RETURN NULL;
END $$
"""
# At the end of the act, when it holds the counter of facts: two acts on mandates never wait for each other in a ring.
COUNTED = """
CREATE CONSTRAINT TRIGGER basis_counted AFTER INSERT OR UPDATE OF ends_at ON mandate
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.legal_basis <> '') EXECUTE FUNCTION count_basis()
"""


def upgrade() -> None:
    """Add it, with the mandates there are."""
    for statement in [*statements(REGISTER), COUNTING, COUNTED]:
        op.execute(statement)
