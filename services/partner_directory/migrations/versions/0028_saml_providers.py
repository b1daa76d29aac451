"""Providers of SAML: what they said of themselves in their metadata."""

from alembic import op

from services.kit.schema import statements

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

APP = "partner_directory_app"

METADATA = f"""
ALTER TABLE provider ADD COLUMN kind text NOT NULL DEFAULT 'oidc' CHECK (kind IN ('oidc', 'saml'));
CREATE TABLE provider_metadata (
    provider_id uuid PRIMARY KEY REFERENCES provider, address text NOT NULL, email_attribute text NOT NULL,
    given_name_attribute text NOT NULL, family_name_attribute text NOT NULL, sign_in_address text NOT NULL,
    sign_in_by_post boolean NOT NULL, sign_out_address text NOT NULL, sign_out_by_post boolean NOT NULL,
    certificates text[] NOT NULL CHECK (cardinality(certificates) > 0), certificates_end timestamptz NOT NULL,
    signer text NOT NULL, valid_until timestamptz, read_at timestamptz NOT NULL, wrong text NOT NULL,
    wrong_since timestamptz, over boolean NOT NULL, warned bigint);
GRANT SELECT, INSERT, UPDATE (address, sign_in_address, sign_in_by_post, sign_out_address, sign_out_by_post,
    certificates, certificates_end, signer, valid_until, read_at, wrong, wrong_since, over, warned)
    ON provider_metadata TO {APP};
"""


def upgrade() -> None:
    """Add it."""
    for statement in statements(METADATA):
        op.execute(statement)
