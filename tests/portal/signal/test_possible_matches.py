"""Perhaps the same person, on the pages of a coordinator: a quiet part, and nothing where there is nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import Unavailable
from services.kit.fields import to_timestamp
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.signal.test_signals import SIGNAL, signal
from tests.portal.tables import OTHER, SECOND_TOWN, TOWN, become, calls_of, send, sit

TOLD, CASE = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c01", "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c02"
PART = 'id="same"'


def match(**changed: object) -> pb.PossibleMatch:
    """A signal that is perhaps about the same person."""
    of_it = {
        "signal_id": TOLD, "state": "UNDER_CHECK", "nis_code": TOWN,
        "received_at": to_timestamp(datetime(2026, 2, 20, 9, tzinfo=UTC)),
    }  # fmt: skip
    return pb.PossibleMatch(**(of_it | changed))  # type: ignore[arg-type]


async def before(
    front: Front, backends: Backends, *found: pb.PossibleMatch, more: bool = False, **changed: object
) -> str:
    """The coordinator before a signal; gives its address."""
    at = await sit(front, backends, "coordinator", towns=(TOWN, SECOND_TOWN))
    backends.answers["ReadSignal"] = signal(**({"reporter_id": OTHER} | changed))
    backends.answers["ListPossibleMatches"] = pb.ListPossibleMatchesResponse(matches=found, more=more)
    return f"{at}/signals/{SIGNAL}"


@pytest.mark.parametrize("page", ["", "/propose"])
async def test_each_stands_there_with_its_state_and_leads_to_its_page(
    front: Front, backends: Backends, page: str
) -> None:
    case = match(state="PROPOSED", case_id=CASE, code="AR-26-014", case_state="LISTED", nis_code=SECOND_TOWN)
    at = await before(front, backends, match(), case)
    shown = (await front.client.get(at + page)).text
    part = shown[shown.index(PART) :]
    part = part[: part.index("</section>")]
    table = at.partition("/signals")[0]
    assert f'href="{table}/signals/{TOLD}">Signaal van ' in part
    assert f'href="{table}/cases/{CASE}">' in part
    assert "AR-26-014" in part
    assert "Op de lijst" in part or "Op de casuslijst" in part
    assert "Het kan toeval zijn." in part
    assert "Alleen de coördinator ziet dit." in part
    assert "Er zijn er misschien meer" not in part
    # Neither a number that could be believed, nor a word of whom.
    assert "%" not in part
    assert "Verhoeven" not in part
    assert backends.last.request == pb.ListPossibleMatchesRequest(signal_id=SIGNAL)


async def test_it_is_said_that_there_may_be_more(front: Front, backends: Backends) -> None:
    at = await before(front, backends, match(), more=True)
    assert "Er zijn er misschien meer dan hier staan." in (await front.client.get(at)).text


@pytest.mark.parametrize("page", ["", "/propose"])
async def test_without_any_there_is_nothing(front: Front, backends: Backends, page: str) -> None:
    at = await before(front, backends)
    assert PART not in (await front.client.get(at + page)).text
    assert "ListPossibleMatches" in calls_of(backends)


async def test_whoever_may_not_ask_is_not_asked_for(front: Front, backends: Backends) -> None:
    at = await before(front, backends, match(), nis_code=SECOND_TOWN)
    assert PART in (await front.client.get(at)).text
    for role in ("participant", "mayor", "police_chief", "dpo"):
        become(front, backends, role)
        backends.calls.clear()
        page = await front.client.get(at)
        assert (page.status_code, PART in page.text) == (200, False)
        assert "ListPossibleMatches" not in calls_of(backends)


async def test_a_proposal_that_is_shown_again_still_has_it(front: Front, backends: Backends) -> None:
    at = await before(front, backends, match())
    answer = await send(front, f"{at}/propose", {"phenomenon": "unclear"})
    assert answer.status_code == 422
    assert PART in answer.text


async def test_in_french_and_german_and_english_too(front: Front, backends: Backends) -> None:
    at = await before(front, backends, match())
    for language, said in (("fr", "la même personne"), ("de", "dieselbe Person"), ("en", "about the same person")):
        shown = (await front.client.get(at, headers={"accept-language": language})).text
        assert said in shown


async def test_a_service_that_is_away_is_told_as_for_the_whole_page(front: Front, backends: Backends) -> None:
    at = await before(front, backends, match())
    assert (await front.client.get(at)).status_code == 200
    backends.answers["ListPossibleMatches"] = Unavailable("away")
    assert (await front.client.get(at)).status_code == 503
