"""The spine, the log with its erasable details, and the positions of the producers."""

from alembic import op

from services.kit.schema import SYSTEM, spine_0001, statements, tenant_walls, told_walls

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APP = "audit_app"

# `entry.at`, `.verb` and `.actor` repeat what the leaf says, for the search.
# `entry_detail.pseudonym` is the object whose key seals the row; empty: the cell's key.
TABLES = """
CREATE TABLE log (
    tenant_id uuid NOT NULL PRIMARY KEY, size bigint NOT NULL CHECK (size >= 0));
CREATE TABLE entry (
    tenant_id uuid NOT NULL, index bigint NOT NULL CHECK (index >= 0), record_id uuid NOT NULL,
    leaf bytea NOT NULL CHECK (length(leaf) <= 2048), at timestamptz NOT NULL, verb text NOT NULL,
    actor bytea NOT NULL, PRIMARY KEY (tenant_id, index), UNIQUE (tenant_id, record_id));
CREATE INDEX entry_at ON entry (tenant_id, at);
CREATE INDEX entry_actor ON entry (tenant_id, actor, index);
CREATE TABLE entry_detail (
    tenant_id uuid NOT NULL, index bigint NOT NULL, pseudonym bytea NOT NULL, sealed bytea NOT NULL,
    PRIMARY KEY (tenant_id, index, pseudonym));
CREATE INDEX entry_detail_object ON entry_detail (tenant_id, pseudonym, index) WHERE pseudonym <> '';
CREATE TABLE object_name (
    tenant_id uuid NOT NULL, pseudonym bytea NOT NULL, sealed bytea NOT NULL, PRIMARY KEY (tenant_id, pseudonym));
CREATE TABLE producer_position (
    tenant_id uuid NOT NULL, producer text NOT NULL, epoch uuid NOT NULL, highest bigint NOT NULL,
    height bigint NOT NULL, height_at timestamptz, PRIMARY KEY (tenant_id, producer, epoch));
CREATE TABLE producer_gap (
    tenant_id uuid NOT NULL, producer text NOT NULL, epoch uuid NOT NULL, first_seq bigint NOT NULL,
    last_seq bigint NOT NULL, noticed_at timestamptz NOT NULL, CHECK (first_seq <= last_seq),
    PRIMARY KEY (tenant_id, producer, epoch, first_seq));
CREATE TABLE finding (
    tenant_id uuid NOT NULL, finding_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('hole', 'height_missed', 'seq_twice')), producer text NOT NULL,
    epoch uuid NOT NULL, first_seq bigint NOT NULL, last_seq bigint NOT NULL, found_at timestamptz NOT NULL,
    resolved_at timestamptz, PRIMARY KEY (tenant_id, finding_id));
CREATE INDEX finding_open ON finding (tenant_id, producer, epoch) WHERE resolved_at IS NULL;
"""

# Entries, details and findings can be added, never changed or taken away; a finding is closed by a date.
GRANTS = f"""
GRANT SELECT, INSERT ON log, entry, entry_detail, object_name, producer_position, producer_gap, finding TO {APP};
GRANT UPDATE (size) ON log TO {APP};
GRANT UPDATE (highest, height, height_at) ON producer_position TO {APP};
GRANT UPDATE (resolved_at) ON finding TO {APP};
GRANT DELETE ON producer_gap, object_name TO {APP};
"""

WALLED = ("log", "entry", "entry_detail", "object_name", "producer_position", "producer_gap", "finding")
TOLD = {
    "log": ("INSERT", "UPDATE"),
    "entry": ("INSERT",),
    "entry_detail": ("INSERT",),
    "object_name": ("INSERT", "DELETE"),
    "producer_position": ("INSERT", "UPDATE"),
    "producer_gap": ("INSERT", "DELETE"),
    "finding": ("INSERT", "UPDATE"),
}
READ_BY_FEW = ("entry", "entry_detail", "object_name")


def reader_walls(table: str) -> str:
    """SQL of the restrictive wall: rows are read by the DPO, by oversight and by our named processes alone."""
    reader = "(SELECT EXISTS (SELECT 1 FROM my_mandate WHERE role IN ('dpo', 'oversight')))"
    return f"CREATE POLICY reader ON {table} AS RESTRICTIVE FOR SELECT TO {APP} USING ({SYSTEM} OR {reader});"


def upgrade() -> None:
    """The first tables."""
    walls = [tenant_walls(name, APP) for name in WALLED]
    walls += [reader_walls(name) for name in READ_BY_FEW]
    walls += [told_walls(name, APP, *verbs) for name, verbs in TOLD.items()]
    for statement in [*spine_0001("audit"), *statements(TABLES, *walls, GRANTS)]:
        op.execute(statement)
