"""What people tell their tables of themselves, seen in a cell while they sit there; and when secrecy was accepted."""

from alembic import op

from services.kit.grants import granted
from services.kit.principal import PLATFORM
from services.kit.schema import ACTOR, NOW, TENANT, statements

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SERVICE = "partner_directory"
APP = "partner_directory_app"

PROFILE = """
CREATE TABLE person_profile (
    tenant_id uuid NOT NULL, person_id uuid NOT NULL, language bytea NOT NULL, telephone bytea NOT NULL,
    reachable bytea NOT NULL, version bigint NOT NULL, PRIMARY KEY (tenant_id, person_id));
"""
RIGHTS = granted(SERVICE, "person_profile", app="SELECT, INSERT, UPDATE (language, telephone, reachable, version)")

# Written by the person alone, on the platform. In a cell it is read together with a mandate valid there now, by who
# has one there and promised secrecy; so it leaves with the mandate, and no cell keeps a copy (decision 67).
MINE = f"tenant_id = {TENANT} AND person_id = {ACTOR}"
SITS = f"""EXISTS (SELECT 1 FROM mandate WHERE mandate.tenant_id = {TENANT}
    AND mandate.person_id = person_profile.person_id AND mandate.counts_from <= {NOW}
    AND mandate.counts_until > {NOW})"""
SWORN = f"EXISTS (SELECT 1 FROM my_mandate WHERE undertaken_until > {NOW})"
WALLS = f"""
ALTER TABLE person_profile ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_profile FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON person_profile TO {APP} USING ({MINE}) WITH CHECK ({MINE});
CREATE POLICY seated ON person_profile FOR SELECT TO {APP} USING (tenant_id = '{PLATFORM}' AND {SITS} AND {SWORN});
"""

# Each row is sealed under a key of that person on the platform: it is found where the row is.
KEYS = f"""
CREATE POLICY profile ON object_key FOR SELECT TO {APP} USING (tenant_id = '{PLATFORM}' AND EXISTS (
    SELECT 1 FROM person_profile WHERE person_profile.person_id = object_key.object_id));
CREATE POLICY profile ON cell_key FOR SELECT TO {APP} USING (tenant_id = '{PLATFORM}' AND {SWORN});
"""

# Of what was accepted before, the moment was not kept.
ACCEPTED = f"""
ALTER TABLE mandate ADD COLUMN undertaken_at timestamptz;
ALTER TABLE person_cell ADD COLUMN undertaken_at timestamptz;
GRANT UPDATE (undertaken_at) ON mandate, person_cell TO {APP};
"""


def upgrade() -> None:
    """Add them."""
    for statement in statements(PROFILE, RIGHTS, WALLS, KEYS, ACCEPTED):
        op.execute(statement)
