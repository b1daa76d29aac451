"""What comes of a signal that becomes no case: what the reporter reads, and why, for coordinators alone."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import ACTOR, statements, tenant_walls
from services.kit.walls import in_circle

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE signal ADD COLUMN ended_at timestamptz, ADD COLUMN worked_at timestamptz,
    ADD CHECK ((ended_at IS NOT NULL) = (state IN ('NOT_RETAINED', 'REDIRECTED', 'WITHDRAWN')));
CREATE TABLE signal_outcome (
    tenant_id uuid NOT NULL, signal_id uuid NOT NULL, nis_code text NOT NULL, decided_at timestamptz NOT NULL,
    decided_by uuid NOT NULL, help text, told bytea, PRIMARY KEY (tenant_id, signal_id),
    FOREIGN KEY (tenant_id, signal_id, nis_code) REFERENCES signal (tenant_id, signal_id, nis_code));
CREATE TABLE signal_reason (
    tenant_id uuid NOT NULL, signal_id uuid NOT NULL, nis_code text NOT NULL, decided_by uuid NOT NULL,
    reason text, noted bytea, PRIMARY KEY (tenant_id, signal_id),
    FOREIGN KEY (tenant_id, signal_id, nis_code) REFERENCES signal (tenant_id, signal_id, nis_code));
"""

RIGHTS = {
    "signal_outcome": {"app": "SELECT, INSERT, UPDATE (decided_at, decided_by, help, told)"},
    "signal_reason": {"app": "SELECT, INSERT, UPDATE (decided_by, reason, noted)"},
}

COORDINATES = "nis_code = ANY (ARRAY(SELECT unnest(nis_codes) FROM my_mandate WHERE role = 'coordinator'))"


def said_by(table: str) -> str:
    """The condition that a row is written by a coordinator of its town who reads the signal, in the own name."""
    return f"decided_by = {ACTOR} AND {COORDINATES} AND {in_circle(f'{table}.signal_id', 'content')}"


# What is said to the reporter is for the circle of the signal; why, for those in it who coordinate the town.
WALLS = f"""
CREATE POLICY circle ON signal_outcome AS RESTRICTIVE TO case_app
    USING ({in_circle("signal_outcome.signal_id", "content")}) WITH CHECK ({said_by("signal_outcome")});
CREATE POLICY keepers ON signal_reason AS RESTRICTIVE TO case_app
    USING ({COORDINATES} AND {in_circle("signal_reason.signal_id", "content")})
    WITH CHECK ({said_by("signal_reason")});
GRANT UPDATE (ended_at, worked_at) ON signal TO case_app;
"""


def upgrade() -> None:
    """The tables first."""
    made = [
        tenant_walls(table, "case_app") + granted("case", table, **rights) + cell_of_all("case", table)
        for table, rights in RIGHTS.items()
    ]
    for statement in statements(TABLES, *made, WALLS):
        op.execute(statement)
