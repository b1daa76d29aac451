"""What each legal basis is for and how a sentence calls it; the new Criminal Code takes the place of the old one."""

import sqlalchemy as sa
from alembic import op

from services.partner_directory.data import law_rows

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ADDED = ("allows", "title_de", "name_nl", "name_fr", "name_de", "name_en")


def upgrade() -> None:
    """The columns, and all versions as they are from now on: what was in force keeps its row and gets its last day."""
    texts = ", ".join(f"ADD COLUMN {name} text NOT NULL DEFAULT ''" for name in ADDED[1:])
    op.execute(f"ALTER TABLE legal_basis ADD COLUMN allows text[] NOT NULL DEFAULT '{{}}', {texts}")
    rows = law_rows()
    columns = list(rows[0])
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("code", "in_force_from"))
    op.get_bind().execute(
        sa.text(
            f"INSERT INTO legal_basis ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)}) "
            f"ON CONFLICT (code, in_force_from) DO UPDATE SET {changed}"
        ),
        rows,
    )
    op.execute("ALTER TABLE legal_basis " + ", ".join(f"ALTER COLUMN {name} DROP DEFAULT" for name in ADDED))
    op.execute(
        "ALTER TABLE legal_basis ADD CONSTRAINT one_lets_speak "
        "EXCLUDE USING gist (daterange(in_force_from, in_force_to, '[]') WITH &&) WHERE ('speak' = ANY (allows))"
    )
