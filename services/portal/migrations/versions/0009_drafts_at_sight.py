"""A sign-in says whether its person keeps drafts; what is in them stays for that person alone, sealed."""

from alembic import op

from services.kit.schema import ACTOR, TENANT

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OF_THE_SESSION = (
    f"(SELECT person_id FROM session WHERE tenant_id = {TENANT}"
    " AND session_id = nullif(current_setting('rondetafel.about', true), '')::uuid)"
)
"""As for preferences since 0004: the portal itself sees what belongs to the session it names, and writes none of it."""


def upgrade() -> None:
    """One wall lets the sign-in of the request through."""
    op.execute(f"ALTER POLICY mine ON draft USING (person_id = {ACTOR} OR person_id = {OF_THE_SESSION})")
