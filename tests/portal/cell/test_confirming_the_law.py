"""The data protection officer reads a legal basis and confirms it; the page of the law then says that it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.fields import to_timestamp
from services.partner_directory.errors import LegalBasisConfirmed
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.home.test_home import at_tables
from tests.portal.tables import become, calls_of, filled, sit

BASIS = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c77"


async def at_the_law(front: Front, backends: Backends, role: str = "dpo", **more: Any) -> str:
    """Somebody in a cell before one legal basis; the address where it is confirmed."""
    await sit(front, backends, role)
    at_tables(backends, front.cell, role=role)
    named: dict[str, Any] = {f"title_{code}": f"Decreet {code}" for code in ("nl", "fr", "de", "en")}
    version = {"code": "decree", "from": "2021-05-21", "legal_basis_id": BASIS, "version": 3, "source": "Gazette"}
    law = pb.LegalBasisVersion(**named | version | more)
    backends.answers["ListLegalBases"] = pb.ListLegalBasesResponse(legal_bases=[law])
    return f"/cells/{front.cell}/law/{BASIS}/confirm"


async def test_it_is_read_and_confirmed_in_the_version_that_was_read(front: Front, backends: Backends) -> None:
    address = await at_the_law(front, backends)
    register = await front.client.get("/help/law")
    assert f'href="{address}"' in register.text
    assert "Te bevestigen door een functionaris voor gegevensbescherming." in words(register.text)
    page = await front.client.get(address)
    assert all(told in words(page.text) for told in ("Decreet nl", "21 mei 2021", "overal in België", "Gazette"))
    done = await front.client.post(address, data=await filled(front, address))
    assert (done.status_code, done.headers["location"]) == (303, "/help/law")
    asked = backends.last
    assert (asked.method, asked.request.legal_basis_id, asked.request.expected_version) == (
        "ConfirmLegalBasis", BASIS, 3,
    )  # fmt: skip
    assert asked.metadata["rondetafel-cell"] == str(front.cell)


async def test_what_is_confirmed_says_so_and_asks_no_more(front: Front, backends: Backends) -> None:
    confirmed = pb.Confirmation(
        cell_id=str(front.cell),
        cell_name="Vaartbeke",
        confirmed_at=to_timestamp(datetime(2026, 2, 28, 23, 30, tzinfo=UTC)),
    )
    address = await at_the_law(front, backends, confirmed_by=3, confirmations=[confirmed])
    text = (await front.client.get("/help/law")).text
    assert "Bevestigd door de functionaris voor gegevensbescherming van Vaartbeke op 1 maart 2026." in words(text)
    assert "3 cellen hebben het bevestigd." in words(text)
    assert address not in text
    assert "Te bevestigen" not in text


async def test_a_second_one_is_told_that_it_was_done(front: Front, backends: Backends) -> None:
    address = await at_the_law(front, backends)
    sent = await filled(front, address)
    backends.answers["ConfirmLegalBasis"] = LegalBasisConfirmed(field="legal_basis_id", expected="another one")
    again = await front.client.post(address, data=sent)
    assert again.status_code == 422
    assert "De cel heeft deze rechtsgrond al bevestigd." in words(again.text)


async def test_nobody_else_has_the_page(front: Front, backends: Backends) -> None:
    address = await at_the_law(front, backends)
    sent = await filled(front, address)
    assert (await front.client.get(address.replace(BASIS, str(uuid4())))).status_code == 404
    for role in ("coordinator", "mayor", "oversight"):
        become(front, backends, role)
        at_tables(backends, front.cell, role=role)
        assert (await front.client.get(address)).status_code == 404
        assert (await front.client.post(address, data=sent)).status_code == 404
        assert address not in (await front.client.get("/help/law")).text
    assert "ConfirmLegalBasis" not in calls_of(backends)
