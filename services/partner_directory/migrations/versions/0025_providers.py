"""Providers: where people of partner organisations sign in, their domains and organisations."""

from alembic import op

from services.kit.schema import statements

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

PROVIDERS = f"""
CREATE TABLE provider (
    provider_id uuid PRIMARY KEY, alias text NOT NULL UNIQUE, name text NOT NULL, issuer text NOT NULL UNIQUE,
    client_id text NOT NULL, client_secret bytea, authorization_endpoint text NOT NULL, token_endpoint text NOT NULL,
    jwks_uri text NOT NULL, end_session_endpoint text NOT NULL, trusted_levels text[] NOT NULL,
    state text NOT NULL CHECK (state IN ('DISABLED', 'ENABLED')), added_at timestamptz NOT NULL, enabled_at timestamptz,
    version bigint NOT NULL, mirrored_version bigint NOT NULL, mirrored_at timestamptz, mended_at timestamptz,
    CHECK (mirrored_version <= version));
CREATE TABLE provider_domain (
    domain text PRIMARY KEY, provider_id uuid NOT NULL REFERENCES provider,
    proof text NOT NULL CHECK (proof IN ('host_word')), proved_at timestamptz NOT NULL);
CREATE INDEX provider_domain_provider ON provider_domain (provider_id);
CREATE TABLE provider_organisation (
    provider_id uuid NOT NULL REFERENCES provider, organisation_id uuid NOT NULL REFERENCES organisation,
    PRIMARY KEY (provider_id, organisation_id));
GRANT SELECT, INSERT, UPDATE (state, enabled_at, version, mirrored_version, mirrored_at, mended_at) ON provider
    TO {APP};
GRANT SELECT, INSERT ON provider_domain, provider_organisation TO {APP};
"""


def upgrade() -> None:
    """Add them."""
    for statement in statements(PROVIDERS):
        op.execute(statement)
