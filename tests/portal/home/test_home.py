"""The start page: the way in, what waits, my tables, no table at all; language, light, staying signed in."""

from __future__ import annotations

from uuid import UUID

import pytest

from rondetafel.case.v1 import case_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.errors import CellNotFound, Unavailable
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front, Told, csrf_of
from tests.portal.tables import ME, become, calls_of, filled, send, sit, table

CODE = "23088-26-0014"
DRAFT = "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f11"
CASE = "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10"


def at_tables(
    backends: Backends, *cells: UUID, host: bool = False, role: str = "participant", accepted: bool = True
) -> None:
    """The tables of whoever signs in."""
    mine = [table(cell, role, accepted=accepted).cell for cell in cells]
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=mine, host=host)


async def test_who_is_not_signed_in_finds_the_way_in(front: Front, backends: Backends) -> None:
    page = await front.client.get("/")
    assert "Acuut gevaar?" in page.text
    assert 'action="/signin"' in page.text
    assert backends.calls == []


async def test_what_waits_is_a_sentence_that_leads_to_its_one_step(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    waiting = case_pb2.Waiting(
        kind="contribution_wanted", case_id=CASE, case_code=CODE, nis_code="23088", session_at=to_timestamp(NOW)
    )
    backends.answers["ListWaiting"] = case_pb2.ListWaitingResponse(waiting=[waiting], cases_of_mine=1)
    page = await front.client.get("/")
    assert f'Bereid je inbreng voor casus <span class="whole">{CODE}</span> voor</a>' in page.text
    assert f'href="/cells/{front.cell}/cases/{CASE}/contribution"' in page.text
    assert "1 casus voor jou" in page.text
    assert sorted(calls_of(backends)) == ["ListMyCells", "ListSessions", "ListWaiting", "ReadTable"]


async def test_invariant_07_without_the_undertaking_nothing_else_is_asked(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant", accepted=False)
    at_tables(backends, front.cell, accepted=False)
    page = await front.client.get("/")
    assert f'href="/cells/{front.cell}/undertaking"' in page.text
    assert not {"ListWaiting", "ListSessions"} & set(calls_of(backends))


async def test_a_data_protection_officer_has_no_sessions_to_look_at(front: Front, backends: Backends) -> None:
    await sit(front, backends, "dpo")
    at_tables(backends, front.cell, role="dpo")
    page = await front.client.get("/")
    assert f'href="/cells/{front.cell}/log"' in page.text
    become(front, backends, "dpo", accepted=False)
    at_tables(backends, front.cell, role="dpo", accepted=False)
    assert f'href="/cells/{front.cell}/log"' not in (await front.client.get("/")).text
    assert not {"ListWaiting", "ListSessions"} & set(calls_of(backends))


async def test_who_sits_nowhere_is_told_whom_to_ask_and_the_host_goes_to_the_cells(
    front: Front, backends: Backends
) -> None:
    await front.sign_in()
    assert "Vraag de coördinator" in (await front.client.get("/")).text
    at_tables(backends, host=True)
    assert (await front.client.get("/")).headers["location"] == "/host"


async def test_when_a_part_is_away_the_page_says_when_to_try_again(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ListMyCells"] = Unavailable(retry_after=7)
    page = await front.client.get("/")
    assert (page.status_code, page.headers["retry-after"]) == (503, "7")
    assert "over 7 seconden" in page.text


async def test_unknown_and_forbidden_are_one_page(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ReadTable"] = CellNotFound()
    pages = [
        await front.client.get(address)
        for address in (f"/cells/{front.cell}", "/cells/no-cell", "/nothing/here", f"/cells/{front.cell}/log")
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({_without_numbers(page.text) for page in pages}) == 1


def _without_numbers(text: str) -> str:
    """The page without what is new each time: the number to quote, the tokens, the address it came from."""
    changing = ("csrf_token", 'name="to"', 'http-equiv="refresh"')
    lines = [line for line in text.splitlines() if not any(word in line for word in changing)]
    return "\n".join(line for line in lines if "<code>" not in line)


async def test_a_late_form_is_kept_and_given_back_after_the_next_sign_in(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    typed = await filled(front, f"{at}/signals/new", {"observed": "Trekt zich terug.", "nis_code": "23088"})
    front.advance(minutes=31)
    late = await front.client.post(f"{at}/signals/new", data=typed)
    assert late.status_code == 303
    assert late.headers["location"].endswith("&kept=1")
    assert "Wat je schreef, is bewaard" in (await front.client.get(late.headers["location"])).text
    await front.sign_in()
    assert "Werk je signaal af" in (await front.client.get("/")).text
    assert "Trekt zich terug." in (await front.client.get(f"{at}/signals/new")).text


async def test_a_late_form_is_kept_by_its_proof_and_by_nothing_else(front: Front, backends: Backends) -> None:
    """Also when the browser forgot the sign-in, or it was signed out in another window."""
    at = await sit(front, backends, "participant")
    own = await filled(front, f"{at}/signals/new", {"observed": "Trekt zich terug."})
    elsewhere = front.web.proofs.of(UUID(ME), f"{at}/sessions/new")
    await front.client.post("/signout", data=own)
    for shown, kept in ((own["shown"], True), (own["shown"][:-3] + "A==", False), ("", False), (elsewhere, False)):
        sent = await front.client.post(f"{at}/signals/new", data=own | {"shown": shown})
        assert ("kept" in sent.headers["location"]) is kept
    front.advance(hours=22)
    assert "kept" in (await front.client.post(f"{at}/signals/new", data=own)).headers["location"]
    front.advance(seconds=1)
    assert "kept" not in (await front.client.post(f"{at}/signals/new", data=own)).headers["location"]


async def test_any_form_can_be_kept_for_later(front: Front, backends: Backends, told: Told) -> None:
    at = await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    kept = await send(front, f"{at}/signals/new", {"observed": "Halverwege.", "later": "1"})
    assert (kept.status_code, kept.headers["location"]) == (303, "/?kept=1")
    assert "EnterSignal" not in calls_of(backends)
    assert "Halverwege." in (await front.client.get(f"{at}/signals/new")).text
    assert [record.acr for record in await told.records("save_draft")] == [2], "the level of the sign-in"


async def test_what_waits_already_is_not_told_a_second_time(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    step = f"{at}/cases/{CASE}/contribution/{DRAFT}/need"
    shown = {"csrf_token": await csrf_of(front), "shown": front.web.proofs.of(UUID(ME), step), "key": DRAFT}
    kept = await front.client.post(step, data=shown | {"need": "Halverwege.", "later": "1"})
    assert kept.status_code == 303
    assert "Wat je begon" in (await front.client.get("/")).text
    private = case_pb2.Waiting(
        kind="contribution_private", case_id=CASE, contribution_id=DRAFT, case_code=CODE, nis_code="23088",
        since=to_timestamp(NOW),
    )  # fmt: skip
    backends.answers["ListWaiting"] = case_pb2.ListWaitingResponse(waiting=[private], cases_of_mine=1)
    page = await front.client.get("/")
    assert "Wat je begon" not in page.text
    assert f'href="{at}/cases/{CASE}/contribution/{DRAFT}"' in page.text


async def test_the_language_of_the_person_counts_in_every_browser(front: Front) -> None:
    await front.sign_in()
    chosen = {"csrf_token": await csrf_of(front), "language": "fr", "scheme": "dark", "to": "/me"}
    assert (await front.client.post("/preferences", data=chosen)).headers["location"] == "/me"
    front.client.cookies.clear()
    await front.sign_in()
    page = await front.client.get("/me", headers={"accept-language": "de"})
    assert '<html lang="fr" data-scheme="dark">' in page.text
    await front.client.post("/preferences", data=chosen | {"language": "nl", "scheme": "system"})


async def test_a_foreign_page_changes_nothing_of_the_person(front: Front) -> None:
    await front.sign_in()
    own = {"csrf_token": await csrf_of(front), "language": "de"}
    await front.client.post("/preferences", data=own)
    foreign = await front.client.post("/preferences", data={"language": "fr", "to": "//elsewhere.test"})
    assert foreign.headers["location"] == "/"
    assert '<html lang="de"' in (await front.client.get("/me")).text
    await front.client.post("/preferences", data=own | {"language": "nl", "scheme": "system"})


@pytest.mark.parametrize("path", ["/signin/keep", "/signin/second-step", "/me/sign-in", "/signout"])
async def test_forms_need_the_token_of_this_session(front: Front, path: str) -> None:
    await front.sign_in()
    token = await csrf_of(front)
    for bad in ("", token[:-2], "zz", "0" * 128):
        assert (await front.client.post(path, data={"csrf_token": bad})).status_code == 403
    assert (await front.client.post(path, data={"csrf_token": token})).status_code == 303


async def test_the_token_of_a_form_is_another_each_time_and_all_count(front: Front) -> None:
    await front.sign_in()
    first, second = await csrf_of(front), await csrf_of(front)
    assert first != second
    for token in (first, second):
        assert (await front.client.post("/signin/keep", data={"csrf_token": token})).status_code == 303


async def test_staying_signed_in_prolongs_and_goes_back_to_the_page(front: Front) -> None:
    await front.sign_in()
    front.advance(minutes=27)
    kept = await front.client.post("/signin/keep", data={"csrf_token": await csrf_of(front), "to": "/me"})
    assert kept.headers["location"] == "/me"
    front.advance(minutes=27)
    assert (await front.client.get("/me")).status_code == 200
    front.advance(minutes=31)
    assert (await front.client.get("/me")).status_code == 303


async def test_a_security_key_is_added_at_the_sign_in_service(front: Front) -> None:
    await front.sign_in()
    sent = {"csrf_token": await csrf_of(front), "action": "security-key"}
    await front.client.post("/me/sign-in", data=sent)
    assert front.keycloak.used[-1]["kc_action"] == "webauthn-register"
