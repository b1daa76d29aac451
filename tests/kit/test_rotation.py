"""Rotation of keys: what was sealed stays readable, what was destroyed stays gone, a stolen key opens nothing new."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from deploy.local.servers import Servers
from services.kit.database import Database
from services.kit.errors import Unavailable
from services.kit.keys import FIRST, Key, RootKeys, root_key_files, wrapped_under
from services.kit.vault import KeyDestroyed, Vault
from tests.databases import migrated
from tests.kit.rotating import Processes
from tests.rules.sources import SERVICES

SPINE = {"cell_key", "object_key", "outbox", "producer_height", "producer_epoch", "known_cell", "mandate", "my_mandate"}


@pytest.fixture(scope="module")
async def database(servers: Servers) -> AsyncIterator[Database]:
    database = await migrated(servers, "case")
    yield database
    await database.close()


@pytest.fixture
async def processes(servers: Servers, database: Database, tmp_path: Path) -> AsyncIterator[Processes]:
    """Two processes of one service, a cell nobody else uses, and root keys of its own."""
    processes = Processes(servers, tmp_path)
    yield processes
    await processes.close()


async def test_both_versions_are_readable_and_new_seals_use_the_newest(processes: Processes) -> None:
    case, cell = processes.associated_data(uuid4()), processes.associated_data(processes.cell_id)
    sealed = [(place, await processes.seal(0, "before", place)) for place in (case, cell)]
    assert await processes.rotate_cells() == 1
    assert [await processes.open(1, text, place) for place, text in sealed] == ["before"] * 2
    assert [await processes.open(0, text, place) for place, text in sealed] == ["before"] * 2
    stale, newest = await processes.seal(0, "stale", cell), await processes.seal(1, "newest", cell)
    assert (stale[1:3], newest[1:3]) == (b"\0\1", b"\0\2")
    assert await processes.open(1, stale, cell) == "stale"
    assert await processes.open(0, newest, cell) == "newest"
    processes.pass_time(seconds=301)
    assert (await processes.seal(0, "now", cell))[1:3] == b"\0\2"


async def test_look_ups_find_what_was_written_before_a_rotation(processes: Processes) -> None:
    before = await processes.names(0)
    await processes.rotate_cells()
    await processes.rotate_root()
    assert await processes.names(1) == before


async def test_given_again_the_command_goes_on_and_begins_no_second_rotation(processes: Processes) -> None:
    for _ in range(7):
        await processes.seal(0, "text", processes.associated_data(uuid4()))
    with pytest.raises(ZeroDivisionError):
        await processes.rotate_cells(batch=2, killed_after=3)
    assert await processes.versions() == [1] * 3 + [2] * 4
    assert await processes.rotate_cells(again=True, batch=2) == 3
    assert await processes.rotate_cells(again=True, batch=2) == 0
    assert await processes.versions() == [2] * 7
    assert await processes.rotate_cells() == 7
    assert await processes.versions() == [3] * 7


async def test_a_root_key_is_made_beside_the_old_one_and_replaces_it(processes: Processes) -> None:
    case = processes.associated_data(uuid4())
    sealed = await processes.seal(0, "before", case)
    with pytest.raises(ZeroDivisionError):
        await processes.rotate_root(killed_after=0)
    assert await processes.rotate_root() == 1
    assert await processes.rotate_root() == 0
    assert sorted(root_key_files(processes.root_key)) == [1, 2]
    assert root_key_files(processes.root_key)[2].stat().st_mode & 0o777 == 0o600
    assert await processes.open(0, sealed, case) == "before"
    processes.root_key.unlink()
    assert await processes.open(processes.restart(1), sealed, case) == "before"
    root_key_files(processes.root_key)[2].unlink()
    with pytest.raises(FileNotFoundError):
        processes.restart(1)


async def test_a_root_key_that_is_missing_is_an_outage_and_no_damage(processes: Processes) -> None:
    case = processes.associated_data(uuid4())
    sealed = await processes.seal(0, "before", case)
    await processes.rotate_root()
    second = root_key_files(processes.root_key)[2]
    hidden = second.rename(second.with_name("hidden"))
    processes.restart(1)
    with pytest.raises(Unavailable):
        await processes.open(1, sealed, case)
    hidden.rename(second)
    assert await processes.open(1, sealed, case) == "before"


async def test_a_stolen_cell_key_opens_nothing_after_the_rotation(processes: Processes) -> None:
    """The thief has the cell's first key and reads the database, before and after."""
    case, cell = processes.associated_data(uuid4()), processes.associated_data(processes.cell_id)
    await processes.seal(0, "text", case)
    stolen, aad = await processes.stolen_cell_key(), f"{processes.cell_id}|{case.object_id}|1".encode()
    assert stolen.unwrap(await processes.wrapped(case.object_id), aad)
    await processes.rotate_cells()
    processes.restart(0)
    sealed = await processes.seal(0, "a name", cell)
    for version in (1, 2):
        with pytest.raises(InvalidTag):
            stolen.unwrap(await processes.wrapped(case.object_id), aad[:-1] + str(version).encode())
        bound = f"{processes.cell_id}|{cell.object_id}|{cell.table}|{cell.column}|{cell.row_id}|{version}".encode()
        with pytest.raises(InvalidTag):
            stolen.decrypt(sealed[3:], bound)


async def test_a_stolen_root_key_opens_no_cell_after_the_rotation(processes: Processes) -> None:
    await processes.seal(0, "text", processes.associated_data(uuid4()))
    thief = Vault(processes.root_key.read_bytes())
    assert thief.unwrap_cell(await processes.wrapped_cell(), processes.cell_id, FIRST)
    await processes.rotate_root()
    with pytest.raises(Unavailable):
        thief.unwrap_cell(await processes.wrapped_cell(), processes.cell_id, FIRST)
    pretended = Vault(RootKeys({2: Key(processes.root_key.read_bytes())}))
    with pytest.raises(InvalidTag):
        pretended.unwrap_cell(await processes.wrapped_cell(), processes.cell_id, FIRST)


async def test_a_key_that_is_destroyed_while_keys_are_wrapped_does_not_come_back(processes: Processes) -> None:
    places = [processes.associated_data(uuid4()) for _ in range(3)]
    sealed = [await processes.seal(0, "text", place) for place in places]
    with pytest.raises(ZeroDivisionError):
        await processes.rotate_cells(batch=1, killed_after=2)
    await processes.destroy(1, places[0].object_id)
    await processes.destroy(1, places[2].object_id)
    await processes.rotate_cells(again=True, batch=1)
    processes.restart(0)
    assert await processes.open(0, sealed[1], places[1]) == "text"
    for at in (0, 2):
        with pytest.raises(KeyDestroyed):
            await processes.open(0, sealed[at], places[at])


async def test_what_was_sealed_before_there_were_versions_opens(processes: Processes) -> None:
    """As the first version wrote it: keys of 60 bytes, texts that begin with the byte 1."""
    cell_key, case_key, case = os.urandom(32), os.urandom(32), processes.associated_data(uuid4())

    def enciphered(key: bytes, plain: bytes, aad: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, plain, aad.encode())

    cell = enciphered(processes.root_key.read_bytes(), cell_key, f"{processes.cell_id}|cell")
    await processes.insert_keys(
        cell, case.object_id, enciphered(cell_key, case_key, f"{processes.cell_id}|{case.object_id}")
    )
    where = f"{processes.cell_id}|{case.object_id}|{case.table}|{case.column}|{case.row_id}|1"
    sealed = b"\x01" + enciphered(case_key, b"Een zin.", where)
    assert wrapped_under(await processes.wrapped(case.object_id)) is None
    assert await processes.open(0, sealed, case) == "Een zin."
    assert (await processes.rotate_root(), await processes.rotate_cells()) == (1, 1)
    assert await processes.open(processes.restart(1), sealed, case) == "Een zin."


async def test_each_cell_s_rotation_stands_in_its_log(processes: Processes) -> None:
    await processes.seal(0, "text", processes.associated_data(uuid4()))
    await processes.rotate_root()
    await processes.rotate_cells()
    assert await processes.recorded() == ["wrap_cell_keys", "renew_cell_key", "wrap_object_keys"]


@pytest.mark.parametrize("service", SERVICES)
async def test_the_role_of_the_rotation_reads_no_content_and_destroys_nothing(servers: Servers, service: str) -> None:
    await (await migrated(servers, service)).close()
    keys = await asyncpg.connect(servers.postgres.database_url(service, "keys").replace("+asyncpg", ""))
    tables = [row[0] for row in await keys.fetch(
        "SELECT relname::text FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace"
        " WHERE nspname = 'public' AND relkind IN ('r', 'v', 'm', 'p')"
    )]  # fmt: skip
    has = "SELECT has_any_column_privilege($1::text, $2::text)"
    readable = {table for table in tables if await keys.fetchval(has, table, "SELECT")}
    assert readable == SPINE - {"outbox"}
    changed = {table for table in tables if await keys.fetchval(has, table, "UPDATE")}
    assert changed == {"cell_key", "object_key", "producer_height"}
    assert not [
        table for table in tables if await keys.fetchval("SELECT has_table_privilege($1::text, 'DELETE')", table)
    ]
    await keys.execute("SELECT set_config('rondetafel.tenant', $1, false)", str(uuid4()))
    for table in ("cell_key", "object_key", "mandate"):
        assert await keys.fetchval(f"SELECT count(*) FROM {table}") == 0
    await keys.close()
    app = await asyncpg.connect(servers.postgres.database_url(service, "app").replace("+asyncpg", ""))
    for table, verb in (("cell_key", "UPDATE"), ("object_key", "UPDATE"), ("cell_key", "DELETE")):
        assert not await app.fetchval("SELECT has_table_privilege($1::text, $2)", table, verb)
    await app.close()
