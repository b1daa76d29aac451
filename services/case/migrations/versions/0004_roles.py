"""The roles of the database part: hearing writes what is told, erasing takes away, no process names itself."""

from alembic import op

from services.kit.grants import cell_of_all, frame_walls_0002, granted, spine_roles_0001, untold
from services.kit.schema import ACTOR, statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERVICE = "case"

# Key columns alone for who takes away. What a decision changes of a case, hearing changes.
GRANTS = {
    "signal": {"app": "SELECT, INSERT, UPDATE (state, case_id, version)"},
    "signal_identity": {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, signal_id), DELETE"},
    "signal_content": {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, signal_id), DELETE"},
    "circle_entry": {"app": "SELECT, INSERT, UPDATE (parts)"},
    "case_frame": {
        "app": "SELECT, INSERT, UPDATE (state, paused_from, listed_at, listed_by, version)",
        "hearing": "SELECT, UPDATE (state, paused_from, decision_id, decided_at, case_lead_id, review_on, version)",
    },
    "case_identity": {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, case_id), DELETE"},
    "case_proposal": {
        "app": "SELECT, INSERT, UPDATE (list_reasons)", "erasing": "SELECT (tenant_id, case_id), DELETE",
    },
    "case_action": {"app": "SELECT", "hearing": "INSERT"},
    "case_counter": {"app": "SELECT, INSERT, UPDATE (last)"},
    "planned_session": {"hearing": "SELECT, INSERT, UPDATE (starts_at, version)"},
    "planned_case": {"app": "SELECT", "hearing": "SELECT (tenant_id, session_id), INSERT, DELETE"},
    "contribution": {
        "app": "SELECT, INSERT, UPDATE (state, text, life_domain, language, assessment, legal_basis, shared_at,"
        " version)",
        "erasing": "SELECT (tenant_id, contribution_id, case_id), DELETE",
    },
    "contribution_declined": {"app": "SELECT, INSERT, UPDATE (declined_at)"},
    "read_receipt": {
        "app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, contribution_id, reader_id, case_id), DELETE",
    },
}  # fmt: skip

IN_CONTENT = "case_id IN (SELECT object_id FROM my_circle WHERE 'content' = ANY (parts))"
WALLS = f"""
DROP POLICY circle ON case_action;
CREATE POLICY circle ON case_action AS RESTRICTIVE FOR SELECT TO case_app USING ({IN_CONTENT});
"""

# A circle is what the other walls ask. Who adds to one says so; an invitation stays as it was made, only a seat gets
# more parts; each seat is taken once. A seat is the town's own: of the mandatory ones and of invitations (`why`) the
# case itself vouches for the town; whoever is in a circle without one is the reporter of that signal.
CIRCLE = f"""
CREATE POLICY inviter ON circle_entry AS RESTRICTIVE FOR INSERT TO case_app WITH CHECK (invited_by = {ACTOR});
CREATE POLICY seats ON circle_entry AS RESTRICTIVE FOR UPDATE TO case_app USING (seat IS NOT NULL);
ALTER TABLE circle_entry ADD CONSTRAINT circle_entry_seats UNIQUE (tenant_id, object_id, seat);
ALTER TABLE circle_entry
    ADD COLUMN of_case uuid GENERATED ALWAYS AS
        (CASE WHEN why IS NOT NULL OR seat <> 'coordinator' THEN object_id END) STORED,
    ADD COLUMN of_reporter uuid GENERATED ALWAYS AS (CASE WHEN why IS NULL THEN person_id END) STORED;
ALTER TABLE case_frame ADD CONSTRAINT case_frame_of_town UNIQUE (tenant_id, case_id, nis_code);
ALTER TABLE signal ADD CONSTRAINT signal_reporter UNIQUE (tenant_id, signal_id, reporter_id);
ALTER TABLE circle_entry ADD CONSTRAINT circle_entry_case FOREIGN KEY (tenant_id, of_case, nis_code)
    REFERENCES case_frame (tenant_id, case_id, nis_code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE circle_entry ADD CONSTRAINT circle_entry_reporter FOREIGN KEY (tenant_id, object_id, of_reporter)
    REFERENCES signal (tenant_id, signal_id, reporter_id) DEFERRABLE INITIALLY DEFERRED;
"""

# What was shared stays as it is, for every role. Only its state may change.
SHARED_STAYS = (
    """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was shared stays as it is' USING ERRCODE = 'insufficient_privilege';
END $$
""",
    """
CREATE TRIGGER shared_stays
BEFORE UPDATE OF text, life_domain, language, assessment, legal_basis, shared_at ON contribution
FOR EACH ROW WHEN (OLD.shared_at IS NOT NULL) EXECUTE FUNCTION refuse_change()
""",
)


def upgrade() -> None:
    """Share the tables out, close the doors for named processes, and tie circles to their cases."""
    made = [granted(SERVICE, table, **rights) + cell_of_all(SERVICE, table) for table, rights in GRANTS.items()]
    walls = [
        untold("planned_case", "INSERT", "DELETE"),
        frame_walls_0002("signal", "signal_id", ("coordinator", "dpo")),
        frame_walls_0002("case_frame", "case_id", ("coordinator", "mayor", "mayor_delegate", "dpo")),
        frame_walls_0002("planned_case", "case_id", ("coordinator", "mayor", "mayor_delegate")),
    ]
    for statement in [*spine_roles_0001(SERVICE), *statements(*made, *walls, WALLS, CIRCLE), *SHARED_STAYS]:
        op.execute(statement)
