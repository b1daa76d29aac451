"""The host's pages: cells and health, and the long work with its progress."""

from __future__ import annotations

import asyncio
import re

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound, RoleMissing, Unavailable
from services.portal.api.guards import COOKIE
from services.portal.backends.calls import Caller
from services.portal.backends.provisioning import MOST_FAILURES
from tests.patience import HANGS_AFTER
from tests.portal.backends import Backends
from tests.portal.conftest import Front, cookies_of, csrf_of
from tests.portal.tables import calls_of

TOWNS = [pb.Municipality(nis_code=f"{number:05}", name=f"Stad {number}") for number in range(11001, 11041)]


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
    assert "Vaartbeke</th>" in page.text
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
    token = await csrf_of(front)
    sent = {"csrf_token": token, "key": "k", "nis_codes": "23088 23047", "name": "Kanaal", "brand_colour": "#1b6c68"}
    assert (await front.client.post("/host/cells", data=sent)).headers["location"] == "/host?made=1"
    assert list(backends.last.request.nis_codes) == ["23088", "23047"]
    assert backends.last.metadata["idempotency-key"] == "k"
    empty = await front.client.post("/host/cells", data=sent | {"nis_codes": " "})
    assert empty.status_code == 422
    assert 'value="Kanaal"' in empty.text


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
