"""Drafts and preferences on the real database: for one person alone, sealed, forgotten after seven days."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib import import_module
from typing import TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.execute import HandlerOf
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.portal.commands.drop_draft import DropDraft, drop_draft
from services.portal.commands.save_draft import Saved, SaveDraft, save_draft
from services.portal.commands.set_preference import SetPreference, set_preference
from services.portal.commands.start_sign_in import StartSignIn, start_sign_in
from services.portal.errors import DraftTooLarge, FormMalformed
from services.portal.model import (
    LARGEST_DRAFT,
    MOST_DRAFT_BYTES,
    MOST_DRAFTS,
    DraftRef,
    Fields,
    SignInSecret,
    SignInTokens,
)
from services.portal.policy import PORTAL_ITSELF
from services.portal.queries.find_drafts import DraftView, FindDrafts, find_drafts
from services.portal.queries.find_sign_in import FindSignIn, find_sign_in
from services.portal.queries.list_drafts import ListDrafts, list_drafts
from tests.harness import Harness
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import filled, sit

FORM = "/cells/01932f6e-0000-7000-8000-000000000001/signals/new"
OPENED = UUID("01932f6e-0000-7000-8000-00000000000a")
TYPED: Fields = {"observed": ["Zwaluwnest trekt zich terug."], "parts": ["identity", "content"]}
ANOTHER: Fields = {"observed": ["Anders."]}
migration = import_module("services.portal.migrations.versions.0008_openings")
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

    async def keep(
        self, fields: Fields = TYPED, form: str = FORM, opened: UUID = OPENED, began: DraftRef | None = None
    ) -> Saved:
        saved = await self.run(save_draft, SaveDraft(form, opened, fields, began, "phone"))
        if saved.too_many:
            await self.run(drop_draft, DropDraft(saved.too_many))
        return saved

    async def found(self, form: str = FORM) -> tuple[DraftView, ...]:
        return await self.run(find_drafts, FindDrafts(form))

    async def texts(self, form: str = FORM) -> list[Fields]:
        return [draft.fields for draft in await self.found(form)]


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
    saved = await nele.keep()
    assert await nele.texts() == [TYPED]
    other = Typist(nele.harness)
    assert await other.found() == ()
    assert await other.run(list_drafts, ListDrafts()) == ()
    await other.run(drop_draft, DropDraft((saved.ref,)))
    await other.run(drop_draft, DropDraft(form=FORM))
    assert (await other.keep(ANOTHER, began=saved.ref)).ref != saved.ref, "nobody writes over what is somebody else's"
    assert await nele.texts() == [TYPED]


async def test_the_rows_alone_tell_nothing(nele: Typist, administrator: asyncpg.Connection) -> None:
    await nele.keep()
    (row,) = await administrator.fetch("SELECT * FROM draft")
    assert b"Zwaluwnest" not in row["fields"]
    assert b"observed" not in row["fields"]


async def test_a_later_draft_replaces_the_one_it_began_from_and_a_dropped_one_is_gone(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    first = await nele.keep()
    second = await nele.keep(ANOTHER, began=first.ref)
    assert (second.ref, second.beside) == (DraftRef(first.ref.draft_id, 2), False)
    (line,) = await nele.run(list_drafts, ListDrafts())
    assert (line.ref, line.form, line.device) == (second.ref, FORM, "phone")
    assert await nele.texts() == [ANOTHER]
    before = await keys(administrator)
    await nele.run(drop_draft, DropDraft((first.ref,)))
    assert await nele.texts() == [ANOTHER], "it was kept anew since"
    await nele.run(drop_draft, DropDraft((second.ref,)))
    assert await nele.found() == ()
    assert await keys(administrator) == before - 1
    await nele.keep(began=second.ref)
    assert await nele.texts() == [TYPED]


async def test_an_older_page_keeps_beside_and_never_over(nele: Typist, administrator: asyncpg.Connection) -> None:
    first = await nele.keep({"observed": ["Kort."]})
    phone = await nele.keep(ANOTHER, began=first.ref)
    nele.harness.clock.advance(seconds=1)
    laptop = await nele.keep(TYPED, began=first.ref)
    assert (phone.beside, laptop.beside) == (False, True)
    assert await nele.texts() == [TYPED, ANOTHER]
    again = await nele.keep(TYPED, began=first.ref)
    assert (again.ref, again.beside) == (laptop.ref, True), "sent twice is kept once"
    nele.harness.clock.advance(seconds=1)
    await nele.keep({"observed": ["Zonder begin."]})
    assert len(await nele.texts()) == 3, "the same page, gone back to, after it was kept"


async def test_two_openings_of_one_form_are_two_drafts(nele: Typist, administrator: asyncpg.Connection) -> None:
    await nele.keep(TYPED)
    other = await nele.keep(TYPED, opened=uuid4())
    assert not other.beside
    assert await nele.texts() == [TYPED, TYPED]
    await nele.run(drop_draft, DropDraft((other.ref,)))
    assert [draft.opened for draft in await nele.found()] == [OPENED]


async def test_a_database_of_before_keeps_its_drafts(nele: Typist, administrator: asyncpg.Connection) -> None:
    """Each row becomes an opening of its own; a page of then keeps beside it."""
    saved = await nele.keep()
    async with administrator.transaction():
        await administrator.execute("DROP INDEX draft_form; ALTER TABLE draft DROP CONSTRAINT draft_pkey")
        await administrator.execute("ALTER TABLE draft DROP COLUMN opened, DROP COLUMN version, DROP COLUMN device")
        await administrator.execute("ALTER TABLE draft ADD PRIMARY KEY (tenant_id, person_id, form)")
        await administrator.execute(migration.TABLES + migration.GRANTS)
    (draft,) = await nele.found()
    assert (draft.ref, draft.fields, draft.device) == (DraftRef(saved.ref.draft_id, 1), TYPED, "")
    await nele.keep(ANOTHER)
    assert len(await nele.texts()) == 2


async def keys(administrator: asyncpg.Connection) -> int:
    """How many drafts could still be read, were their rows found again."""
    count: int = await administrator.fetchval("SELECT count(*) FROM object_key WHERE tenant_id = $1", PLATFORM)
    return count


async def test_of_windows_that_keep_at_once_none_is_lost(nele: Typist, administrator: asyncpg.Connection) -> None:
    first = await nele.keep()
    texts = [{"observed": [str(number)]} for number in range(8)]
    saved = await asyncio.gather(*(nele.keep(text, began=first.ref) for text in texts))
    assert [each.ref.draft_id for each in saved].count(first.ref.draft_id) == 1, "one of them takes its place"
    found = await nele.texts()
    assert len(found) == len(texts)
    assert all(text in found for text in texts)


async def test_the_database_shows_a_person_the_own_rows_alone(
    nele: Typist, administrator: asyncpg.Connection, servers: Servers
) -> None:
    """The wall stands in the database: a statement without any condition finds nobody else's."""
    await nele.keep()
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
    await nele.keep()
    await nele.found()
    rows = await administrator.fetch("SELECT tenant_id, payload FROM outbox WHERE type = 'audit.record'")
    assert [row["tenant_id"] for row in rows] == [PLATFORM, PLATFORM]
    assert all(b"Zwaluwnest" not in row["payload"] and b"/cells/" not in row["payload"] for row in rows)


async def test_a_person_keeps_so_many_drafts_and_the_first_give_way(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    other = Typist(nele.harness)
    await other.keep()
    before = await keys(administrator)
    for number in range(MOST_DRAFTS + 3):
        nele.harness.clock.advance(seconds=1)
        await nele.keep(form=f"/form/{number}")
    assert await keys(administrator) == before + MOST_DRAFTS, "with a draft its key goes"
    kept = [await nele.found(f"/form/{number}") for number in (2, 3, MOST_DRAFTS + 2)]
    assert [len(texts) for texts in kept] == [0, 1, 1]
    assert len(await nele.run(list_drafts, ListDrafts())) == MOST_DRAFTS, "all that are kept are listed"
    assert await other.found(), "nobody else loses anything"


async def test_forty_drafts_of_nine_tenths_of_a_megabyte_are_not_kept(
    nele: Typist, administrator: asyncpg.Connection
) -> None:
    """What an outsider did in 2.7 s. The largest that our forms can hold is kept, and the newest of several always."""
    with pytest.raises(DraftTooLarge):
        await nele.keep({"observed": ["x" * 900_000]})
    assert await administrator.fetchval("SELECT count(*) FROM draft") == 0, "nothing is begun either"
    large = {"observed": ["\u00e9" * (LARGEST_DRAFT // 2 - 50)]}
    for number in range(6):
        nele.harness.clock.advance(seconds=1)
        await nele.keep(large, f"/form/{number}")
        assert await nele.texts(f"/form/{number}") == [large]
    kept = await administrator.fetchval("SELECT sum(length(fields)) FROM draft")
    assert LARGEST_DRAFT < kept <= MOST_DRAFT_BYTES


@pytest.mark.parametrize("form", ["/x" * 101, "/cells/\0", "/a\nb"])
async def test_a_draft_of_no_address_of_ours_is_refused(
    nele: Typist, administrator: asyncpg.Connection, form: str
) -> None:
    await nele.keep(form="/x" * 100)
    with pytest.raises(FormMalformed):
        await nele.keep(form=form)


async def test_a_draft_is_kept_for_a_page_that_was_shown_and_for_no_other(
    front: Front, backends: Backends, administrator: asyncpg.Connection
) -> None:
    """An outsider filled the store by sending forms to the pages of cells that never showed them any."""
    own = await sit(front, backends, "participant")
    form = await filled(front, f"{own}/signals/new", {"observed": "Halverwege.", "later": "1"})
    foreign = [f"{own}/sessions/new", *(f"/cells/{uuid4()}/{to}" for to in ("signals/new", f"cases/{uuid4()}/list"))]
    assert (await front.client.post(f"{own}/signals/new", data=form)).status_code == 303
    for path in foreign:
        for bent in (form, form | {"shown": ""}, {k: v for k, v in form.items() if k != "shown"}):
            assert (await front.client.post(path, data=bent)).status_code == 400, path
    assert (await front.client.post("/no/such/page", data=form)).status_code in (404, 405)
    assert [row["form"] for row in await administrator.fetch("SELECT form FROM draft")] == [f"{own}/signals/new"]
    assert (await front.client.post(f"{own}/signals/new", data=form)).status_code == 303
    front.advance(minutes=31)
    late = {name: form[name] for name in form if name != "later"}
    for path in foreign:
        assert "kept" not in (await front.client.post(path, data=late)).headers["location"]
    assert "kept" in (await front.client.post(f"{own}/signals/new", data=late)).headers["location"]
    assert await administrator.fetchval("SELECT count(*) FROM draft") == 1
