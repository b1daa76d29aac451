"""The spine, signals and circles, with their walls."""

from alembic import op

from services.kit.schema import circle_0001, circle_walls, frame_walls, spine_0001, statements, tenant_walls

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APP = "case_app"

TABLES = """
CREATE TABLE signal (
    tenant_id uuid NOT NULL, signal_id uuid NOT NULL, state text NOT NULL, nis_code text NOT NULL,
    urgent boolean NOT NULL, minor boolean NOT NULL, language text NOT NULL, reporter_id uuid NOT NULL,
    received_at timestamptz NOT NULL, case_id uuid, version bigint NOT NULL, PRIMARY KEY (tenant_id, signal_id));
CREATE TABLE signal_identity (
    tenant_id uuid NOT NULL, signal_id uuid NOT NULL, person bytea NOT NULL, PRIMARY KEY (tenant_id, signal_id),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signal (tenant_id, signal_id));
CREATE TABLE signal_content (
    tenant_id uuid NOT NULL, signal_id uuid NOT NULL, observed bytea NOT NULL, tried bytea NOT NULL,
    reason bytea NOT NULL, PRIMARY KEY (tenant_id, signal_id),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signal (tenant_id, signal_id));
"""


def upgrade() -> None:
    """The first tables."""
    walls = [tenant_walls(name, APP) for name in ("signal", "signal_identity", "signal_content")]
    walls += [
        frame_walls("signal", "signal_id", ("coordinator", "dpo"), APP),
        circle_walls("signal_identity", "signal_id", "identity", APP),
        circle_walls("signal_content", "signal_id", "content", APP),
    ]
    grants = f"""
        GRANT SELECT, INSERT, UPDATE ON signal TO {APP};
        GRANT SELECT, INSERT ON signal_identity, signal_content TO {APP};"""
    for statement in [*spine_0001("case"), *circle_0001(APP), *statements(TABLES, *walls, grants)]:
        op.execute(statement)
