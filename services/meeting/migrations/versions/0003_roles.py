"""The roles of the database part: hearing writes what is told, erasing takes away, no process names itself."""

from alembic import op

from services.kit.grants import cell_of_all, frame_walls_0002, granted, spine_roles_0001, untold
from services.kit.schema import statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERVICE = "meeting"

GRANTS = {
    "session": {"app": "SELECT, INSERT, UPDATE (state, opened_by, opened_at, decisions, version)"},
    "agenda_item": {"app": "SELECT, INSERT"},
    "agenda_case": {"app": "SELECT, INSERT"},
    "attendance": {"app": "SELECT, INSERT"},
    "decision": {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, decision_id, case_id), DELETE"},
    "dissent": {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, dissent_id, decision_id, case_id), DELETE"},
    "known_case": {"app": "SELECT", "hearing": "SELECT, INSERT, UPDATE (code, nis_code, state, minor, version)"},
    "circle_version": {"hearing": "SELECT, INSERT, UPDATE (version)"},
    "circle_entry": {"app": "SELECT", "hearing": "SELECT (tenant_id, object_id), INSERT, DELETE"},
}
FRAME_ROLES = ("coordinator", "mayor", "mayor_delegate")


def upgrade() -> None:
    """Share the tables out, and close the doors for named processes."""
    made = [granted(SERVICE, table, **rights) + cell_of_all(SERVICE, table) for table, rights in GRANTS.items()]
    walls = [
        untold("circle_entry", "INSERT", "UPDATE", "DELETE"),
        *(untold(table, "INSERT", "UPDATE") for table in ("circle_version", "known_case")),
        *(frame_walls_0002(table, "case_id", FRAME_ROLES) for table in ("known_case", "agenda_case")),
    ]
    for statement in [*spine_roles_0001(SERVICE), *statements(*made, *walls)]:
        op.execute(statement)
