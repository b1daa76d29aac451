"""The roles of the database part: hearing writes what is told, erasing takes away, no process names itself."""

from alembic import op

from services.kit.grants import cell_of_all, granted, spine_roles_0001
from services.kit.schema import statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERVICE = "partner_directory"

# The directory is told no mandates, it keeps them: people give and end them, so the app does.
GRANTS = {
    "municipality": {"app": "SELECT"},
    "legal_basis": {"app": "SELECT"},
    "organisation": {"app": "SELECT, INSERT"},
    "cell": {"app": "SELECT, INSERT, UPDATE (brand_colour)"},
    "cell_municipality": {"app": "SELECT, INSERT"},
    "known_cell": {"app": "SELECT, INSERT", "hearing": "SELECT", "erasing": "SELECT"},
    "fact_counter": {"app": "SELECT, UPDATE (newest)"},
    "cell_person": {"app": "SELECT, INSERT, UPDATE (given_name, family_name)"},
    "mandate": {
        "app": "SELECT, INSERT, UPDATE (ends_at, undertaken_until, undertaking_version, fact_version, ended_by,"
        " end_reason, version)",
        "hearing": "SELECT",
        "erasing": "SELECT",
    },
    "person_cell": {"app": "SELECT, INSERT, UPDATE (ends_at, undertaken_until)"},
}


def upgrade() -> None:
    """Share the tables out."""
    made = [granted(SERVICE, table, **rights) for table, rights in GRANTS.items()]
    made += [cell_of_all(SERVICE, table) for table in ("cell_person", "mandate")]
    for statement in [*spine_roles_0001(SERVICE, projects_mandates=False), *statements(*made)]:
        op.execute(statement)
