"""The host's pages: cells and health, and the long work with its progress."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound, RoleMissing, Unavailable
from services.portal.api.guards import COOKIE
from services.portal.backends.calls import Caller
from services.portal.backends.provisioning import MOST_FAILURES
from services.portal.commands.drop_draft import DropDraft, drop_draft
from tests.patience import HANGS_AFTER
from tests.portal.backends import Backends
from tests.portal.conftest import Front, cookies_of, csrf_of
from tests.portal.tables import ME, become, calls_of, filled, table

MADE = {"nis_codes": "23088 23047", "name": "Kanaal", "brand_colour": "#1b6c68", "contact": "info@kanaal.example"}
TOWNS = [pb.Municipality(nis_code=f"{number:05}", name=f"Stad {number}") for number in range(11001, 11041)]


@pytest.fixture(autouse=True)
async def nothing_begun(front: Front) -> AsyncIterator[None]:
    """It is the same person in every test: what one began is not found by the next."""
    yield
    await front.web.sign_ins.own(UUID(ME), drop_draft, DropDraft((), "/host"))


async def at_host(front: Front, backends: Backends, **more: object) -> None:
    """Signed in as somebody who acts for the host."""
    await front.sign_in()
    cells = [pb.CellView(cell_id=str(front.cell), name="Vaartbeke", towns=TOWNS[:2], state="ACTIVE")]
    values = {"cells": cells, "cells_total": 1, "towns_with_cell": 2, "towns_total": 285} | more
    backends.answers["ListCells"] = pb.ListCellsResponse(**values)  # type: ignore[arg-type]
    backends.answers["ListMunicipalities"] = pb.ListMunicipalitiesResponse(municipalities=TOWNS)


async def finished(front: Front) -> None:
    """Wait until the long work has ended."""
    task = front.web.provisioning._task
    assert task is not None
    await asyncio.wait_for(task, HANGS_AFTER)


async def test_cells_and_health(front: Front, backends: Backends) -> None:
    await at_host(front, backends, next_cursor="the-next")
    page = await front.client.get("/host")
    assert "Vaartbeke</a></th>" in page.text
    assert "Stad 11001, Stad 11002" in page.text
    assert "2 van de 285 Vlaamse gemeenten" in page.text
    assert "cursor=the-next" in page.text
    # The four stand-ins serve no health; the sign-in service of the test answers.
    assert page.text.count("antwoordt niet") == 4


@pytest.mark.parametrize("refusal", [RoleMissing(), NotFound()])
async def test_for_others_there_is_no_such_page(front: Front, backends: Backends, refusal: Exception) -> None:
    await at_host(front, backends)
    for path in ("/host", "/host/progress", "/host/flanders"):
        assert (await front.client.get(path)).status_code == 200
    backends.answers["ListCells"] = refusal  # type: ignore[assignment]
    for path in ("/host", "/host/progress", "/host/flanders"):
        assert (await front.client.get(path)).status_code == 404


async def test_a_cell_is_made_and_a_fault_is_said_at_its_field(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    sent = await filled(front, "/host", MADE)
    assert (await front.client.post("/host", data=sent)).headers["location"] == "/host?made=1"
    assert list(backends.last.request.nis_codes) == ["23088", "23047"]
    assert backends.last.metadata["idempotency-key"] == sent["key"]
    empty = await front.client.post("/host", data=sent | {"nis_codes": " "})
    assert empty.status_code == 422
    assert 'value="Kanaal"' in empty.text


async def test_what_was_typed_is_there_in_another_language_and_gone_when_the_cell_is_made(
    front: Front, backends: Backends
) -> None:
    await at_host(front, backends)
    french = await front.client.post("/host", data=await filled(front, "/host", MADE) | {"tongue": "fr"})
    shown = await front.client.get(french.headers["location"])
    assert '<html lang="fr"' in shown.text
    for typed in MADE.values():
        assert f'value="{typed}"' in shown.text
    assert "CreateCell" not in calls_of(backends)
    made = await front.client.post("/host", data=await filled(front, french.headers["location"], MADE))
    assert made.headers["location"] == "/host?made=1"
    assert list(backends.last.request.nis_codes) == ["23088", "23047"]
    assert 'value="Kanaal"' not in (await front.client.get("/host")).text


async def test_what_was_typed_outlives_the_sign_in_and_is_on_the_hosts_first_page(
    front: Front, backends: Backends
) -> None:
    await at_host(front, backends)
    sent = await filled(front, "/host", MADE)
    front.advance(minutes=31)
    sent_away = await front.client.post("/host", data=sent)
    assert "kept=1" in sent_away.headers["location"]
    await at_host(front, backends)
    assert "CreateCell" not in calls_of(backends)
    to = parse_qs(urlsplit(sent_away.headers["location"]).query)["to"][0]
    for address in (to, "/host"):
        assert 'value="Kanaal"' in (await front.client.get(address)).text
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(host=True)
    assert (await front.client.get("/")).headers["location"] == "/host"


async def test_of_an_earlier_sign_in_it_is_kept_and_not_done(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    sent = await filled(front, "/host", MADE)
    front.keycloak.sid = "a-later-one"
    await at_host(front, backends)
    kept = await front.client.post("/host", data=sent)
    assert kept.headers["location"].startswith("/host?draft=")
    assert "CreateCell" not in calls_of(backends)
    assert 'value="Kanaal"' in (await front.client.get(kept.headers["location"])).text


async def test_cells_begun_side_by_side_are_all_there(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    for number in range(6):
        sent = await filled(front, "/host?draft=new", {"name": f"Cel {number}"})
        assert (await front.client.post("/host", data=sent | {"later": "1"})).headers["location"] == "/?kept=1"
        front.advance(minutes=1)
    page = await front.client.get("/host")
    assert 'value="Cel 5"' in page.text
    others = re.findall('name="keep" value="([0-9a-f-]{36})"', page.text) + re.findall(
        'value="([0-9a-f-]{36})"[^>]*name="keep"', page.text
    )
    assert len(set(others)) == 5, "this page is the first one: what stands behind no link of it is lost"
    names = [(await front.client.get(f"/host?draft={draft}")).text for draft in others]
    assert all(any(f'value="Cel {number}"' in text for text in names) for number in range(5))


async def test_all_of_flanders_in_one_go_with_progress(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    sent = {"csrf_token": await csrf_of(front)}
    assert (await front.client.post("/host/flanders", data=sent)).headers["location"] == "/host"
    await finished(front)
    assert calls_of(backends).count("CreateCell") == len(TOWNS)
    assert front.web.provisioning.progress.done == len(TOWNS)
    await front.client.post("/host/flanders", data=sent)
    await finished(front)
    keys = {call.metadata["idempotency-key"] for call in backends.calls if call.method == "CreateCell"}
    assert len(keys) == 2 * len(TOWNS), "what is there already the directory knows, and no receipt of before"


@pytest.mark.parametrize(("have", "odd"), [(2, True), (274, True), (275, False), (284, False)])
async def test_how_many_cells_is_read_before_they_are_made(
    front: Front, backends: Backends, have: int, odd: bool
) -> None:
    await at_host(front, backends, towns_with_cell=have)
    assert 'href="/host/flanders"' in (await front.client.get("/host")).text
    page = await front.client.get("/host/flanders", headers={"accept-language": "en"})
    assert f"Make {285 - have} cell" in page.text
    assert (f"These are {285 - have} cells at once" in page.text) is odd
    assert "Stad 11001, Stad 11002" in page.text
    assert "CreateCell" not in calls_of(backends)


async def test_where_nothing_is_to_be_made_nothing_is_asked(front: Front, backends: Backends) -> None:
    await at_host(front, backends, towns_with_cell=285)
    assert (await front.client.get("/host/flanders")).headers["location"] == "/host"
    assert 'href="/host/flanders"' not in (await front.client.get("/host")).text


async def test_while_it_works_the_page_renews_its_progress(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    gate, working = asyncio.Event(), front.web.provisioning

    async def slow() -> object:
        await gate.wait()
        raise Unavailable

    working.start(TOWNS, slow)  # type: ignore[arg-type]
    page = await front.client.get("/host")
    assert 'hx-get="/host/progress"' in page.text
    assert "Maak de ontbrekende cellen" not in page.text
    gate.set()
    await finished(front)
    assert "Het stopte voor het einde" in (await front.client.get("/host/progress")).text


async def test_it_stops_when_nothing_succeeds(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    backends.answers["CreateCell"] = Unavailable()
    await front.client.post("/host/flanders", data={"csrf_token": await csrf_of(front)})
    await finished(front)
    assert MOST_FAILURES <= calls_of(backends).count("CreateCell") < len(TOWNS)
    assert "Het stopte voor het einde" in (await front.client.get("/host")).text


async def test_it_ends_with_the_sign_in(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    cookie = cookies_of(front)[COOKIE]

    async def caller() -> Caller:
        return (await front.web.sign_ins.visit(cookie, keep=False)).caller

    front.web.provisioning.start(TOWNS, caller)
    await finished(front)
    assert front.web.provisioning.progress.done == len(TOWNS)
    await front.client.post("/signout", data={"csrf_token": await csrf_of(front)})
    front.web.provisioning.start(TOWNS, caller)
    await finished(front)
    assert front.web.provisioning.progress.done == 0


async def test_stopping_the_portal_ends_it(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    forever = asyncio.Event()

    async def never() -> object:
        await forever.wait()
        raise Unavailable

    front.web.provisioning.start(TOWNS, never)  # type: ignore[arg-type]
    await front.web.provisioning.stop()
    assert not front.web.provisioning.running


NAMED = (
    pb.Municipality(nis_code="62063", name="Luik", name_fr="Liège", name_de="Lüttich", name_en="Liège"),
    pb.Municipality(nis_code="21009", name="Elsene", name_fr="Ixelles", name_de="Ixelles", name_en="Ixelles"),
)


@pytest.mark.parametrize("typed", ["Liege", "LÜTT", "luik", "62063", "620"])
async def test_a_town_is_found_by_its_name_in_any_language_or_its_number(
    front: Front, backends: Backends, typed: str
) -> None:
    await at_host(front, backends)
    backends.answers["ListMunicipalities"] = pb.ListMunicipalitiesResponse(municipalities=[*TOWNS, *NAMED])
    page = await front.client.get("/host", params={"town": typed})
    assert "Luik</th>" in page.text
    assert "nog geen cel" in page.text
    assert "Elsene" not in page.text
    assert re.search(r'name="nis_codes"[^>]*value="62063"', page.text), "one town without a cell: it can be made"


async def test_a_town_with_a_cell_and_one_there_is_not(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    page = await front.client.get("/host", params={"town": "stad 11001"})
    found = page.text.partition('id="find"')[2].partition("</section>")[0]
    assert "Vaartbeke" in found
    assert "nog geen cel" not in found
    assert not re.search(r'name="nis_codes"[^>]*value="1', page.text)
    of_cell = (await front.client.get("/host", params={"town": "vaart"})).text.partition('id="find"')[2]
    assert "Stad 11001" in of_cell.partition("</section>")[0], "by the name of its cell"
    page = await front.client.get("/host", params={"town": "<b>nergens"})
    assert "Geen stad of gemeente heet zo" in page.text
    assert "&lt;b&gt;nergens" in page.text


async def test_who_sits_at_a_table_too_finds_it_on_the_start_page(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    await front.client.post("/host", data=await filled(front, "/host", MADE) | {"later": "1"})
    become(front, backends, "participant")
    mine = table(front.cell, "participant").cell
    for host in (True, False):
        backends.answers["ListMyCells"] = pb.ListMyCellsResponse(cells=[mine], host=host)
        assert ('href="/host?draft=' in (await front.client.get("/")).text) is host
