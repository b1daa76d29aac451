"""Seal and open: a ciphertext belongs to one place; a destroyed key is the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.servers import Servers
from services.kit.database import Database, Transaction
from services.kit.keys import FIRST, Key
from services.kit.policy import DatabaseRole
from services.kit.principal import system
from services.kit.run import Process
from services.kit.service import open_vault
from services.kit.vault import CACHE_SECONDS, AssociatedData, KeyDestroyed, Vault
from tests.databases import migrated

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
async def database(servers: Servers) -> AsyncIterator[Database]:
    database = await migrated(servers, "case")
    yield database
    await database.close()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[tuple[Transaction, UUID]]:
    """A transaction in a fresh cell."""
    cell_id = uuid4()
    async with database.transaction(system("case.consumer", cell_id), NOW) as session:
        yield session, cell_id


def place_of(object_id: UUID) -> AssociatedData:
    return AssociatedData(object_id, "contribution", "text", uuid4())


async def test_what_is_sealed_opens_only_at_its_place(session: tuple[Transaction, UUID]) -> None:
    keyring = Vault(b"r" * 32).keyring(*session)
    associated_data = place_of(uuid4())
    sealed = await keyring.seal("Een zin over iemand.", associated_data)
    assert b"zin" not in sealed
    assert await keyring.open(sealed, associated_data) == "Een zin over iemand."
    await keyring.seal("another object has a key too", place_of(other := uuid4()))
    for moved in (
        replace(associated_data, row_id=uuid4()),
        replace(associated_data, column="other"),
        replace(associated_data, table="other"),
        replace(associated_data, object_id=other),
    ):
        with pytest.raises(InvalidTag):
            await keyring.open(sealed, moved)


async def test_every_bit_counts(session: tuple[Transaction, UUID]) -> None:
    keyring = Vault(b"r" * 32).keyring(*session)
    associated_data = place_of(uuid4())
    sealed = await keyring.seal("tekst", associated_data)
    for index in range(1, len(sealed)):
        changed = sealed[:index] + bytes([sealed[index] ^ 1]) + sealed[index + 1 :]
        with pytest.raises(InvalidTag):
            await keyring.open(changed, associated_data)


async def test_another_root_key_opens_nothing(session: tuple[Transaction, UUID]) -> None:
    associated_data = place_of(uuid4())
    sealed = await Vault(b"r" * 32).keyring(*session).seal("tekst", associated_data)
    assert await Vault(b"r" * 32).keyring(*session).open(sealed, associated_data) == "tekst"
    with pytest.raises(InvalidTag):
        await Vault(b"s" * 32).keyring(*session).open(sealed, associated_data)


async def test_a_destroyed_key_is_the_end(database: Database) -> None:
    vault, cell_id, associated_data, other = Vault(b"r" * 32), uuid4(), place_of(uuid4()), place_of(uuid4())
    principal = system("case.consumer", cell_id)
    async with database.transaction(principal, NOW) as session:
        keyring = vault.keyring(session, cell_id)
        sealed, kept = await keyring.seal("tekst", associated_data), await keyring.seal("blijft", other)
    keyring.commit()
    async with database.transaction(principal, NOW) as session:
        assert await vault.keyring(session, cell_id).open(sealed, associated_data) == "tekst"
    async with database.transaction(principal, NOW, role=DatabaseRole.ERASING) as session:
        keyring = vault.keyring(session, cell_id)
        await keyring.destroy([associated_data.object_id])
    keyring.commit()
    for vault_ in (vault, Vault(b"r" * 32)):
        async with database.transaction(principal, NOW) as session:
            keyring = vault_.keyring(session, cell_id)
            assert await keyring.open(kept, other) == "blijft"
            with pytest.raises(KeyDestroyed):
                await keyring.open(sealed, associated_data)


async def test_a_key_whose_destruction_was_rolled_back_still_opens(database: Database) -> None:
    vault, cell_id, associated_data = Vault(b"r" * 32), uuid4(), place_of(uuid4())
    principal = system("case.consumer", cell_id)
    async with database.transaction(principal, NOW) as session:
        keyring = vault.keyring(session, cell_id)
        sealed = await keyring.seal("tekst", associated_data)
    keyring.commit()
    with pytest.raises(ZeroDivisionError):
        async with database.transaction(principal, NOW, role=DatabaseRole.ERASING) as session:
            await vault.keyring(session, cell_id).destroy([associated_data.object_id])
            raise ZeroDivisionError
    async with database.transaction(principal, NOW) as session:
        assert await vault.keyring(session, cell_id).open(sealed, associated_data) == "tekst"


async def test_a_key_of_a_rolled_back_transaction_is_never_kept(database: Database) -> None:
    """Else the next text would be sealed under a key that no row holds, and lost at the next start."""
    vault, cell_id, associated_data = Vault(b"r" * 32), uuid4(), place_of(uuid4())
    principal = system("case.consumer", cell_id)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction(principal, NOW) as session:
            await vault.keyring(session, cell_id).seal("lost", associated_data)
            raise ZeroDivisionError
    async with database.transaction(principal, NOW) as session:
        keyring = vault.keyring(session, cell_id)
        sealed = await keyring.seal("kept", associated_data)
    keyring.commit()
    async with database.transaction(principal, NOW) as session:
        assert await Vault(b"r" * 32).keyring(session, cell_id).open(sealed, associated_data) == "kept"


async def test_a_blind_index_tells_nothing_across_cells(database: Database) -> None:
    vault = Vault(b"r" * 32)
    blinds = []
    for cell_id in (uuid4(), uuid4()):
        async with database.transaction(system("case.consumer", cell_id), NOW) as session:
            keyring = vault.keyring(session, cell_id)
            assert await keyring.blind("a@example.org", "email") == await keyring.blind("a@example.org", "email")
            assert await keyring.blind("a@example.org", "email") != await keyring.blind("a@example.org", "name")
            blinds.append(await keyring.blind("a@example.org", "email"))
    assert blinds[0] != blinds[1]


class Seconds:
    """A clock of the test."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_an_expired_key_leaves_memory_and_is_overwritten(database: Database) -> None:
    clock = Seconds()
    vault, cell_id, associated_data = Vault(b"r" * 32, clock=clock), uuid4(), place_of(uuid4())
    principal = system("case.consumer", cell_id)
    async with database.transaction(principal, NOW) as session:
        keyring = vault.keyring(session, cell_id)
        sealed = await keyring.seal("tekst", associated_data)
    keyring.commit()
    kept = [vault.cached((cell_id, object_id)) for object_id in (cell_id, associated_data.object_id)]
    clock.now = CACHE_SECONDS - 1
    vault.sweep()
    assert [vault.cached((cell_id, object_id)) for object_id in (cell_id, associated_data.object_id)] == kept
    clock.now = CACHE_SECONDS
    assert vault.cached((cell_id, cell_id)) is None
    vault.sweep()
    assert vault.kept == 0
    for keys in kept:
        assert keys is not None
        with pytest.raises(RuntimeError, match="wiped"):
            keys[FIRST].digest(b"")
    async with database.transaction(principal, NOW) as session:
        assert await vault.keyring(session, cell_id).open(sealed, associated_data) == "tekst"


def test_a_wiped_key_is_overwritten_in_place() -> None:
    key = Key(b"k" * 32)
    held = key._opened()
    assert held == b"k" * 32
    key.wipe()
    assert held == bytes(32)


async def test_a_key_that_expires_in_the_middle_of_an_act_is_found_again(database: Database) -> None:
    """Sealed under a key that was overwritten, a text would be open to everybody."""
    clock = Seconds()
    vault, cell_id, places = Vault(b"r" * 32, clock=clock), uuid4(), [place_of(uuid4()) for _ in range(3)]
    principal = system("case.consumer", cell_id)
    async with database.transaction(principal, NOW) as session:
        keyring = vault.keyring(session, cell_id)
        await keyring.seal("made", places[0])
    keyring.commit()
    async with database.transaction(principal, NOW) as session:
        keyring = vault.keyring(session, cell_id)
        sealed = [await keyring.seal("first", places[0]), await keyring.seal("second", places[1])]
        clock.now += CACHE_SECONDS
        vault.sweep()
        sealed.append(await keyring.seal("third", places[2]))
        assert await keyring.open(sealed[0], places[0]) == "first"
    keyring.commit()
    async with database.transaction(principal, NOW) as session:
        keyring = Vault(b"r" * 32).keyring(session, cell_id)
        assert [await keyring.open(text, place) for text, place in zip(sealed, places, strict=True)] == [
            "first", "second", "third"
        ]  # fmt: skip


async def test_a_process_that_stops_wipes_its_keys(session: tuple[Transaction, UUID], tmp_path: Path) -> None:
    (tmp_path / "root_key").write_bytes(b"r" * 32)
    process = Process()
    vault = open_vault(tmp_path / "root_key", process)
    associated_data = place_of(uuid4())
    keyring = vault.keyring(*session)
    sealed = await keyring.seal("tekst", associated_data)
    keyring.commit()
    assert await vault.keyring(*session).open(sealed, associated_data) == "tekst"
    await process._stop()
    assert vault.kept == 0
    with pytest.raises(RuntimeError, match="wiped"):
        await vault.keyring(*session).open(sealed, associated_data)


@given(st.integers(min_value=0, max_value=100).filter(lambda length: length != 32))
def test_a_root_key_has_32_bytes(length: int) -> None:
    assert Vault(b"r" * 32)
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"r" * length)
