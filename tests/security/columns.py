"""The columns of the register of providers, which everybody of the directory's role reads: nothing personal."""

PROVIDER_COLUMNS = {
    "provider": {
        "provider_id", "kind", "alias", "name", "issuer", "client_id", "client_secret", "authorization_endpoint",
        "version", "token_endpoint", "jwks_uri", "end_session_endpoint", "trusted_levels", "state", "added_at",
        "enabled_at", "mirrored_version", "mirrored_at", "mended_at",
    },
    "provider_metadata": {
        "provider_id", "address", "email_attribute", "given_name_attribute", "family_name_attribute",
        "sign_in_address", "sign_in_by_post", "sign_out_address", "sign_out_by_post", "certificates", "signer",
        "certificates_end", "valid_until", "read_at", "wrong", "wrong_since", "over", "warned",
    },
    "provider_domain": {"domain", "provider_id", "proof", "proved_at"},
    "provider_organisation": {"provider_id", "organisation_id"},
}  # fmt: skip
