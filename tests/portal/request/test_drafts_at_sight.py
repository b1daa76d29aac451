"""A sign-in says whether its person keeps drafts, so that nobody looks in vain; the wall lets just that through."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.principal import PLATFORM, system
from services.portal.commands.start_sign_in import StartSignIn, start_sign_in
from services.portal.model import SignInSecret, SignInTokens
from services.portal.policy import PORTAL_ITSELF
from services.portal.queries.find_sign_in import FindSignIn, find_sign_in
from tests.harness import Harness
from tests.portal.request.test_drafts import Typist


async def test_a_sign_in_says_whether_its_own_person_keeps_drafts(harness: Harness) -> None:
    nele, other = Typist(harness), Typist(harness)
    secrets = {typist: await _signed_in(typist) for typist in (nele, other)}
    assert [await _keeps(typist, secret) for typist, secret in secrets.items()] == [False, False]
    await nele.keep()
    assert [await _keeps(typist, secret) for typist, secret in secrets.items()] == [True, False]
    nele.harness.clock.advance(days=7, seconds=1)
    assert not await _keeps(nele, await _signed_in(nele))


async def _signed_in(typist: Typist) -> SignInSecret:
    secret = SignInSecret.new()
    tokens = SignInTokens("access", typist.harness.clock.now + timedelta(minutes=5), "refresh")
    start = StartSignIn(secret, str(uuid4()), typist.person, tokens)
    await typist.harness.executor.run(system(PORTAL_ITSELF, PLATFORM), start_sign_in, start)
    return secret


async def _keeps(typist: Typist, secret: SignInSecret) -> bool:
    portal = system(PORTAL_ITSELF, PLATFORM)
    return (await typist.harness.executor.run(portal, find_sign_in, FindSignIn(secret))).drafts


async def test_the_portal_sees_drafts_of_the_sign_in_it_names_and_writes_none(
    harness: Harness, servers: Servers
) -> None:
    nele, other = Typist(harness), Typist(harness)
    await nele.keep()
    await other.keep()
    url = servers.postgres.database_url("portal", "app").replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    for secret, seen in ((await _signed_in(nele), [nele.person]), (SignInSecret.new(), [])):
        async with connection.transaction():
            about = secret.sign_in_id
            await connection.execute("SELECT begin_act($1, $2, now(), $3, false)", PLATFORM, uuid4(), about)
            assert [row["person_id"] for row in await connection.fetch("SELECT person_id FROM draft")] == seen
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with connection.transaction():
            about = (await _signed_in(nele)).sign_in_id
            await connection.execute("SELECT begin_act($1, $2, now(), $3, false)", PLATFORM, uuid4(), about)
            await connection.execute("UPDATE draft SET saved_at = now()")
    await connection.close()
