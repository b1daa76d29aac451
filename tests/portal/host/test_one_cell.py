"""One cell as the host sees it, and taking back one that nobody had."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.partner_directory.errors import CellHeld
from tests.portal.backends import Backends
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
