"""The page with every mandate of a cell, the proposals of the host on it, and what is shown until content opens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.browser import forms
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RondetafelError, VersionChanged
from services.kit.fields import to_timestamp
from services.partner_directory.errors import HostInCell, LastCoordinator, ProposalDecided
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.operations import SOME_ID
from tests.portal.tables import TOWN, calls_of, sit, table


def proposal() -> pb.Proposal:
    """Somebody the host proposes."""
    made = pb.Proposal(
        proposal_id=str(SOME_ID), email="greet@toezicht.example", given_name="Greet", family_name="Jacobs",
        organisation_name="Toezichtsorgaan", organisation_kind="other", role="oversight", nis_codes=[TOWN],
        to="2027-12-31", legal_basis="law-2018-07-30", proposed_at=to_timestamp(NOW), version=3,
    )  # fmt: skip
    setattr(made, "from", "2026-03-01")
    return made


def mandate(role: str, name: str, given_by: str, **more: Any) -> pb.MandateView:
    """Somebody's mandate."""
    made = pb.MandateView(
        mandate_id=str(SOME_ID), person_id=str(uuid4()), given_name=name, family_name="Test", role=role,
        organisation_name="Gemeente Vaartbeke", nis_codes=[TOWN], to="2027-12-31", version=4, given_by=given_by,
        given_at=to_timestamp(NOW - timedelta(days=3)), **more,
    )  # fmt: skip
    setattr(made, "from", "2026-01-01")
    return made


async def opened(front: Front, backends: Backends, role: str = "coordinator") -> str:
    """The page of a cell with a proposal and three mandates."""
    at = await sit(front, backends, role)
    backends.answers["ListProposals"] = pb.ListProposalsResponse(proposals=[proposal()])
    backends.answers["ListMandates"] = pb.ListMandatesResponse(
        mandates=[
            mandate("mayor", "Lieve", "FOUNDING", opens_at=to_timestamp(NOW + timedelta(days=1))),
            mandate("participant", "Nele", "CELL"),
            mandate("dpo", "Tom", "PROPOSAL", ended=True),
        ]
    )
    return f"{at}/mandates"


async def sent(front: Front, path: str, ending: str, **typed: str) -> Any:
    """The first form whose address ends so, sent as the page has it."""
    page = await front.client.get(path)
    form = next(form for form in forms(page) if form.action.endswith(ending))
    fields = {name: value for name, value in form.fields.items() if name != "reason"}
    return await front.client.post(form.action, data=fields | typed)


@pytest.mark.parametrize("role", ["coordinator", "mayor"])
async def test_it_shows_who_gave_what_and_what_the_host_proposes(front: Front, backends: Backends, role: str) -> None:
    page = await front.client.get(await opened(front, backends, role))
    for said in (
        "Greet Jacobs", "greet@toezicht.example", "Toezichtsorgaan", "Lieve Test", "voor er een burgemeester was",
        "Gegeven door de cel", "De inhoud gaat open op", "Nele Test",
    ):  # fmt: skip
        assert said in page.text, said
    assert "Tom Test" not in page.text
    past = await front.client.get(f"/cells/{front.cell}/mandates?over=1")
    assert "Tom Test" in past.text
    assert "Voorgesteld door de host, gegeven" in past.text
    assert "Nele Test" not in past.text
    assert {"ListMandates", "ListProposals"} <= set(calls_of(backends))
    assert f'href="/cells/{front.cell}/mandates?over=1"' in page.text
    assert page.text.count('id="reason-') == len(set(page.text.split('id="reason-')[1:])), "no id twice"


@pytest.mark.parametrize("role", ["participant", "dpo", "oversight", "mayor_delegate", "police_chief"])
async def test_for_others_it_is_not_there(front: Front, backends: Backends, role: str) -> None:
    path = await opened(front, backends, role)
    assert (await front.client.get(path)).status_code == 404
    assert "ListMandates" not in calls_of(backends)
    backends.answers["ReadTable"] = table(front.cell, "mayor")
    assert (await front.client.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("ending", "method", "done"),
    [("/confirm", "ConfirmProposal", "confirmed"), ("/decline", "DeclineProposal", "declined")],
)
async def test_the_proposal_is_answered_in_the_version_shown(
    front: Front, backends: Backends, ending: str, method: str, done: str
) -> None:
    path = await opened(front, backends)
    answer = await sent(front, path, ending)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done={done}")
    call = next(call for call in backends.calls if call.method == method)
    assert (call.request.proposal_id, call.request.expected_version) == (str(SOME_ID), 3)
    assert call.metadata["idempotency-key"]
    assert "notice--good" in (await front.client.get(answer.headers["location"])).text


async def test_a_mandate_is_ended_with_its_reason(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)
    unsaid = await sent(front, path, "/end")
    assert unsaid.status_code == 422
    assert "Kies waarom het mandaat eindigt." in unsaid.text
    assert "EndMandate" not in calls_of(backends)
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(cells=[table(front.cell, "coordinator").cell])
    answer = await sent(front, path, "/end", reason="left")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=ended")
    call = next(call for call in backends.calls if call.method == "EndMandate")
    assert (call.request.mandate_id, call.request.expected_version, call.request.reason) == (str(SOME_ID), 4, "left")
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse()
    assert (await sent(front, path, "/end", reason="left")).headers["location"] == "/"


@pytest.mark.parametrize(
    ("method", "ending", "refusal", "sentence"),
    [
        ("ConfirmProposal", "/confirm", HostInCell(field="email", expected="somebody else"), "werkt voor de host"),
        ("ConfirmProposal", "/confirm", ProposalDecided(), "al beantwoord"),
        ("DeclineProposal", "/decline", VersionChanged(field="expected_version", expected="the last"), "intussen"),
        ("EndMandate", "/end", LastCoordinator(field="mandate_id", expected="a successor"), "opvolger"),
    ],
)
async def test_a_refusal_stands_above_the_page(
    front: Front, backends: Backends, method: str, ending: str, refusal: RondetafelError, sentence: str
) -> None:
    path = await opened(front, backends)
    backends.answers[method] = refusal
    answer = await sent(front, path, ending, reason="left")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Greet Jacobs" in answer.text


async def test_until_content_opens_the_table_says_when_and_asks_for_nothing(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    closed = table(front.cell, "coordinator")
    closed.cell.opens_at.FromDatetime(NOW + timedelta(hours=72))
    backends.answers["ReadTable"] = closed
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(cells=[closed.cell])
    for path in (at, "/"):
        backends.calls.clear()
        page = await front.client.get(path)
        assert "De inhoud gaat open op" in page.text
        assert not {"ListCases", "ListWaiting", "ListSessions"} & set(calls_of(backends))
    assert f'href="{at}/mandates"' in (await front.client.get(at)).text
    backends.answers["ReadTable"] = table(front.cell, "coordinator")
    assert "ListCases" in [*await _asked(front, backends, at)]


async def _asked(front: Front, backends: Backends, path: str) -> list[str]:
    await front.client.get(path)
    return calls_of(backends)


async def test_at_home_waits_what_the_host_proposed(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(cells=[table(front.cell, "coordinator").cell])
    page = await front.client.get("/")
    assert f'href="{path}"' in page.text
    assert "Antwoord de host" in page.text
    backends.answers["ListProposals"] = pb.ListProposalsResponse()
    assert "Antwoord de host" not in (await front.client.get("/")).text


async def test_a_clearance_that_ends_stands_there_and_waits_at_home(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)

    async def listed(ahead: int) -> str:
        last_day = (NOW + timedelta(days=ahead)).date().isoformat()
        officer = mandate("information_officer", "Karim", "CELL", clearance_until=last_day)
        backends.answers["ListMandates"] = pb.ListMandatesResponse(mandates=[officer])
        return (await front.client.get(path)).text

    assert "De veiligheidsmachtiging van deze zetel eindigt op" in await listed(59)
    assert "De veiligheidsmachtiging van deze zetel eindigde op" in await listed(-3)
    for ahead in (70, 2000):
        assert "De veiligheidsmachtiging van deze zetel" not in await listed(ahead)
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(cells=[table(front.cell, "coordinator").cell])
    asked = table(front.cell, "coordinator")
    backends.answers["ReadTable"] = asked
    assert "veiligheidsmachtiging" not in (await front.client.get("/")).text
    for days, said in ((20, "eindigt binnenkort"), (-20, "is voorbij")):
        asked.clearance_ends_on = (NOW + timedelta(days=days)).date().isoformat()
        page = await front.client.get("/")
        assert f"Een veiligheidsmachtiging van de politie {said}" in page.text
        assert f'href="{path}"' in page.text
