"""Towns are called in German and English too, and two of one name are told apart."""

import sqlalchemy as sa
from alembic import op

from services.partner_directory.data import town_name_rows

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The columns, and all names as they are from now on. What a cell is called stays: the host chose it."""
    # On a new database the towns were put in a moment ago, and whether their successors exist is asked at the end.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute(
        "ALTER TABLE municipality ADD COLUMN name_de text NOT NULL DEFAULT '', "
        "ADD COLUMN name_en text NOT NULL DEFAULT '', ADD COLUMN own_language text NOT NULL DEFAULT 'nl' "
        "CHECK (own_language IN ('nl', 'fr', 'de'))"
    )
    op.get_bind().execute(
        sa.text(
            "UPDATE municipality SET name_nl = :name_nl, name_fr = :name_fr, name_de = :name_de, name_en = :name_en, "
            "own_language = :own_language WHERE nis_code = :nis_code"
        ),
        town_name_rows(),
    )
    op.execute("ALTER TABLE municipality ALTER COLUMN name_de DROP DEFAULT, ALTER COLUMN name_en DROP DEFAULT")
    op.execute("ALTER TABLE municipality ALTER COLUMN own_language DROP DEFAULT")
