"""People who act for the host, walled off on the platform; and the colour of a cell's pages."""

from alembic import op

from services.kit.principal import PLATFORM
from services.kit.schema import ACTOR, TENANT, statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

COLOUR = f"""
ALTER TABLE cell ADD COLUMN brand_colour text NOT NULL DEFAULT ''
    CHECK (brand_colour = '' OR brand_colour ~ '^#[0-9a-f]{{6}}$');
GRANT UPDATE (brand_colour) ON cell TO {APP};
"""

# The host's people are for no town. In a cell their role would grant nothing; it shall not even stand there.
HOST = f"""
ALTER TABLE mandate DROP CONSTRAINT mandate_nis_codes_check;
ALTER TABLE mandate ADD CONSTRAINT mandate_towns CHECK (cardinality(nis_codes) > 0 OR role = 'host');
ALTER TABLE mandate ADD CONSTRAINT mandate_host CHECK (role <> 'host' OR tenant_id = '{PLATFORM}');
"""

# Everybody signed in acts on the platform to find their own cells. So its rows are seen by whom they are about and by
# who gave them; a name also by the act about that person.
MANDATES = f"tenant_id = {TENANT} AND (tenant_id <> '{PLATFORM}' OR {ACTOR} IN (person_id, invited_by))"
ABOUT = "(SELECT coalesce(current_setting('rondetafel.about', true), ''))"
NAMES = f"tenant_id = {TENANT} AND (tenant_id <> '{PLATFORM}' OR person_id = {ACTOR} OR person_id::text = {ABOUT})"
WALLS = f"""
ALTER POLICY cell ON mandate USING ({MANDATES}) WITH CHECK ({MANDATES});
ALTER POLICY cell ON cell_person USING ({NAMES}) WITH CHECK ({NAMES});
"""


def upgrade() -> None:
    """Add them."""
    for statement in statements(COLOUR, HOST, WALLS):
        op.execute(statement)
