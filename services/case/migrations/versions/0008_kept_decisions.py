"""Decisions of a session that the case could not follow, because it was held, restricted or over meanwhile."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import statements, tenant_walls

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE kept_decision (
    tenant_id uuid NOT NULL, decision_id uuid NOT NULL, case_id uuid NOT NULL, nis_code text NOT NULL,
    state text NOT NULL, outcome text NOT NULL, decided_at timestamptz NOT NULL, case_lead_id uuid, review_on date,
    actions jsonb NOT NULL, kept_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, decision_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_frame (tenant_id, case_id));
CREATE INDEX kept_decision_case ON kept_decision (tenant_id, case_id, decided_at);
"""

# It tells of a hold: for those alone who know of one (docs/domain.md, Who reads which part).
INSIDERS = """
CREATE POLICY insiders ON kept_decision AS RESTRICTIVE TO case_app USING (nis_code IN (
    SELECT unnest(nis_codes) FROM my_mandate WHERE role IN ('coordinator', 'mayor', 'mayor_delegate')));
"""


def upgrade() -> None:
    """Hearing keeps them, coordinator and mayor see them, erasing takes them away."""
    rights = {"app": "SELECT", "hearing": "INSERT", "erasing": "SELECT (tenant_id, decision_id, case_id), DELETE"}
    made = [tenant_walls("kept_decision", "case_app"), granted("case", "kept_decision", **rights)]
    for statement in statements(TABLE, *made, cell_of_all("case", "kept_decision"), INSIDERS):
        op.execute(statement)
