"""Which cases a session is planned for, who has nothing to share, drafts written anew; and indexes for what waits."""

from alembic import op

from services.kit.schema import ACTOR, circle_walls, frame_walls, statements, tenant_walls, told_walls

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APP = "case_app"

TABLES = """
CREATE TABLE planned_case (
    tenant_id uuid NOT NULL, session_id uuid NOT NULL, case_id uuid NOT NULL, nis_code text NOT NULL,
    starts_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, session_id, case_id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES planned_session (tenant_id, session_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_frame (tenant_id, case_id));
CREATE INDEX planned_case_case ON planned_case (tenant_id, case_id, starts_at);
CREATE TABLE contribution_declined (
    tenant_id uuid NOT NULL, case_id uuid NOT NULL, person_id uuid NOT NULL, declined_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, case_id, person_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_frame (tenant_id, case_id));
CREATE INDEX contribution_author ON contribution (tenant_id, author_id, case_id);
CREATE INDEX case_action_owner ON case_action (tenant_id, owner_id);
CREATE INDEX case_frame_town ON case_frame (tenant_id, nis_code, state);
CREATE INDEX signal_received ON signal (tenant_id, nis_code, received_at) WHERE state = 'RECEIVED';
"""

# Declining is not shown to other partners (invariant 5): nobody reads or writes another's row, whatever the circle.
OWN_WALLS = f"""
CREATE POLICY own ON contribution_declined AS RESTRICTIVE TO {APP}
    USING (person_id = {ACTOR}) WITH CHECK (person_id = {ACTOR});
"""

GRANTS = f"""
GRANT SELECT, INSERT, DELETE ON planned_case TO {APP};
GRANT SELECT, INSERT, UPDATE (declined_at) ON contribution_declined TO {APP};
GRANT UPDATE (text, life_domain, language) ON contribution TO {APP};
"""


def upgrade() -> None:
    """What waits for whom."""
    walls = [
        *(tenant_walls(name, APP) for name in ("planned_case", "contribution_declined")),
        frame_walls("planned_case", "case_id", ("coordinator", "mayor", "mayor_delegate"), APP),
        told_walls("planned_case", APP, "INSERT", "DELETE"),
        circle_walls("contribution_declined", "case_id", "content", APP),
    ]
    for statement in statements(TABLES, *walls, OWN_WALLS, GRANTS):
        op.execute(statement)
