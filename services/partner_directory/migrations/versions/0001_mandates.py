"""The spine, cells, organisations, law and mandates, with their walls; and the public reference data."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.kit.principal import PLATFORM
from services.kit.schema import ACTOR, TENANT, my_mandates_0001, spine_0001, statements, tenant_walls
from services.partner_directory.data import legal_basis_rows, municipality_rows

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APP = "partner_directory_app"

PLATFORM_TABLES = """
CREATE TABLE municipality (
    nis_code text PRIMARY KEY CHECK (nis_code ~ '^[0-9]{5}$'), name_nl text NOT NULL, name_fr text NOT NULL,
    province text, region text NOT NULL CHECK (region IN ('flanders', 'wallonia', 'brussels')), valid_from date,
    valid_to date, successor text REFERENCES municipality (nis_code) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE legal_basis (
    code text NOT NULL, in_force_from date NOT NULL, in_force_to date, partner_kinds text[] NOT NULL,
    regions text[] NOT NULL, title_nl text NOT NULL, title_fr text NOT NULL, title_en text NOT NULL,
    source text NOT NULL, PRIMARY KEY (code, in_force_from));
CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY, kbo_number text NOT NULL UNIQUE CHECK (kbo_number ~ '^[01][0-9]{9}$'),
    name text NOT NULL, kind text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE cell (
    cell_id uuid PRIMARY KEY, name text NOT NULL, state text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE cell_municipality (
    cell_id uuid NOT NULL REFERENCES cell (cell_id), nis_code text NOT NULL REFERENCES municipality (nis_code),
    since timestamptz NOT NULL, until timestamptz, PRIMARY KEY (cell_id, nis_code, since));
CREATE UNIQUE INDEX cell_municipality_active ON cell_municipality (nis_code) WHERE until IS NULL;
CREATE TABLE fact_counter (one boolean PRIMARY KEY DEFAULT true CHECK (one), newest bigint NOT NULL);
INSERT INTO fact_counter (newest) VALUES (0);
"""

WALLED_TABLES = """
CREATE TABLE cell_person (
    tenant_id uuid NOT NULL, person_id uuid NOT NULL, given_name bytea NOT NULL, family_name bytea NOT NULL,
    PRIMARY KEY (tenant_id, person_id));
CREATE TABLE mandate (
    tenant_id uuid NOT NULL, mandate_id uuid NOT NULL, person_id uuid NOT NULL, organisation_id uuid NOT NULL,
    organisation_kind text NOT NULL, role text NOT NULL, nis_codes text[] NOT NULL CHECK (cardinality(nis_codes) > 0),
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, legal_basis text NOT NULL,
    clearance_ends_at timestamptz, undertaken_until timestamptz, undertaking_version text,
    fact_version bigint NOT NULL, invited_by uuid NOT NULL, invited_at timestamptz NOT NULL, ended_by uuid,
    end_reason text, version bigint NOT NULL, PRIMARY KEY (tenant_id, mandate_id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES cell_person (tenant_id, person_id));
CREATE INDEX mandate_person ON mandate (tenant_id, person_id);
CREATE TABLE person_cell (
    person_id uuid NOT NULL, tenant_id uuid NOT NULL, mandate_id uuid NOT NULL, role text NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, undertaken_until timestamptz,
    PRIMARY KEY (person_id, tenant_id, mandate_id));
"""

# A person sees the own rows of all cells on the platform alone; inside a cell there are only rows of that cell.
PERSON_WALLS = f"""
ALTER TABLE person_cell ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_cell FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON person_cell FOR SELECT TO {APP}
    USING (tenant_id = {TENANT} OR (person_id = {ACTOR} AND {TENANT} = '{PLATFORM}'));
CREATE POLICY added ON person_cell FOR INSERT TO {APP} WITH CHECK (tenant_id = {TENANT});
CREATE POLICY changed ON person_cell FOR UPDATE TO {APP} USING (tenant_id = {TENANT}) WITH CHECK (tenant_id = {TENANT});
"""

GRANTS = f"""
GRANT SELECT ON municipality, legal_basis TO {APP};
GRANT SELECT, INSERT ON organisation, cell, cell_municipality TO {APP};
GRANT SELECT, UPDATE (newest) ON fact_counter TO {APP};
GRANT SELECT, INSERT, UPDATE ON cell_person, mandate TO {APP};
GRANT SELECT, INSERT, UPDATE (ends_at, undertaken_until) ON person_cell TO {APP};
"""


def upgrade() -> None:
    """The first tables, and what they hold from the start."""
    walls = [tenant_walls(name, APP) for name in ("cell_person", "mandate")]
    made = spine_0001("partner_directory", projects_mandates=False)
    made += statements(PLATFORM_TABLES, WALLED_TABLES, *walls, PERSON_WALLS, GRANTS)
    for statement in [*made, *my_mandates_0001(APP)]:
        op.execute(statement)
    load("municipality", municipality_rows())
    load("legal_basis", legal_basis_rows())


def load(table: str, rows: list[dict[str, Any]]) -> None:
    """Fill a table from its data file."""
    columns = list(rows[0])
    values = ", ".join(f":{name}" for name in columns)
    op.get_bind().execute(sa.text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"), rows)
