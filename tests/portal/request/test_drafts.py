"""Drafts and preferences on the real database: for one person alone, sealed, forgotten after seven days."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.execute import HandlerOf
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.portal.commands.drop_draft import DropDraft, drop_draft
from services.portal.commands.expire_drafts import ExpireDrafts, expire_drafts
from services.portal.commands.save_draft import SaveDraft, save_draft
from services.portal.commands.set_preference import SetPreference, set_preference
from services.portal.commands.start_sign_in import StartSignIn, start_sign_in
from services.portal.errors import DraftTooLarge, FormMalformed
from services.portal.model import LARGEST_DRAFT, MOST_DRAFT_BYTES, MOST_DRAFTS, SignInSecret, SignInTokens
from services.portal.policy import PORTAL_ITSELF
from services.portal.queries.find_draft import FindDraft, find_draft
from services.portal.queries.find_sign_in import FindSignIn, find_sign_in
from services.portal.queries.list_drafts import ListDrafts, list_drafts
from tests.harness import Harness
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import filled, sit

FORM = "/cells/01932f6e-0000-7000-8000-000000000001/signals/new"
TYPED = {"observed": ["Zwaluwnest trekt zich terug."], "parts": ["identity", "content"]}
Command = TypeVar("Command")
Result = TypeVar("Result")


class Typist:
    """Somebody who types into forms."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.person = uuid4()

    async def run(self, handler: HandlerOf[Command, Result], command: Command) -> Result:
        principal = Principal(PrincipalKind.PERSON, self.person, PLATFORM)
        return await self.harness.executor.run(principal, handler, command)

    async def keep(self, draft: SaveDraft) -> None:
        """As the pages do."""
        for form in await self.run(save_draft, draft):
            await self.run(drop_draft, DropDraft(form))


@pytest.fixture
def nele(harness: Harness) -> Typist:
    return Typist(harness)


@pytest.fixture
async def administrator(servers: Servers, nele: Typist) -> AsyncIterator[asyncpg.Connection]:
    connection = await servers.postgres.connect("rondetafel_portal")
    await connection.execute("TRUNCATE draft, preference")
    yield connection
    await connection.close()


async def test_what_was_typed_is_given_back_to_who_typed_it(nele: Typist, administrator: asyncpg.Connection) -> None:
    await nele.run(save_draft, SaveDraft(FORM, TYPED))
    found = await nele.run(find_draft, FindDraft(FORM))
    assert found is not None
    assert found.fields == TYPED
    other = Typist(nele.harness)
    assert await other.run(find_draft, FindDraft(FORM)) is None
    assert await other.run(list_drafts, ListDrafts()) == ()
    await other.run(drop_draft, DropDraft(FORM))
    assert await nele.run(find_draft, FindDraft(FORM)) == found


async def test_the_rows_alone_tell_nothing(nele: Typist, administrator: asyncpg.Connection) -> None:
    await nele.run(save_draft, SaveDraft(FORM, TYPED))
    (row,) = await administrator.fetch("SELECT * FROM draft")
    assert b"Zwaluwnest" not in row["fields"]
    assert b"observed" not in row["fields"]


async def test_a_later_draft_replaces_the_earlier_and_a_dropped_one_is_gone(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    await nele.run(save_draft, SaveDraft(FORM, TYPED))
    await nele.run(save_draft, SaveDraft(FORM, {"observed": ["Anders."]}))
    assert [line.form for line in await nele.run(list_drafts, ListDrafts())] == [FORM]
    found = await nele.run(find_draft, FindDraft(FORM))
    assert found is not None
    assert found.fields == {"observed": ["Anders."]}
    before = await keys(administrator)
    await nele.run(drop_draft, DropDraft(FORM))
    assert await nele.run(find_draft, FindDraft(FORM)) is None
    assert await keys(administrator) == before - 1
    await nele.run(save_draft, SaveDraft(FORM, TYPED))
    found = await nele.run(find_draft, FindDraft(FORM))
    assert found is not None
    assert found.fields == TYPED


async def keys(administrator: asyncpg.Connection) -> int:
    """How many drafts could still be read, were their rows found again."""
    count: int = await administrator.fetchval("SELECT count(*) FROM object_key WHERE tenant_id = $1", PLATFORM)
    return count


async def test_two_windows_that_keep_at_once_seal_under_one_key(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    before = await keys(administrator)
    texts = [{"observed": [str(number)]} for number in range(8)]
    await asyncio.gather(*(nele.run(save_draft, SaveDraft(FORM, text)) for text in texts))
    assert await keys(administrator) == before + 1
    found = await nele.run(find_draft, FindDraft(FORM))
    assert found is not None
    assert found.fields in texts


async def test_seven_days_end_it_before_it_is_swept_and_after(nele: Typist, administrator: asyncpg.Connection) -> None:
    await nele.run(save_draft, SaveDraft(FORM, TYPED))
    nele.harness.clock.advance(days=7)
    assert await nele.run(find_draft, FindDraft(FORM))
    nele.harness.clock.advance(seconds=1)
    assert await nele.run(find_draft, FindDraft(FORM)) is None
    assert await nele.run(list_drafts, ListDrafts()) == ()
    before = await keys(administrator)
    swept = await nele.harness.executor.run(system(PORTAL_ITSELF, PLATFORM), expire_drafts, ExpireDrafts())
    assert swept == 1
    assert await administrator.fetchval("SELECT count(*) FROM draft") == 0
    assert await keys(administrator) == before - 1


async def test_the_database_shows_a_person_the_own_rows_alone(
    nele: Typist, administrator: asyncpg.Connection, servers: Servers
) -> None:
    """The wall stands in the database: a statement without any condition finds nobody else's."""
    await nele.run(save_draft, SaveDraft(FORM, TYPED))
    await nele.run(set_preference, SetPreference("fr", "dark"))
    for person, seen in ((nele.person, 1), (uuid4(), 0)):
        for name in ("draft", "preference"):
            assert await _count(servers, name, person) == seen


async def _count(servers: Servers, name: str, person: UUID) -> int:
    url = servers.postgres.database_url("portal", "app").replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT begin_act($1, $2, now(), NULL, false)", PLATFORM, person)
            count: int = await connection.fetchval(f"SELECT count(*) FROM {name}")
            return count
    finally:
        await connection.close()


async def test_a_choice_holds_for_every_session_of_the_person(nele: Typist, administrator: asyncpg.Connection) -> None:
    await nele.run(set_preference, SetPreference("fr", ""))
    await nele.run(set_preference, SetPreference("fr", "dark"))
    secret = SignInSecret.new()
    tokens = SignInTokens("access", nele.harness.clock.now + timedelta(minutes=5), "refresh", "Nele Claes", "n@x.be")
    portal = system(PORTAL_ITSELF, PLATFORM)
    await nele.harness.executor.run(portal, start_sign_in, StartSignIn(secret, "sign-in", nele.person, tokens))
    view = await nele.harness.executor.run(portal, find_sign_in, FindSignIn(secret))
    assert (view.language, view.scheme, view.tokens.name) == ("fr", "dark", "Nele Claes")


async def test_drafts_are_in_the_hosts_log_without_a_word_of_them(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    await administrator.execute("TRUNCATE outbox")
    await nele.run(save_draft, SaveDraft(FORM, TYPED))
    await nele.run(find_draft, FindDraft(FORM))
    rows = await administrator.fetch("SELECT tenant_id, payload FROM outbox WHERE type = 'audit.record'")
    assert [row["tenant_id"] for row in rows] == [PLATFORM, PLATFORM]
    assert all(b"Zwaluwnest" not in row["payload"] and b"/cells/" not in row["payload"] for row in rows)


async def test_a_person_keeps_so_many_drafts_and_the_first_give_way(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    other = Typist(nele.harness)
    await other.run(save_draft, SaveDraft(FORM, TYPED))
    before = await keys(administrator)
    for number in range(MOST_DRAFTS + 3):
        nele.harness.clock.advance(seconds=1)
        await nele.keep(SaveDraft(f"/form/{number}", TYPED))
    assert await keys(administrator) == before + MOST_DRAFTS, "with a draft its key goes"
    kept = [await nele.run(find_draft, FindDraft(f"/form/{number}")) for number in (2, 3, MOST_DRAFTS + 2)]
    assert [text is not None for text in kept] == [False, True, True]
    assert await other.run(find_draft, FindDraft(FORM)), "nobody else loses anything"


async def test_forty_drafts_of_nine_tenths_of_a_megabyte_are_not_kept(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    """What an outsider did in 2.7 s. The largest that our forms can hold is kept, and the newest of several always."""
    with pytest.raises(DraftTooLarge):
        await nele.run(save_draft, SaveDraft(FORM, {"observed": ["x" * 900_000]}))
    assert await administrator.fetchval("SELECT count(*) FROM draft") == 0, "nothing is begun either"
    large = {"observed": ["\u00e9" * (LARGEST_DRAFT // 2 - 50)]}
    for number in range(6):
        nele.harness.clock.advance(seconds=1)
        await nele.keep(SaveDraft(f"/form/{number}", large))
        found = await nele.run(find_draft, FindDraft(f"/form/{number}"))
        assert found is not None
        assert found.fields == large
    kept = await administrator.fetchval("SELECT sum(length(fields)) FROM draft")
    assert LARGEST_DRAFT < kept <= MOST_DRAFT_BYTES


@pytest.mark.parametrize("form", ["/x" * 101, "/cells/\0", "/a\nb"])
async def test_a_draft_of_no_address_of_ours_is_refused(
    nele: Typist, administrator: asyncpg.Connection, form: str
) -> None:
    await nele.run(save_draft, SaveDraft("/x" * 100, TYPED))
    with pytest.raises(FormMalformed):
        await nele.run(save_draft, SaveDraft(form, TYPED))


async def test_a_draft_is_kept_for_a_page_that_was_shown_and_for_no_other(
    front: Front, backends: Backends, administrator: asyncpg.Connection
) -> None:
    """An outsider filled the store by sending forms to the pages of cells that never showed them any."""
    own = await sit(front, backends, "participant")
    form = await filled(front, f"{own}/signals/new", {"observed": "Halverwege.", "later": "1"})
    foreign = [f"/cells/{uuid4()}/signals/new", f"{own}/sessions/new", f"/cells/{uuid4()}/cases/{uuid4()}/circle"]
    assert (await front.client.post(f"{own}/signals/new", data=form)).status_code == 303
    for path in foreign:
        for bent in (form, form | {"shown": ""}, {k: v for k, v in form.items() if k != "shown"}):
            assert (await front.client.post(path, data=bent)).status_code == 400, path
    assert (await front.client.post("/no/such/page", data=form)).status_code in (404, 405)
    assert [row["form"] for row in await administrator.fetch("SELECT form FROM draft")] == [f"{own}/signals/new"]
    assert (await front.client.post(f"{own}/signals/new", data=form)).status_code == 303
    front.advance(minutes=31)
    late = {name: value for name, value in form.items() if name != "later"}
    for path in foreign:
        assert "kept" not in (await front.client.post(path, data=late)).headers["location"]
    assert "kept" in (await front.client.post(f"{own}/signals/new", data=late)).headers["location"]
    assert await administrator.fetchval("SELECT count(*) FROM draft") == 1
