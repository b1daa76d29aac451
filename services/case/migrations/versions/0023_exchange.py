"""The exchange inside a signal: what is asked, answered and added after it was entered, and how far it was read."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import ACTOR, statements, tenant_walls
from services.kit.walls import in_circle

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE signal_entry (
    tenant_id uuid NOT NULL, entry_id uuid NOT NULL, signal_id uuid NOT NULL, nis_code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('question', 'answer', 'addition')), answers uuid, author_id uuid NOT NULL,
    said_at timestamptz NOT NULL, language text NOT NULL, said bytea NOT NULL, PRIMARY KEY (tenant_id, entry_id),
    UNIQUE (tenant_id, signal_id, entry_id), UNIQUE (tenant_id, signal_id, answers),
    CHECK ((kind = 'answer') = (answers IS NOT NULL)),
    FOREIGN KEY (tenant_id, signal_id, nis_code) REFERENCES signal (tenant_id, signal_id, nis_code),
    FOREIGN KEY (tenant_id, signal_id, answers) REFERENCES signal_entry (tenant_id, signal_id, entry_id));
CREATE TABLE signal_seen (
    tenant_id uuid NOT NULL, signal_id uuid NOT NULL, reader_id uuid NOT NULL, seen_to timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, signal_id, reader_id),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signal (tenant_id, signal_id));
"""

# What waits begins at the signals that are open, of a town and of whoever told them.
LISTS = """
CREATE INDEX signal_open ON signal (tenant_id, nis_code) WHERE state IN ('RECEIVED', 'UNDER_CHECK');
CREATE INDEX signal_told_open ON signal (tenant_id, reporter_id) WHERE state IN ('RECEIVED', 'UNDER_CHECK');
"""

RIGHTS = {
    "signal_entry": {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, signal_id), DELETE"},
    "signal_seen": {
        "app": "SELECT, INSERT, UPDATE (seen_to)", "erasing": "SELECT (tenant_id, signal_id), DELETE",
    },
}  # fmt: skip

COORDINATES = "nis_code = ANY (ARRAY(SELECT unnest(nis_codes) FROM my_mandate WHERE role = 'coordinator'))"
TOLD = f"""EXISTS (SELECT 1 FROM signal WHERE signal.tenant_id = signal_entry.tenant_id
       AND signal.signal_id = signal_entry.signal_id AND signal.reporter_id = {ACTOR} OFFSET 0)"""
OPEN = """EXISTS (SELECT 1 FROM signal WHERE signal.tenant_id = signal_entry.tenant_id
       AND signal.signal_id = signal_entry.signal_id AND signal.state IN ('RECEIVED', 'UNDER_CHECK') OFFSET 0)"""


def ended(table: str) -> str:
    """SQL of the wall: of this table the role `erasing` takes away what is of a signal that is over."""
    return f"""
CREATE POLICY ended ON {table} AS RESTRICTIVE FOR DELETE TO case_erasing USING (EXISTS (
    SELECT 1 FROM signal WHERE signal.tenant_id = {table}.tenant_id AND signal.signal_id = {table}.signal_id
       AND signal.ended_at IS NOT NULL OFFSET 0));"""


# Read by the circle of the signal as its texts are. A coordinator of the town asks, whoever told it answers and adds,
# each in the own name. How far somebody read is that person's alone.
WALLS = f"""
CREATE POLICY circle ON signal_entry AS RESTRICTIVE FOR SELECT TO case_app
    USING ({in_circle("signal_entry.signal_id", "content")});
CREATE POLICY author ON signal_entry AS RESTRICTIVE FOR INSERT TO case_app WITH CHECK (
    author_id = {ACTOR} AND {in_circle("signal_entry.signal_id", "content")} AND {OPEN}
    AND CASE WHEN kind = 'question' THEN {COORDINATES} ELSE {TOLD} END);
CREATE POLICY own ON signal_seen AS RESTRICTIVE TO case_app
    USING (reader_id = {ACTOR} AND {in_circle("signal_seen.signal_id", "content")})
    WITH CHECK (reader_id = {ACTOR} AND {in_circle("signal_seen.signal_id", "content")});
"""


def upgrade() -> None:
    """The tables first."""
    made = [
        tenant_walls(table, "case_app") + granted("case", table, **rights) + cell_of_all("case", table)
        for table, rights in RIGHTS.items()
    ]
    for statement in statements(TABLES, LISTS, *made, WALLS, *map(ended, RIGHTS)):
        op.execute(statement)
