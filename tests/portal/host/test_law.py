"""The host's page of the law: the register, a new version, a last day; each read once more before it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import VersionChanged
from services.partner_directory.errors import LegalBasisInPast, SpeakingTwice
from services.portal.commands.drop_draft import DropDraft, drop_draft
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.tables import ME, calls_of, carried_on, filled

LAW = "/host/law"
DECREE_ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c77"
END = f"{LAW}/{DECREE_ID}/end"
TYPED = {
    "code": "decree-vl-2027", "from-day": "1", "from-month": "9", "from-year": "2027", "replaces": "decree-vl-2021",
    "allows": "take_part", "partner_kinds": "caw", "title_nl": "Decreet van 2027", "title_fr": "Décret de 2027",
    "name_nl": "decreet van 2027", "name_fr": "décret de 2027", "source": "Official Gazette",
}  # fmt: skip
LAST_DAY = {"last_day-day": "31", "last_day-month": "8", "last_day-year": "2027"}


@pytest.fixture(autouse=True)
async def nothing_begun(front: Front) -> AsyncIterator[None]:
    """It is the same person in every test: what one began is not found by the next."""
    yield
    for address in (LAW, END):
        await front.web.sign_ins.own(UUID(ME), drop_draft, DropDraft((), address))


async def at_the_register(front: Front, backends: Backends, *, host: bool = True, **changes: Any) -> None:
    """Signed in, with a decree in force on which twelve mandates rest."""
    await front.sign_in()
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(host=host)
    named: dict[str, Any] = {
        f"{kind}_{code}": f"Decreet van 2021 {code}" for kind in ("title", "name") for code in ("nl", "fr", "de", "en")
    }
    values = {"code": "decree-vl-2021", "from": "2021-05-21", "allows": ["take_part"], "source": "Gazette"}
    decree = {"legal_basis_id": DECREE_ID, "version": 3, "mandates_beyond": 12}
    version = pb.LegalBasisVersion(**named | values | decree | changes)
    backends.answers["ListLegalBases"] = pb.ListLegalBasesResponse(legal_bases=[version])


async def test_a_legal_basis_is_read_once_more_and_comes_in(front: Front, backends: Backends) -> None:
    await at_the_register(front, backends)
    shown = await front.client.get(LAW)
    assert "12 mandaten steunen hierop." in words(shown.text)
    between = await front.client.post(LAW, data=await filled(front, LAW, TYPED))
    said = words(between.text)
    for told in ("1 september 2027", "Decreet van 2021 nl", "CAW", "overal in België", "12 mandaten"):
        assert told in said, told
    assert "AddLegalBasis" not in calls_of(backends)
    done = await front.client.post(LAW, data=carried_on(between))
    assert done.headers["location"] == f"{LAW}?made=1"
    asked = next(call.request for call in backends.calls if call.method == "AddLegalBasis")
    assert (asked.code, getattr(asked, "from"), asked.to, asked.replaces) == (
        "decree-vl-2027", "2027-09-01", "", "decree-vl-2021",
    )  # fmt: skip
    assert (list(asked.allows), list(asked.partner_kinds), list(asked.regions)) == (["take_part"], ["caw"], [])
    assert (asked.title_nl, asked.title_de, asked.name_fr) == ("Decreet van 2027", "", "décret de 2027")


async def test_what_is_missing_or_refused_is_said_at_its_field(front: Front, backends: Backends) -> None:
    await at_the_register(front, backends)
    empty = await front.client.post(LAW, data=await filled(front, LAW))
    assert empty.status_code == 422
    for field in ("code", "from", "allows", "title_nl", "title_fr", "name_nl", "name_fr", "source"):
        assert f'href="#{field}"' in empty.text, field
    assert "AddLegalBasis" not in calls_of(backends)
    between = await front.client.post(LAW, data=await filled(front, LAW, TYPED))
    backends.answers["AddLegalBasis"] = SpeakingTwice(field="from", expected="another day")
    refused = await front.client.post(LAW, data=carried_on(between))
    assert (refused.status_code, 'href="#from"' in refused.text) == (422, True)
    assert 'value="Decreet van 2027"' in refused.text


async def test_a_last_day_is_read_once_more_in_the_version_that_was_seen(front: Front, backends: Backends) -> None:
    await at_the_register(front, backends)
    between = await front.client.post(END, data=await filled(front, END, LAST_DAY))
    said = words(between.text)
    assert "31 augustus 2027" in said
    assert "12 mandaten steunen op wat eindigt en houden het tot hun eigen einde" in said
    assert "EndLegalBasis" not in calls_of(backends)
    done = await front.client.post(END, data=carried_on(between))
    assert done.headers["location"] == f"{LAW}?made=1"
    asked = next(call.request for call in backends.calls if call.method == "EndLegalBasis")
    assert (asked.legal_basis_id, asked.expected_version, asked.last_day) == (DECREE_ID, 3, "2027-08-31")


@pytest.mark.parametrize("refusal", [LegalBasisInPast(field="last_day", expected="today or later"), VersionChanged()])
async def test_a_last_day_that_is_refused_is_shown_again(
    front: Front, backends: Backends, refusal: LegalBasisInPast | VersionChanged
) -> None:
    await at_the_register(front, backends)
    between = await front.client.post(END, data=await filled(front, END, LAST_DAY))
    backends.answers["EndLegalBasis"] = refusal
    again = await front.client.post(END, data=carried_on(between))
    assert (again.status_code, 'value="2027"' in again.text) == (422, True)


async def test_a_planned_last_day_stands_in_its_form(front: Front, backends: Backends) -> None:
    await at_the_register(front, backends, to="2028-02-29")
    page = await front.client.get(END)
    assert all(f'value="{part}"' in page.text for part in ("29", "2", "2028"))
    assert "Verander de laatste dag" in (await front.client.get(LAW)).text


async def test_for_others_there_is_no_such_page(front: Front, backends: Backends) -> None:
    await at_the_register(front, backends)
    sent = {LAW: await filled(front, LAW, TYPED), END: await filled(front, END, LAST_DAY)}
    for path in (LAW, END):
        assert (await front.client.get(path)).status_code == 200
    assert (await front.client.get(f"{LAW}/{ME}/end")).status_code == 404
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(host=False)
    for path in (LAW, END):
        assert (await front.client.get(path)).status_code == 404
        assert (await front.client.post(path, data=sent[path])).status_code == 404
    assert not {"AddLegalBasis", "EndLegalBasis"} & set(calls_of(backends))


async def test_what_was_typed_is_kept_and_found_again(front: Front, backends: Backends) -> None:
    await at_the_register(front, backends)
    kept = await front.client.post(LAW, data=await filled(front, LAW, TYPED) | {"later": "1"})
    assert kept.status_code == 303
    assert (
        'value="Decreet van 2027"' in (await front.client.get(f"{LAW}?draft=new")).text
        or 'value="Decreet van 2027"' in (await front.client.get(LAW)).text
    )
