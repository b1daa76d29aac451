"""The password of who has none yet."""

from __future__ import annotations

import base64
import json
import secrets

HASHING = {
    "algorithm": "argon2",
    "hashIterations": 5,
    "additionalParameters": {
        "hashLength": ["32"], "memory": ["7168"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"],
    },
}  # fmt: skip
"""How Keycloak keeps passwords; a test compares it with one it made itself."""


def nobodys_password() -> dict[str, str]:
    """A password's hash that is none: random bytes in its place.

    Keycloak compares what is typed for this account like for any other, and no password fits. Without it an account
    nobody signed in to yet is told at the sign-in page by its quick refusal (5 ms in place of 70).
    """
    value, salt = (base64.b64encode(secrets.token_bytes(size)).decode() for size in (32, 16))
    return {
        "type": "password",
        "secretData": json.dumps({"value": value, "salt": salt, "additionalParameters": {}}),
        "credentialData": json.dumps(HASHING),
    }
