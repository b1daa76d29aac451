"""What each migration sends to the database, kit's part of it included, as a digest. It needs no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Executable, TextClause, create_mock_engine

from services.kit.migrate import config_of
from tests.rules.sources import SERVICES

ANSWERS: Mapping[str, list[Any]] = {
    "SELECT session_id, revoked_before FROM revocation": [("sign-in", datetime(2026, 1, 1, tzinfo=UTC))],
}
"""What a migration is told that asks; one that asks anything else cannot be frozen before it stands here."""


class Rows(list[Any]):
    """The answer."""

    def all(self) -> list[Any]:
        """As of a result."""
        return list(self)


def sent_by(migration: Script) -> list[tuple[str, str]]:
    """The statements of one migration in their order, each with its values."""
    sent: list[tuple[str, str]] = []

    def note(statement: Executable, values: object = None) -> Rows:
        if not isinstance(statement, TextClause):
            raise TypeError(f"{migration.path}: write SQL as text; what a library builds changes with the library")
        sent.append((statement.text, json.dumps(values or None, default=str, sort_keys=True)))
        return Rows(ANSWERS[statement.text] if statement.text.lstrip().upper().startswith("SELECT") else [])

    context = MigrationContext.configure(create_mock_engine("postgresql+asyncpg://", note))  # type: ignore[arg-type]
    with Operations.context(context):
        migration.module.upgrade()
    return sent


def digests() -> dict[str, str]:
    """All migrations there are, such as `case 0001_signals`, with the digest of what they send."""
    found = {}
    for service in SERVICES:
        for migration in ScriptDirectory.from_config(config_of(service)).walk_revisions():
            name = migration.path.rpartition("/")[2].removesuffix(".py")
            frozen = [migration.revision, migration.down_revision, sent_by(migration)]
            found[f"{service} {name}"] = hashlib.sha256(json.dumps(frozen).encode()).hexdigest()
    return dict(sorted(found.items()))
