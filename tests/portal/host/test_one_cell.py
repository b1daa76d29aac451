"""One cell as the host sees it, and taking back one that nobody had."""

from __future__ import annotations

from datetime import UTC, datetime

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.kit.fields import to_timestamp
from services.partner_directory.errors import CellHeld
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.host.test_host import TOWNS, at_host
from tests.portal.tables import filled


def one_cell(front: Front, **more: object) -> pb.HostCell:
    """A cell that nobody had, as the directory tells it to the host."""
    values = {"state": "SETTING_UP", "missing": ["mayor", "dpia"], "may": ["withdraw_cell"]} | more
    return pb.HostCell(cell_id=str(front.cell), name="Vergist", towns=TOWNS[:2], **values)  # type: ignore[arg-type]


async def test_one_cell_from_outside(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    assert f'href="/host/cells/{front.cell}"' in (await front.client.get("/host")).text
    assert (
        f'href="/host/cells/{front.cell}"' in (await front.client.get("/host?town=11001")).text.partition("status")[2]
    )
    backends.answers["ReadCell"] = one_cell(front, people=3, contact="info@kanaal.example")
    text = (await front.client.get(f"/host/cells/{front.cell}")).text
    for said in ("Stad 11001, Stad 11002", "in inrichting", "info@kanaal.example", "De zetel van de burgemeester"):
        assert said in text
    assert "Neem deze cel terug" in text
    backends.answers["ReadCell"] = one_cell(front, state="ACTIVE", missing=[], may=[])
    text = (await front.client.get(f"/host/cells/{front.cell}")).text
    assert "Niets. De cel heeft alles wat ze nodig heeft." in text
    assert "Neem deze cel terug" not in text


async def test_a_cell_made_by_mistake_is_taken_back(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    backends.answers["ReadCell"] = one_cell(front)
    form = await filled(front, f"/host/cells/{front.cell}")
    done = await front.client.post(f"/host/cells/{front.cell}", data=form)
    assert (done.status_code, done.headers["location"]) == (303, "/host?back=1")
    assert (backends.last.method, backends.last.request.host_cell_id) == ("WithdrawCell", str(front.cell))
    assert "De cel is teruggenomen." in (await front.client.get("/host?back=1")).text
    backends.answers["WithdrawCell"] = CellHeld()
    refused = await front.client.post(f"/host/cells/{front.cell}", data=form | {"key": "another"})
    assert refused.status_code == 422
    assert "In deze cel kreeg iemand iets, of werd iemand voorgesteld." in refused.text
    backends.answers["ReadCell"] = NotFound()
    assert (await front.client.get(f"/host/cells/{front.cell}")).status_code == 404


async def test_a_cell_is_suspended_after_it_was_read_once_more(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    backends.answers["ReadCell"] = one_cell(front, state="ACTIVE", missing=[], may=["suspend_cell"])
    address = f"/host/cells/{front.cell}/suspend"
    assert f'href="{address}"' in (await front.client.get(f"/host/cells/{front.cell}")).text
    form = await filled(front, address)
    nothing = await front.client.post(address, data=form)
    assert (nothing.status_code, "Kies waarom." in words(nothing.text)) == (422, True)
    between = await front.client.post(address, data=form | {"reason": "incident"})
    assert "Schors je deze cel nu?" in words(between.text)
    assert "Een incident wordt onderzocht" in words(between.text)
    assert backends.last.method == "ReadCell", "nothing was done yet"
    done = await front.client.post(address, data=form | {"reason": "incident", "checked": "1"})
    assert (done.status_code, done.headers["location"]) == (303, f"/host/cells/{front.cell}?done=suspended")
    asked = pb.SuspendCellRequest(host_cell_id=str(front.cell), reason="incident")
    assert (backends.last.method, backends.last.request) == ("SuspendCell", asked)
    assert (await front.client.get(f"/host/cells/{front.cell}/resume")).status_code == 404


async def test_a_suspended_cell_is_resumed(front: Front, backends: Backends) -> None:
    await at_host(front, backends)
    since = to_timestamp(datetime(2026, 11, 24, 9, tzinfo=UTC))
    backends.answers["ReadCell"] = one_cell(
        front, state="SUSPENDED", may=["resume_cell"], suspended_at=since, suspension_reason="contract"
    )
    text = words((await front.client.get(f"/host/cells/{front.cell}")).text)
    assert "geschorst door de host" in text
    assert "De overeenkomst met de host is voorbij" in text
    assert "De zetel van de burgemeester" not in text, "what is missing while nobody counts says nothing"
    address = f"/host/cells/{front.cell}/resume"
    done = await front.client.post(address, data=await filled(front, address))
    assert (done.status_code, done.headers["location"]) == (303, f"/host/cells/{front.cell}?done=resumed")
    assert (backends.last.method, backends.last.request.host_cell_id) == ("ResumeCell", str(front.cell))
    assert (await front.client.get(f"/host/cells/{front.cell}/suspend")).status_code == 404
