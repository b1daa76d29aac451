"""What an open page keeps by itself while somebody types: a draft like any other, never an act, never over another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from services.portal.model import DraftRef
from services.portal.queries.find_drafts import DraftView, FindDrafts, find_drafts
from services.portal.web.app import build_app
from tests.portal.backends import Backends
from tests.portal.conftest import Front, Told, csrf_of
from tests.portal.contribution.test_contributions import TYPED as WRITTEN
from tests.portal.contribution.test_sharing import answered
from tests.portal.dossier import before_draft, case, open_case, sitting
from tests.portal.request.test_devices import ANOTHER, kept, nothing_kept
from tests.portal.signal.test_signals import TYPED
from tests.portal.tables import ME, calls_of, filled, send, sit

BY_ITSELF = {"accept": "application/json"}
assert nothing_kept


@pytest.fixture
async def phone(front: Front) -> AsyncIterator[Front]:
    """A second browser of the same person before the same door."""
    transport = httpx.ASGITransport(build_app(front.web, front.bearers), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://portal.test") as client:
        yield replace(front, client=client)


async def keep(front: Front, path: str, fields: dict[str, str], status: int = 200) -> dict[str, object]:
    answer = await front.client.post(path, data=fields, headers=BY_ITSELF)
    assert answer.status_code == status, answer.text[:400]
    told: dict[str, object] = answer.json()
    return told


async def drafts(front: Front, path: str, person: str = ME) -> tuple[DraftView, ...]:
    return await front.web.sign_ins.own(UUID(person), find_drafts, FindDrafts(path))


async def sign_out(front: Front) -> None:
    await front.client.post("/signout", data={"csrf_token": await csrf_of(front)})
    front.keycloak.sid = str(uuid4())


async def test_it_is_kept_and_nothing_is_done(front: Front, backends: Backends, told: Told) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    fields = await filled(front, path, TYPED)
    backends.calls.clear()
    answer = await keep(front, path, fields)
    assert calls_of(backends) == [], "no service is asked, so no read is recorded for a page that nobody looks at"
    assert answer["left"] == 30 * 60
    again = await keep(front, path, fields | {"draft": str(answer["draft"]), "observed": "Langer."})
    assert DraftRef.of(str(again["draft"])) == replace(DraftRef.of(str(answer["draft"])), version=2)  # type: ignore[type-var]
    (draft,) = await drafts(front, path)
    assert draft.fields["observed"] == ["Langer."]
    assert "Langer.</textarea>" in (await front.client.get(path)).text
    assert len(await told.records("save_draft")) == 2


async def test_a_form_without_a_word_is_not_kept(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    assert (await keep(front, path, await filled(front, path)))["draft"] == ""
    assert await kept(front) == ()


async def test_what_another_device_kept_stays_beside_it(front: Front, phone: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    await phone.sign_in()
    laptop = await filled(front, path, {"observed": "Van de laptop."})
    laptop["draft"] = str((await keep(front, path, laptop))["draft"])
    await keep(phone, path, await filled(phone, path, {"observed": "Van de gsm."}))
    later = await keep(front, path, laptop | {"observed": "Van de laptop, langer."})
    assert {draft.fields["observed"][0] for draft in await drafts(front, path)} == {
        "Van de gsm.", "Van de laptop, langer.",
    }  # fmt: skip
    sent = laptop | TYPED | {"draft": str(later["draft"])}
    answer = await front.client.post(path, data=sent)
    assert answer.status_code == 422
    assert "Van de gsm." in answer.text
    assert "EnterSignal" not in calls_of(backends)


async def test_who_was_signed_out_elsewhere_finds_it_after_the_next_sign_in(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    fields = await filled(front, path, TYPED)
    await keep(front, path, fields)
    await sign_out(front)
    answer = await keep(front, path, fields | {"observed": "Na het afmelden."}, 401)
    query = parse_qs(urlsplit(str(answer["to"])).query)
    assert query["kept"] == ["1"]
    assert (await front.client.get(str(answer["to"]))).status_code == 200
    await front.sign_in()
    assert "Na het afmelden.</textarea>" in (await front.client.get(query["to"][0])).text


async def test_a_new_sign_in_goes_on_keeping_what_was_open(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    fields = await filled(front, path, TYPED)
    await sign_out(front)
    await front.sign_in()
    assert (await keep(front, path, fields))["draft"]
    assert len(await kept(front)) == 1
    assert "EnterSignal" not in calls_of(backends)


async def test_before_somebody_else_it_is_kept_for_whom_the_page_was_shown_to(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    fields = await filled(front, path, TYPED)
    await keep(front, path, fields)
    front.keycloak.subject = "another-subject"
    await front.sign_in()
    answer = await keep(front, path, fields | {"observed": "Nog van de eerste."}, 403)
    assert str(answer["to"]).startswith("/?")
    assert [draft.fields["observed"][0] for draft in await drafts(front, path)][:1] == ["Nog van de eerste."]
    assert await drafts(front, path, ANOTHER) == ()


async def test_a_form_that_proves_nothing_is_not_kept(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    fields = await filled(front, path, TYPED)
    await keep(front, path, fields)
    for bent in ({"shown": ""}, {"key": "geen"}, {"observed": "x" * 300_000}):
        answer = await front.client.post(path, data=fields | {"observed": "Anders."} | bent, headers=BY_ITSELF)
        assert (400 <= answer.status_code < 500, answer.json()) == (True, {}), answer.text[:200]
    (draft,) = await drafts(front, path)
    assert draft.fields["observed"] == [TYPED["observed"]]


async def test_what_a_form_was_filled_with_is_thrown_away(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    await send(front, path, {"observed": "Weg ermee.", "later": "1"})
    page = await front.client.get(path)
    assert "Gooi weg wat ik typte" in page.text
    fields = await filled(front, path)
    newer = await keep(front, path, fields | {"observed": "Nog niet weg."})
    assert (await front.client.post(path, data=fields | {"drop": "1"})).headers["location"] == path
    assert len(await kept(front)) == 1, "kept anew since, it was not seen"
    await front.client.post(path, data=fields | {"draft": str(newer["draft"]), "drop": "1"})
    assert await kept(front) == ()
    assert "EnterSignal" not in calls_of(backends)


async def test_who_shares_nothing_is_reminded_of_nothing(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case(), sitting())
    for typed in (f"{path}/contribution", f"/cells/{front.cell}/signals/new"):
        assert (await send(front, typed, WRITTEN | {"observed": "Iets.", "later": "1"})).status_code == 303
    fields = await filled(front, path)
    assert (await front.client.post(f"{path}/decline", data=fields)).status_code == 303
    assert [draft.form for draft in await kept(front)] == [f"/cells/{front.cell}/signals/new"]


async def test_an_answer_changed_at_the_last_step_leads_back_there(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path)
    page = await front.client.get(f"{path}/share")
    for step, typed in (("need", {"need": "Anders gezegd."}), ("informed", {"person_informed": "informed"})):
        assert f'href="{path}/{step}?from=share"' in page.text
        fields = await filled(front, f"{path}/{step}?from=share", typed)
        answer = await front.client.post(f"{path}/{step}?from=share", data=fields)
        assert answer.headers["location"] == f"{path}/share"
    assert "Anders gezegd." in (await front.client.get(f"{path}/share")).text
    fields = await filled(front, f"{path}/need", {"need": "In de rij."})
    assert (await front.client.post(f"{path}/need", data=fields)).headers["location"] == f"{path}/informed"
