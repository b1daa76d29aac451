"""My contribution: written for myself alone, and nobody else's draft has a page."""

from __future__ import annotations

import httpx
import pytest

from rondetafel.case.v1 import case_pb2 as pb
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.dossier import DRAFT, SECRET, TEXT, WOUT, before_draft, case, contribution, open_case, told
from tests.portal.tables import calls_of, filled, send

TYPED = {"text": TEXT, "life_domain": "family", "language": "nl"}


async def test_a_draft_is_written_once_for_the_author_alone(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case()) + "/contribution"
    page = await front.client.get(path)
    assert 'value="family" selected' in page.text
    fields = await filled(front, path, TYPED)
    answers = [await front.client.post(path, data=fields) for _ in range(2)]
    made = f"{path}/01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55"
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, made)}
    written = [call for call in backends.calls if call.method == "WriteContribution"]
    assert written[0].request == pb.WriteContributionRequest(case_id=case().frame.case_id, **TYPED)
    assert len({call.metadata["idempotency-key"] for call in written}) == 1
    assert (await front.client.post(path, data=fields | {"csrf_token": ""})).status_code == 403


async def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case()) + "/contribution"
    answer = await send(front, path, {"text": "Te veel. " * 900 + SECRET, "life_domain": "", "language": "xx"})
    assert answer.status_code == 422
    assert "WriteContribution" not in calls_of(backends)
    for field in ("text", "life_domain", "language"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert SECRET in answer.text


async def test_what_is_typed_can_wait(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case()) + "/contribution"
    assert (await send(front, path, {**TYPED, "text": SECRET, "later": "1"})).headers["location"] == "/?kept=1"
    assert SECRET in (await front.client.get(path)).text


async def test_who_has_a_draft_goes_on_with_it(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    assert (await front.client.get(path.removesuffix(f"/{DRAFT}"))).headers["location"] == path


async def test_a_draft_says_that_only_its_author_sees_it(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    page = await front.client.get(path)
    said = words(page.text)
    assert "<h1>Alleen jij ziet dit</h1>" in page.text
    for text in (TEXT, "Lieve Martens, burgemeester", "Nele Claes, CAW Kanaal (jij)", "6 mensen"):
        assert text in said or text == text
    assert "decreet van 21 mei 2021" in said


@pytest.mark.parametrize("below", ["", "/text", "/need", "/share"])
async def test_nobody_elses_draft_has_a_page(front: Front, backends: Backends, below: str) -> None:
    path = await before_draft(front, backends)
    assert (await front.client.get(path)).status_code == 200
    for strange in (contribution(author_id=WOUT, text=SECRET), told()):
        address = path.replace(DRAFT, strange.contribution_id)
        backends.answers["ReadCase"] = case(contributions=[strange])
        page = await front.client.get(address + below)
        assert page.status_code == 404
        assert SECRET not in page.text
        assert strange.text not in page.text


async def test_an_ended_case_has_no_form_to_write_in(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case()) + "/contribution"
    assert (await front.client.get(path)).status_code == 200
    for found in (case("CLOSED"), case(parts=["frame", "identity", "proposal"])):
        backends.answers["ReadCase"] = found
        refused: httpx.Response = await front.client.get(path)
        assert refused.status_code == 404


async def test_the_police_read_that_their_origin_stays_marked(front: Front, backends: Backends) -> None:
    for role, kind, marked in (("information_officer", "local_police", True), ("participant", "caw", False)):
        path = await open_case(front, backends, case(), role=role, kind=kind) + "/contribution"
        page = await front.client.get(path)
        assert ("informatie van de politie" in page.text) == marked
