"""The letter that asks a new person to set up how they sign in."""

from alembic import op

from services.kit.principal import PLATFORM
from services.kit.schema import TENANT, statements, tenant_walls

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

# Who got a mandate before was told by the host, and has an account for long.
LETTER = f"""
CREATE TABLE sign_in_letter (
    tenant_id uuid NOT NULL, mandate_id uuid NOT NULL, person_id uuid NOT NULL, email bytea,
    language text NOT NULL CHECK (language IN ('nl', 'fr', 'de', 'en')), claimed_until timestamptz, sent_at timestamptz,
    PRIMARY KEY (tenant_id, mandate_id), CHECK (email IS NULL OR sent_at IS NULL));
CREATE INDEX sign_in_letter_person ON sign_in_letter (tenant_id, person_id);
GRANT SELECT, INSERT, UPDATE (email, claimed_until, sent_at) ON sign_in_letter TO {APP};
"""

# On the platform everybody signed in acts: there it is seen by the act about that letter or person alone.
ABOUT = "(SELECT coalesce(current_setting('rondetafel.about', true), ''))"
OWN = f"tenant_id = {TENANT} AND (tenant_id <> '{PLATFORM}' OR {ABOUT} IN (mandate_id::text, person_id::text))"
WALL = f"ALTER POLICY cell ON sign_in_letter USING ({OWN}) WITH CHECK ({OWN});"


def upgrade() -> None:
    """Add it."""
    for statement in statements(LETTER, tenant_walls("sign_in_letter", APP), WALL):
        op.execute(statement)
