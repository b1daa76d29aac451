"""What an entity says of its columns is what the migrations made of them: name, type, and whether one may be empty."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, Text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.servers import Servers
from services.kit.schema import SPINE_PLATFORM_TABLES, SPINE_TENANT_TABLES
from tests.databases import migrated
from tests.rules.sources import SERVICES, module_of

OF_THE_KIT = SPINE_TENANT_TABLES | SPINE_PLATFORM_TABLES
WITHOUT_ENTITY = {
    "audit": (
        "entry", "entry_detail", "finding", "log", "object_name", "producer_gap", "producer_position",
    ),
    "case": ("case_counter", "planned_case", "planned_session"),
    "meeting": ("circle_version",),
    "partner_directory": ("fact_counter",),
}  # fmt: skip
"""Tables of a service that its own statements read and write, beside those of the kit."""
WITHOUT_ATTRIBUTE = {
    "case": ("circle_entry.holder", "circle_entry.of_case", "circle_entry.of_check", "circle_entry.of_reporter"),
    "meeting": (
        "circle_entry.holder",
        "circle_entry.invited_by",
        "circle_entry.life_domains",
        "circle_entry.why",
    ),
}
"""Columns that no entity has: those the database fills itself, and of the kit's circle what the meeting is not told."""


def entities(service: str) -> Iterator[Table]:
    """The tables of a service's entities."""
    model = module_of(service, "model")
    inner = pkgutil.iter_modules(getattr(model, "__path__", []), f"{model.__name__}.")
    for module in [model, *(import_module(name.name) for name in inner)]:
        for _, kind in inspect.getmembers(module, inspect.isclass):
            table = vars(kind).get("__table__")
            if kind.__module__ == module.__name__ and isinstance(table, Table):
                yield table


def same_type(context: Any, inspected: Column[Any], said: Column[Any], found: Any, wanted: Any) -> bool | None:
    """Whether types differ; a text is a text. None leaves it to alembic."""
    return False if isinstance(found, Text) and type(wanted) is String and wanted.length is None else None


def differences(connection: Connection, metadata: MetaData) -> list[str]:
    """What differs, in words. Keys, indexes and defaults are the migrations' alone."""
    context = MigrationContext.configure(connection, opts={"compare_type": same_type, "compare_server_default": False})
    found = []
    for step in compare_metadata(context, metadata):
        for kind, *what in step if isinstance(step, list) else [step]:
            match kind:
                case "add_table":
                    found.append(f"table {what[0].name} is not in the database")
                case "remove_table":
                    found.append(f"table {what[0].name} has no entity")
                case "add_column":
                    found.append(f"column {what[1]}.{what[2].name} is not in the database")
                case "remove_column":
                    found.append(f"column {what[1]}.{what[2].name} has no attribute")
                case "modify_type" | "modify_nullable":
                    found.append(f"{kind} {what[1]}.{what[2]}: the database has {what[4]!r}, the entity {what[5]!r}")
    return sorted(found)


async def compared(servers: Servers, service: str, metadata: MetaData) -> list[str]:
    """The differences of a service's migrated database."""
    await (await migrated(servers, service)).close()
    engine = create_async_engine(servers.postgres.database_url(service, "migrator"))
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(f"SET ROLE {service}_owner")
            return await connection.run_sync(differences, metadata)
    finally:
        await engine.dispose()


def metadata_of(service: str) -> MetaData:
    metadata = MetaData()
    for table in entities(service):
        table.to_metadata(metadata)
    return metadata


@pytest.mark.parametrize("service", SERVICES)
async def test_entities_have_the_columns_of_the_database(service: str, servers: Servers) -> None:
    expected = {f"table {name} has no entity" for name in OF_THE_KIT | {*WITHOUT_ENTITY.get(service, ())}}
    expected |= {f"column {name} has no attribute" for name in WITHOUT_ATTRIBUTE.get(service, ())}
    found = set(await compared(servers, service, metadata_of(service)))
    assert "\n".join(sorted(found - expected)) == ""


async def test_the_comparison_reports(servers: Servers) -> None:
    metadata = metadata_of("portal")
    draft = metadata.tables["draft"]
    draft.append_column(Column("colour", Text))
    draft.c.form.type, draft.c.saved_at.nullable = BigInteger(), True
    Table("letter", metadata, Column("letter_id", Text, primary_key=True))
    metadata.remove(metadata.tables["preference"])
    of_the_kit = {f"table {name} has no entity" for name in OF_THE_KIT}
    assert set(await compared(servers, "portal", metadata)) - of_the_kit == {
        "column draft.colour is not in the database",
        "modify_nullable draft.saved_at: the database has False, the entity True",
        "modify_type draft.form: the database has TEXT(), the entity BigInteger()",
        "table letter is not in the database",
        "table preference has no entity",
    }
