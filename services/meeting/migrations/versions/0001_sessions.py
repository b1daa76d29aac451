"""The spine, sessions and decisions, and what is known of cases and circles, with their walls."""

from alembic import op

from services.kit.schema import (
    circle_0001,
    circle_walls,
    frame_walls,
    spine_0001,
    statements,
    tenant_walls,
    told_walls,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APP = "meeting_app"

SESSIONS = """
CREATE TABLE session (
    tenant_id uuid NOT NULL, session_id uuid NOT NULL, state text NOT NULL, starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL, place text NOT NULL, nis_codes text[] NOT NULL, planned_by uuid NOT NULL,
    opened_by uuid, opened_at timestamptz, decisions integer NOT NULL, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, session_id), CHECK (starts_at < ends_at));
CREATE TABLE agenda_item (
    tenant_id uuid NOT NULL, agenda_item_id uuid NOT NULL, session_id uuid NOT NULL, position integer NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, agenda_item_id),
    UNIQUE (tenant_id, session_id, position), CHECK (starts_at < ends_at),
    FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, session_id));
CREATE TABLE agenda_case (
    tenant_id uuid NOT NULL, agenda_item_id uuid NOT NULL, session_id uuid NOT NULL, case_id uuid NOT NULL,
    nis_code text NOT NULL, PRIMARY KEY (tenant_id, agenda_item_id), UNIQUE (tenant_id, session_id, case_id),
    FOREIGN KEY (tenant_id, agenda_item_id) REFERENCES agenda_item (tenant_id, agenda_item_id));
CREATE TABLE attendance (
    tenant_id uuid NOT NULL, session_id uuid NOT NULL, person_id uuid NOT NULL, seat text NOT NULL,
    PRIMARY KEY (tenant_id, session_id, person_id, seat),
    FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, session_id));
CREATE TABLE decision (
    tenant_id uuid NOT NULL, decision_id uuid NOT NULL, session_id uuid NOT NULL, agenda_item_id uuid NOT NULL,
    case_id uuid NOT NULL, outcome text NOT NULL CHECK (outcome IN ('follow_up', 'no_action')), reasons bytea NOT NULL,
    decided_by uuid NOT NULL, decided_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, decision_id),
    UNIQUE (tenant_id, agenda_item_id),
    FOREIGN KEY (tenant_id, agenda_item_id) REFERENCES agenda_item (tenant_id, agenda_item_id));
CREATE TABLE dissent (
    tenant_id uuid NOT NULL, dissent_id uuid NOT NULL, decision_id uuid NOT NULL, case_id uuid NOT NULL,
    person_id uuid NOT NULL, text bytea NOT NULL, PRIMARY KEY (tenant_id, dissent_id),
    UNIQUE (tenant_id, decision_id, person_id),
    FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, decision_id));
"""

PROJECTIONS = """
CREATE TABLE known_case (
    tenant_id uuid NOT NULL, case_id uuid NOT NULL, code text NOT NULL, nis_code text NOT NULL, state text NOT NULL,
    minor boolean NOT NULL, version bigint NOT NULL, PRIMARY KEY (tenant_id, case_id));
CREATE TABLE circle_version (
    tenant_id uuid NOT NULL, case_id uuid NOT NULL, version bigint NOT NULL, PRIMARY KEY (tenant_id, case_id));
"""

WALLED = (
    "session", "agenda_item", "agenda_case", "attendance", "decision", "dissent", "known_case", "circle_version",
)  # fmt: skip
FRAME_ROLES = ("coordinator", "mayor", "mayor_delegate")

GRANTS = f"""
GRANT SELECT, INSERT, UPDATE ON session, known_case, circle_version TO {APP};
GRANT SELECT, INSERT ON agenda_item, agenda_case, attendance, decision, dissent TO {APP};
"""


def upgrade() -> None:
    """The first tables."""
    walls = [tenant_walls(name, APP) for name in WALLED]
    walls += [frame_walls(name, "case_id", FRAME_ROLES, APP) for name in ("known_case", "agenda_case")]
    walls += [circle_walls(name, "case_id", "content", APP) for name in ("decision", "dissent")]
    walls += [told_walls("circle_entry", APP, "INSERT", "UPDATE", "DELETE")]
    walls += [told_walls(name, APP, "INSERT", "UPDATE") for name in ("circle_version", "known_case")]
    for statement in [*spine_0001("meeting"), *circle_0001(APP), *statements(SESSIONS, PROJECTIONS, *walls, GRANTS)]:
        op.execute(statement)
