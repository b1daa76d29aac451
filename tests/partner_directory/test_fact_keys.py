"""The key by which the directory signs facts: made once, renewed in time, sealed where it lies."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound
from services.kit.principal import PLATFORM, system
from services.kit.vault import Vault
from services.partner_directory.commands.fact.renew_fact_key import RenewFactKey, renew_fact_key
from services.partner_directory.model import KEY_KEPT, KEY_TERM
from services.partner_directory.queries.get_fact_keys import GetFactKeys, get_fact_keys
from services.partner_directory.queries.open_fact_key import OpenFactKey, open_fact_key
from services.partner_directory.signing import NAME
from tests.doors import NOBODY
from tests.harness import Harness
from tests.partner_directory.test_rpc import PEERS, adapter
from tests.partner_directory.town import Host

SIGNING = system(NAME, PLATFORM)


async def renewed(harness: Harness) -> UUID:
    return (await harness.executor.run(SIGNING, renew_fact_key, RenewFactKey())).id


async def told(harness: Harness) -> dict[UUID, bytes]:
    return await harness.executor.run(SIGNING, get_fact_keys, GetFactKeys())


async def test_a_key_signs_for_its_term_and_is_told_as_long_as_what_it_signed_may_lie_about(harness: Harness) -> None:
    harness.clock.advance(days=1000)
    first = await renewed(harness)
    assert await renewed(harness) == first
    harness.clock.now += KEY_TERM - timedelta(seconds=1)
    assert await renewed(harness) == first
    harness.clock.advance(seconds=1)
    second = await renewed(harness)
    assert second != first
    harness.clock.now += KEY_KEPT - timedelta(seconds=1)
    assert await renewed(harness) == second
    assert {first, second} <= set(await told(harness))
    harness.clock.advance(seconds=1)
    assert await renewed(harness) == second
    assert first not in await told(harness)
    assert second in await told(harness)


async def test_processes_that_start_together_sign_by_one_key(harness: Harness) -> None:
    harness.clock.advance(days=2000)
    assert len(set(await asyncio.gather(*(renewed(harness) for _ in range(5))))) == 1


async def test_what_is_told_is_the_public_half_of_what_is_opened(harness: Harness) -> None:
    key_id = await renewed(harness)
    opened = await harness.executor.run(SIGNING, open_fact_key, OpenFactKey(key_id))
    private = Ed25519PrivateKey.from_private_bytes(opened.seed)
    assert (await told(harness))[key_id] == private.public_key().public_bytes_raw()
    assert opened.seed.hex() not in repr(opened)


async def test_the_private_half_lies_sealed_and_opens_by_the_root_key_alone(harness: Harness, servers: Servers) -> None:
    key_id = await renewed(harness)
    opened = await harness.executor.run(SIGNING, open_fact_key, OpenFactKey(key_id))
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    row = await connection.fetchrow("SELECT * FROM fact_key WHERE key_id = $1", key_id)
    await connection.close()
    assert row is not None
    lying = b"".join(bytes(text) for text in (row["sealed"], row["public_key"]))
    assert opened.seed not in lying
    assert opened.seed.hex().encode() not in lying
    stolen = Harness("partner_directory", harness.database, harness.policy, vault=Vault(b"x" * 32))
    with pytest.raises(InvalidTag):
        await stolen.executor.run(SIGNING, open_fact_key, OpenFactKey(key_id))


async def test_the_keys_are_told_to_services_and_opened_by_the_directory_alone(host: Host) -> None:
    key_id = await renewed(host.harness)
    answer = await adapter(host).GetFactKeys(pb.GetFactKeysRequest(), NOBODY)
    assert {key.key_id: key.public_key for key in answer.keys}[str(key_id)] == (await told(host.harness))[key_id]
    assert PEERS["GetFactKeys"] == {"case", "meeting", "audit", "portal"}
    case = system("case.service", PLATFORM)
    with pytest.raises(CellNotFound):
        await host.harness.executor.run(case, open_fact_key, OpenFactKey(key_id))
    with pytest.raises(CellNotFound):
        await host.harness.executor.run(case, renew_fact_key, RenewFactKey())
    with pytest.raises(CellNotFound):
        await host.harness.executor.run(system("case.service", UUID(int=5)), get_fact_keys, GetFactKeys())
