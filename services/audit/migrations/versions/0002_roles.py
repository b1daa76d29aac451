"""The roles of the database part: hearing writes what is told, erasing takes away, no process names itself."""

from alembic import op

from services.kit.grants import cell_of_all, granted, spine_roles_0001, untold
from services.kit.schema import statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERVICE = "audit"

# The log is written by hearing alone, which reads of it only what it needs to leave out repeats; it seals, so it has
# keys. Readers make no key: what is not in the log has none.
GRANTS = {
    "log": {"app": "SELECT", "hearing": "SELECT, INSERT, UPDATE (size)"},
    "entry": {"app": "SELECT", "hearing": "SELECT (tenant_id, record_id), INSERT"},
    "entry_detail": {"app": "SELECT", "hearing": "INSERT"},
    "object_name": {
        "app": "SELECT", "hearing": "INSERT", "erasing": "SELECT (tenant_id, pseudonym), DELETE",
    },
    "producer_position": {"hearing": "SELECT, INSERT, UPDATE (highest, height, height_at)"},
    "producer_gap": {"hearing": "SELECT, INSERT, DELETE"},
    "finding": {"app": "SELECT", "hearing": "SELECT, INSERT, UPDATE (resolved_at)"},
}  # fmt: skip
KEYS = {
    "cell_key": {"app": "SELECT, INSERT", "hearing": "SELECT, INSERT"},
    "object_key": {
        "app": "SELECT", "hearing": "SELECT, INSERT", "erasing": "SELECT (tenant_id, object_id), DELETE",
    },
}  # fmt: skip
TOLD = {
    "log": ("INSERT", "UPDATE"),
    "entry": ("INSERT",),
    "entry_detail": ("INSERT",),
    "object_name": ("INSERT", "DELETE"),
    "producer_position": ("INSERT", "UPDATE"),
    "producer_gap": ("INSERT", "DELETE"),
    "finding": ("INSERT", "UPDATE"),
}
READER = "(SELECT EXISTS (SELECT 1 FROM my_mandate WHERE role IN ('dpo', 'oversight')))"


def upgrade() -> None:
    """Share the tables out, and close the doors for named processes."""
    made = [granted(SERVICE, table, **rights) + cell_of_all(SERVICE, table) for table, rights in GRANTS.items()]
    made += [granted(SERVICE, table, **rights) for table, rights in KEYS.items()]
    made += [untold(table, *verbs) for table, verbs in TOLD.items()]
    made += [f"ALTER POLICY reader ON {table} USING ({READER});" for table in ("entry", "entry_detail", "object_name")]
    for statement in [*spine_roles_0001(SERVICE), *statements(*made)]:
        op.execute(statement)
