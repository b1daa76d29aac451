"""What an author leaves out when sharing stays with the author alone, for fourteen days, or is thrown away."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from rondetafel.kit.v1 import kit_pb2
from services.kit.errors import VersionChanged
from services.portal.commands.drop_draft import DropDraft, drop_draft
from services.portal.queries.find_drafts import DraftView, FindDrafts, find_drafts
from services.portal.queries.list_drafts import ListDrafts, list_drafts
from services.portal.terms import TERMS
from tests.falling_due import run_due
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front, csrf_of
from tests.portal.contribution.test_sharing import answered
from tests.portal.dossier import CASE, DRAFT, before_draft, case, contribution
from tests.portal.request.test_devices import nothing_kept
from tests.portal.tables import ME, send

LEFT_OUT = "Moeder krijgt therapie."
SHARED = "De ruzies zijn minder fel. Zijn nicht Fien belde."
assert nothing_kept


@pytest.fixture(autouse=True)
async def nothing_left_out(front: Front) -> None:
    """It is the same person and the same contribution in every test, each in another cell."""
    for row in await kept(front):
        await front.web.sign_ins.own(UUID(ME), drop_draft, DropDraft((row.ref,)))


async def kept(front: Front, person: UUID = UUID(ME)) -> tuple[DraftView, ...]:  # noqa: B008
    form = f"/cells/{front.cell}/cases/{CASE}/left-out/{DRAFT}"
    return await front.web.sign_ins.own(person, find_drafts, FindDrafts(form))


async def shared(front: Front, backends: Backends) -> str:
    path = await before_draft(front, backends)
    await answered(front, path)
    for method, state, version in (
        ("ReviseContribution", "PRIVATE", 4), ("AssessContribution", "ASSESSED", 5), ("ShareContribution", "SHARED", 6),
    ):  # fmt: skip
        backends.answers[method] = kit_pb2.Receipt(id=DRAFT, state=state, version=version)
    assert (await send(front, f"{path}/share")).headers["location"] == path
    after = contribution(text=SHARED, state="SHARED", stage="shared", version=6)
    backends.answers["ReadCase"] = case(contributions=[after])
    return path


async def test_what_is_left_out_stays_with_its_author(front: Front, backends: Backends) -> None:
    path = await shared(front, backends)
    page = await front.client.get(path)
    assert LEFT_OUT in page.text
    assert SHARED in page.text
    assert re.search(r"Wat je wegliet, tot \w+\s", page.text.replace("\u00a0", " "))
    assert await front.web.sign_ins.own(UUID(ME), list_drafts, ListDrafts()) == (), "it waits for nothing"
    (row,) = await kept(front)
    assert row.fields["text"] == [LEFT_OUT]


async def test_it_is_thrown_away(front: Front, backends: Backends) -> None:
    path = await shared(front, backends)
    (row,) = await kept(front)
    fields = {"csrf_token": await csrf_of(front), "ref": str(row.ref)}
    assert (await front.client.post(f"{path}/left-out", data=fields)).headers["location"] == path
    assert LEFT_OUT not in (await front.client.get(path)).text
    assert await kept(front) == ()


async def test_nobody_else_finds_it(front: Front, backends: Backends) -> None:
    path = await shared(front, backends)
    assert LEFT_OUT in (await front.client.get(path)).text
    assert await kept(front, uuid4()) == ()
    (row,) = await kept(front)
    fields = {"csrf_token": await csrf_of(front), "ref": str(row.ref)}
    front.keycloak.subject, front.keycloak.sid = "another-subject", str(uuid4())
    await front.sign_in()
    page = await front.client.get(path)
    assert SHARED in page.text, "to be sure: the services would take this person for the author"
    assert LEFT_OUT not in page.text
    fields["csrf_token"] = await csrf_of(front)
    await front.client.post(f"{path}/left-out", data=fields)
    assert len(await kept(front)) == 1


async def test_after_fourteen_days_it_is_over_and_swept(front: Front, backends: Backends) -> None:
    await shared(front, backends)
    (row,) = await kept(front)
    look, draft_id = front.harness.database.unwalled, row.ref.draft_id
    key, body = (
        f"SELECT 1 FROM {table} WHERE {name} = $1"
        for table, name in (("object_key", "object_id"), ("draft", "draft_id"))
    )
    front.harness.clock.now = NOW + timedelta(days=13, hours=23)
    await run_due(front.harness, TERMS)
    assert len(await kept(front)) == 1
    front.harness.clock.now = NOW + timedelta(days=14)
    assert await kept(front) == (), "before it is swept"
    assert await look(key, draft_id)
    assert await look(body, draft_id)
    await run_due(front.harness, TERMS)
    assert not await look(key, draft_id)
    assert not await look(body, draft_id)


async def test_what_was_not_shared_was_not_left_out(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path)
    backends.answers["ReviseContribution"] = VersionChanged(field="expected_version", expected="the version last read")
    assert (await send(front, f"{path}/share")).status_code == 422
    assert await kept(front) == ()
    # Shortened, then refused: the sentences are gone from the draft, and stay here.
    backends.answers["ReviseContribution"] = kit_pb2.Receipt(id=DRAFT, state="PRIVATE", version=4)
    backends.answers["AssessContribution"] = VersionChanged(field="expected_version", expected="the version last read")
    assert (await send(front, f"{path}/share")).status_code == 422
    assert [row.fields["text"] for row in await kept(front)] == [[LEFT_OUT]]
    backends.answers["ReadCase"] = case(contributions=[contribution(text=SHARED, version=4)])
    assert LEFT_OUT in (await front.client.get(path)).text
