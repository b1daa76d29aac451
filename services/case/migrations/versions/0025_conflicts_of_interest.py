"""A conflict of interest keeps somebody out of the circle of a case, whatever seat they hold (invariant 21)."""

from alembic import op

from services.kit.grants import cell_of_all, granted
from services.kit.schema import ACTOR, TENANT, statements, tenant_walls
from services.kit.walls import circle_unless_0001

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Of a case and of the signal it began with, a row each. Who is kept out is asked by all other walls, so that reading is
# on the cell's wall alone, as with who is in a circle.
TABLES = """
CREATE TABLE conflict_of_interest (
    tenant_id uuid NOT NULL, conflict_id uuid NOT NULL, object_id uuid NOT NULL, nis_code text NOT NULL,
    person_id uuid NOT NULL, since timestamptz NOT NULL, said_by uuid NOT NULL, lifted_at timestamptz, lifted_by uuid,
    PRIMARY KEY (tenant_id, conflict_id));
CREATE UNIQUE INDEX conflict_stands ON conflict_of_interest (tenant_id, person_id, object_id) WHERE lifted_at IS NULL;
CREATE INDEX conflict_of_object ON conflict_of_interest (tenant_id, object_id);
"""
RIGHTS = {"conflict_of_interest": {"app": "SELECT, INSERT, UPDATE (lifted_at, lifted_by)"}}
IN_TOWN = "nis_code = ANY (ARRAY(SELECT unnest(nis_codes) FROM my_mandate WHERE role IN ({roles})))"
OF_MAYOR = IN_TOWN.format(roles="'mayor', 'mayor_delegate'")
OF_INSIDERS = IN_TOWN.format(roles="'coordinator', 'mayor', 'mayor_delegate'")
# Said of oneself, or by the mayor's seat; never lifted by who is kept out.
WALLS = f"""
CREATE POLICY speakers ON conflict_of_interest AS RESTRICTIVE FOR INSERT TO case_app
    WITH CHECK (said_by = {ACTOR} AND (person_id = {ACTOR} OR {OF_MAYOR}));
CREATE POLICY lifters ON conflict_of_interest AS RESTRICTIVE FOR UPDATE TO case_app
    USING (person_id <> {ACTOR} AND {OF_INSIDERS});
"""

MY_CONFLICT = f"""
CREATE VIEW my_conflict WITH (security_invoker = true) AS
    SELECT object_id FROM conflict_of_interest
     WHERE tenant_id = {TENANT} AND person_id = {ACTOR} AND lifted_at IS NULL;
GRANT SELECT ON my_conflict TO case_app;
"""
IS_MINE = "{column} = ANY (ARRAY(SELECT object_id FROM my_conflict))"

# What a role alone shows (a frame of one's town), and what looks at the entries of a circle by itself.
LOOKED_AT = {
    "case_frame": "case_id", "planned_case": "case_id", "kept_decision": "case_id", "signal": "signal_id",
    "preliminary_check": "signal_id", "signal_identity": "signal_id",
}  # fmt: skip
OUTSIDE = "".join(
    f"CREATE POLICY conflict ON {table} AS RESTRICTIVE FOR SELECT TO case_app"
    f" USING (NOT {IS_MINE.format(column=column)});"
    for table, column in LOOKED_AT.items()
)


def upgrade() -> None:
    """The table, the view of one's own rows, and the walls that look at it."""
    made = [
        tenant_walls(table, "case_app") + granted("case", table, **rights) + cell_of_all("case", table)
        for table, rights in RIGHTS.items()
    ]
    circle = circle_unless_0001(IS_MINE.format(column="object_id"))
    for statement in statements(TABLES, *made, WALLS, MY_CONFLICT, circle, OUTSIDE):
        op.execute(statement)
