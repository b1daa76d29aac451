"""An entry of a circle without parts keeps its person out, whatever seat that person holds (invariant 21)."""

from alembic import op

from services.kit.schema import ACTOR, TENANT, statements
from services.kit.walls import circle_unless_0001

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

IS_KEPT_OUT = f"""(object_id = ANY (ARRAY(
    SELECT object_id FROM circle_entry WHERE tenant_id = {TENANT} AND person_id = {ACTOR} AND parts = '{{}}')))"""
INDEX = "CREATE INDEX circle_entry_kept_out ON circle_entry (tenant_id, person_id) WHERE parts = '{}';"


def upgrade() -> None:
    """The view of which the walls are made."""
    for statement in statements(INDEX, circle_unless_0001(IS_KEPT_OUT)):
        op.execute(statement)
