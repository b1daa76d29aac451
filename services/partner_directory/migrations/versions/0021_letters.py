"""Letters of our own as terms, what they tell people, how many somebody got on a day; and ends that nothing told."""

from alembic import op

from services.kit.grants import cell_of_all, tidying_0001
from services.kit.principal import PLATFORM
from services.kit.schema import TENANT, statements, tenant_walls

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

APP, HEARING = "partner_directory_app", "partner_directory_hearing"
KINDS = (
    "urgent_signal", "circle_invitation", "case_proposed", "session_planned", "session_cancelled", "mandate_ends",
    "undertaking_ends", "clearance_ends",
)  # fmt: skip

# No address and no text stands here: the sign-in service is asked for the one, the other is made when it is sent.
LETTER = f"""
CREATE TABLE letter (
    tenant_id uuid NOT NULL, letter_id uuid NOT NULL, kind text NOT NULL CHECK (kind IN ('announcement', 'notices')),
    person_id uuid, urgent boolean NOT NULL, made_at timestamptz NOT NULL, claimed_until timestamptz,
    doubtful boolean NOT NULL DEFAULT false, settled_at timestamptz, sent_at timestamptz, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, letter_id), CHECK ((person_id IS NULL) = (kind = 'announcement')),
    CHECK (sent_at IS NULL OR settled_at IS NOT NULL));
CREATE INDEX letter_waits ON letter (tenant_id, person_id) WHERE settled_at IS NULL;
GRANT SELECT, INSERT, UPDATE (claimed_until, doubtful, settled_at, sent_at, version) ON letter TO {APP};
GRANT SELECT, INSERT, UPDATE (version) ON letter TO {HEARING};
CREATE TABLE notice (
    tenant_id uuid NOT NULL, notice_id uuid NOT NULL, letter_id uuid NOT NULL, person_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN {KINDS}), object_id uuid NOT NULL, code text NOT NULL,
    asked_at timestamptz NOT NULL, until timestamptz, over_at timestamptz,
    PRIMARY KEY (tenant_id, notice_id), FOREIGN KEY (tenant_id, letter_id) REFERENCES letter (tenant_id, letter_id));
CREATE INDEX notice_letter ON notice (tenant_id, letter_id);
CREATE INDEX notice_object ON notice (tenant_id, object_id) WHERE over_at IS NULL;
GRANT SELECT, INSERT, UPDATE (over_at) ON notice TO {APP}, {HEARING};
CREATE TABLE letters_of_day (
    tenant_id uuid NOT NULL, person_id uuid NOT NULL, urgent boolean NOT NULL, day date NOT NULL,
    taken bigint NOT NULL CHECK (taken >= 0), PRIMARY KEY (tenant_id, person_id, urgent));
GRANT SELECT, INSERT, UPDATE (day, taken) ON letters_of_day TO {APP};
"""

# On the platform everybody signed in acts: a row there is seen by the act about that letter or person alone.
ABOUT = "(SELECT coalesce(current_setting('rondetafel.about', true), ''))"
OWN = f"tenant_id = {TENANT} AND (tenant_id <> '{PLATFORM}' OR {ABOUT} IN (letter_id::text, person_id::text))"
COUNTED = f"tenant_id = {TENANT} AND (tenant_id <> '{PLATFORM}' OR person_id::text = {ABOUT})"
WALLS = f"""
ALTER POLICY cell ON letter USING ({OWN}) WITH CHECK (tenant_id = {TENANT});
ALTER POLICY cell ON notice USING ({OWN}) WITH CHECK (tenant_id = {TENANT});
ALTER POLICY cell ON letters_of_day USING ({COUNTED}) WITH CHECK ({COUNTED});
"""

# The end of a mandate for the host is told by the clock, whose act is about that mandate.
PLACE = f"tenant_id = {TENANT} AND tenant_id = '{PLATFORM}' AND mandate_id::text = {ABOUT}"
OF_THE_HOST = f"""
CREATE POLICY host_due ON mandate FOR SELECT TO {APP} USING ({PLACE});
CREATE POLICY host_told ON mandate FOR UPDATE TO {APP} USING ({PLACE});
"""

# What was announced and not written about yet; the letter has the number that it would have had before.
OF_BEFORE = """
INSERT INTO letter (tenant_id, letter_id, kind, urgent, made_at, version)
SELECT cell_id, announcement_id, 'announcement', false, at, 1 FROM announcement JOIN cell USING (cell_id)
WHERE sent_at IS NULL AND contact <> '';
ALTER TABLE term NO FORCE ROW LEVEL SECURITY; ALTER TABLE mandate NO FORCE ROW LEVEL SECURITY;
ALTER TABLE proposal NO FORCE ROW LEVEL SECURITY;
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at)
SELECT tenant_id, kind, object_id, at, at FROM (
    SELECT tenant_id, 'letter' AS kind, letter_id AS object_id, now() AS at FROM letter
    UNION ALL SELECT tenant_id, 'proposal', proposal_id, proposed_at + interval '720 hours' FROM proposal
        WHERE state = 'PROPOSED'
    UNION ALL SELECT tenant_id, 'mandate_notice', mandate_id, ends_at - interval '720 hours' FROM mandate
        WHERE end_reason IS NULL AND ends_at - interval '720 hours' > now()
    UNION ALL SELECT tenant_id, 'undertaking', mandate_id, undertaken_until FROM mandate
        WHERE end_reason IS NULL AND undertaken_until < ends_at AND undertaken_until > now()
    UNION ALL SELECT tenant_id, 'undertaking_notice', mandate_id, undertaken_until - interval '720 hours' FROM mandate
        WHERE end_reason IS NULL AND undertaken_until < ends_at AND undertaken_until - interval '720 hours' > now()
) AS due;
ALTER TABLE term FORCE ROW LEVEL SECURITY; ALTER TABLE mandate FORCE ROW LEVEL SECURITY;
ALTER TABLE proposal FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    """Add them; the rows of before come before there are walls."""
    walled = [
        tenant_walls(table, APP) + cell_of_all("partner_directory", table)
        for table in ("letter", "notice", "letters_of_day")
    ]
    made = statements(LETTER, OF_BEFORE, *walled, WALLS, OF_THE_HOST)
    for statement in [*made, *tidying_0001("partner_directory")]:
        op.execute(statement)
