"""Who hears that a session is cancelled looks whether another one treats its cases."""

from alembic import op

from services.kit.grants import granted
from services.kit.schema import statements

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Hearing reads which cases are planned, and when."""
    hearing = "SELECT (tenant_id, session_id, case_id, starts_at), INSERT, DELETE"
    for statement in statements(granted("case", "planned_case", app="SELECT", hearing=hearing)):
        op.execute(statement)
