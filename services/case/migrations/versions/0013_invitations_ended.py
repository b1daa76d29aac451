"""An invitation can be ended, and remembers when its person first opened the case; nothing else of it changes."""

from alembic import op

from services.kit.schema import statements

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Of invitations of before it is not known whether the person opened the case: they count as opened. The ties of a row
# are checked at once: with checks to come its table cannot be altered any more.
COLUMNS = """
ALTER TABLE circle_entry ADD COLUMN opened_at timestamptz, ADD COLUMN ended_by uuid, ADD COLUMN end_reason text,
    ADD CHECK (num_nonnulls(ended_by, end_reason) IN (0, 2));
ALTER TABLE circle_entry NO FORCE ROW LEVEL SECURITY;
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE circle_entry SET opened_at = starts_at WHERE why IS NOT NULL;
ALTER TABLE circle_entry FORCE ROW LEVEL SECURITY;
GRANT UPDATE (opened_at, ended_by, end_reason) ON circle_entry TO case_app;
DROP POLICY seats ON circle_entry;
"""

# A policy cannot compare a row with what it was. As under the policy before, what must not be changed is passed over.
# The moment of an act is a setting, which a stolen password sets: so an end only ever comes nearer, and comes once.
KEEPER = """
CREATE FUNCTION keep_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE actor uuid := nullif(current_setting('rondetafel.actor', true), '')::uuid;
BEGIN
    IF OLD.why IS NULL OR OLD.ended_by IS NOT NULL
        OR (NEW.parts, NEW.starts_at) IS DISTINCT FROM (OLD.parts, OLD.starts_at) THEN
        RETURN NULL;
    ELSIF NEW.ended_by = actor AND NEW.ends_at < OLD.ends_at AND NEW.opened_at IS NOT DISTINCT FROM OLD.opened_at THEN
        RETURN NEW;
    ELSIF NEW.ended_by IS NULL AND NEW.ends_at = OLD.ends_at AND OLD.opened_at IS NULL AND OLD.person_id = actor THEN
        RETURN NEW;
    END IF;
    RETURN NULL;
END $$
"""
KEPT = (
    """
CREATE TRIGGER invitations_stay BEFORE UPDATE ON circle_entry
FOR EACH ROW WHEN (OLD.person_id IS NOT NULL) EXECUTE FUNCTION keep_invitation()
""",
    "ALTER TABLE circle_entry ENABLE ALWAYS TRIGGER invitations_stay",
)


def upgrade() -> None:
    """The trigger last: the rows of before are marked without it."""
    for statement in [*statements(COLUMNS), KEEPER, *KEPT]:
        op.execute(statement)
