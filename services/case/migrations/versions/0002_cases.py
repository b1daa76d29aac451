"""Cases, contributions and receipts, with their walls."""

from alembic import op

from services.kit.schema import ACTOR, SYSTEM, circle_walls, frame_walls, statements, tenant_walls

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APP = "case_app"

CASES = """
CREATE TABLE case_frame (
    tenant_id uuid NOT NULL, case_id uuid NOT NULL, signal_id uuid NOT NULL, code text NOT NULL,
    nis_code text NOT NULL, state text NOT NULL, paused_from text, minor boolean NOT NULL, phenomenon text NOT NULL,
    proposed_at timestamptz NOT NULL, proposed_by uuid NOT NULL, listed_at timestamptz, listed_by uuid,
    decision_id uuid, decided_at timestamptz, case_lead_id uuid, review_on date, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, case_id), UNIQUE (tenant_id, code), UNIQUE (tenant_id, signal_id),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES signal (tenant_id, signal_id),
    CHECK ((paused_from IS NOT NULL) = (state IN ('ON_HOLD', 'RESTRICTED'))));
CREATE TABLE case_identity (
    tenant_id uuid NOT NULL, case_id uuid NOT NULL, person bytea NOT NULL, PRIMARY KEY (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_frame (tenant_id, case_id));
CREATE TABLE case_proposal (
    tenant_id uuid NOT NULL, case_id uuid NOT NULL, criteria_version text NOT NULL, criteria bytea NOT NULL,
    best_interest bytea, list_reasons bytea, PRIMARY KEY (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_frame (tenant_id, case_id));
CREATE TABLE case_action (
    tenant_id uuid NOT NULL, action_id uuid NOT NULL, case_id uuid NOT NULL, decision_id uuid NOT NULL,
    life_domain text NOT NULL, owner_id uuid NOT NULL, due_on date NOT NULL, state text NOT NULL,
    PRIMARY KEY (tenant_id, action_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_frame (tenant_id, case_id));
CREATE INDEX case_action_case ON case_action (tenant_id, case_id);
CREATE TABLE case_counter (
    tenant_id uuid NOT NULL, nis_code text NOT NULL, year integer NOT NULL, last integer NOT NULL,
    PRIMARY KEY (tenant_id, nis_code, year));
CREATE TABLE planned_session (
    tenant_id uuid NOT NULL, session_id uuid NOT NULL, starts_at timestamptz NOT NULL, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, session_id));
"""

CONTRIBUTIONS = """
CREATE TABLE contribution (
    tenant_id uuid NOT NULL, contribution_id uuid NOT NULL, case_id uuid NOT NULL, author_id uuid NOT NULL,
    organisation_id uuid NOT NULL, state text NOT NULL, life_domain text NOT NULL, language text NOT NULL,
    police_origin boolean NOT NULL, text bytea NOT NULL, assessment bytea, legal_basis text,
    written_at timestamptz NOT NULL, shared_at timestamptz, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, contribution_id), UNIQUE (tenant_id, contribution_id, case_id, author_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_frame (tenant_id, case_id),
    CHECK (state = 'PRIVATE' OR (assessment IS NOT NULL AND legal_basis IS NOT NULL)));
CREATE INDEX contribution_case ON contribution (tenant_id, case_id);
CREATE TABLE read_receipt (
    tenant_id uuid NOT NULL, contribution_id uuid NOT NULL, reader_id uuid NOT NULL, case_id uuid NOT NULL,
    author_id uuid NOT NULL, read_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, contribution_id, reader_id),
    FOREIGN KEY (tenant_id, contribution_id, case_id, author_id)
        REFERENCES contribution (tenant_id, contribution_id, case_id, author_id));
"""

WALLED = (
    "case_frame", "case_identity", "case_proposal", "case_action", "case_counter", "planned_session", "contribution",
    "read_receipt",
)  # fmt: skip
FRAME_ROLES = ("coordinator", "mayor", "mayor_delegate", "dpo")

IN_CONTENT = "case_id IN (SELECT object_id FROM my_circle WHERE 'content' = ANY (parts))"
# Actions come with the decision, heard by a named process that is in no circle; they hold ids, codes and dates.
# A draft is its author's; nobody writes, changes or reads in another's name.
OWN_WALLS = f"""
CREATE POLICY circle ON case_action AS RESTRICTIVE TO {APP}
    USING ({IN_CONTENT} OR {SYSTEM}) WITH CHECK ({SYSTEM});
CREATE POLICY author_writes ON contribution AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK (author_id = {ACTOR});
CREATE POLICY author_changes ON contribution AS RESTRICTIVE FOR UPDATE TO {APP}
    USING (author_id = {ACTOR}) WITH CHECK (author_id = {ACTOR});
CREATE POLICY reader ON read_receipt AS RESTRICTIVE TO {APP}
    USING (reader_id = {ACTOR} OR author_id = {ACTOR}) WITH CHECK (reader_id = {ACTOR});
"""

GRANTS = f"""
GRANT SELECT, INSERT ON case_frame, case_identity, case_proposal, case_action, contribution, read_receipt TO {APP};
GRANT SELECT, INSERT, UPDATE ON case_counter, planned_session TO {APP};
GRANT UPDATE (state, paused_from, listed_at, listed_by, decision_id, decided_at, case_lead_id, review_on, version)
    ON case_frame TO {APP};
GRANT UPDATE (list_reasons) ON case_proposal TO {APP};
GRANT UPDATE (state, assessment, legal_basis, shared_at, version) ON contribution TO {APP};
"""


def upgrade() -> None:
    """Cases and what their circle shares."""
    walls = [
        *(tenant_walls(name, APP) for name in WALLED),
        frame_walls("case_frame", "case_id", FRAME_ROLES, APP),
        circle_walls("case_identity", "case_id", "identity", APP),
        circle_walls("case_proposal", "case_id", "proposal", APP),
        circle_walls(
            "contribution", "case_id", "content", APP, f"state IN ('SHARED', 'CORRECTED') OR author_id = {ACTOR}"
        ),
        circle_walls("read_receipt", "case_id", "content", APP),
    ]
    for statement in statements(CASES, CONTRIBUTIONS, *walls, OWN_WALLS, GRANTS):
        op.execute(statement)
