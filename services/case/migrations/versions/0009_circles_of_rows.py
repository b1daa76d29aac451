"""Walls look at the circle of each row, and lists and what waits are read along indexes of their own (decision 48)."""

from alembic import op

from services.kit.schema import ACTOR, statements
from services.kit.walls import circle_walls_0002, frame_walls_0003, in_circle, places_0001

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WALLS = [
    frame_walls_0003("signal", "signal_id", ("coordinator", "dpo")),
    circle_walls_0002("signal_identity", "signal_id", "identity"),
    circle_walls_0002("signal_content", "signal_id", "content"),
    frame_walls_0003("case_frame", "case_id", ("coordinator", "mayor", "mayor_delegate", "dpo")),
    circle_walls_0002("case_identity", "case_id", "identity"),
    circle_walls_0002("case_proposal", "case_id", "proposal"),
    circle_walls_0002("contribution", "case_id", "content", f"state IN ('SHARED', 'CORRECTED') OR author_id = {ACTOR}"),
    circle_walls_0002("contribution_declined", "case_id", "content"),
    circle_walls_0002("read_receipt", "case_id", "content"),
    frame_walls_0003("planned_case", "case_id", ("coordinator", "mayor", "mayor_delegate")),
    f"ALTER POLICY circle ON case_action USING ({in_circle('case_action.case_id', 'content')});",
]

# The newest cases of a place and of a town, the newest signals of a reporter and of a town. The entries of one object
# are found by the key that keeps a seat from being taken twice.
LISTS = """
DROP INDEX circle_entry_object;
CREATE INDEX circle_entry_holder ON circle_entry (tenant_id, holder, object_id) WHERE of_case IS NOT NULL;
CREATE INDEX case_frame_newest ON case_frame (tenant_id, nis_code, case_id);
CREATE INDEX signal_newest ON signal (tenant_id, nis_code, signal_id);
CREATE INDEX signal_told ON signal (tenant_id, reporter_id, signal_id);
"""

# What is open, and nothing of what is done with.
WAITING = """
CREATE INDEX case_frame_scheduled ON case_frame (tenant_id, case_id) WHERE state = 'SCHEDULED';
CREATE INDEX case_frame_review ON case_frame (tenant_id, nis_code, review_on) WHERE state IN ('FOLLOW_UP', 'AFTERCARE');
CREATE INDEX planned_case_coming ON planned_case (tenant_id, starts_at);
CREATE INDEX contribution_draft ON contribution (tenant_id, author_id) WHERE state IN ('PRIVATE', 'ASSESSED');
DROP INDEX case_action_owner;
CREATE INDEX case_action_to_do ON case_action (tenant_id, owner_id) WHERE state IN ('AGREED', 'BUSY', 'BLOCKED');
"""


def upgrade() -> None:
    """The views first, of which the walls are made."""
    for statement in [*places_0001("case_app"), *statements(*WALLS, LISTS, WAITING)]:
        op.execute(statement)
