"""Sharing a contribution: weighed in five steps, shared as exactly what was ticked, and never by accident."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import grpc
import pytest

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.case.errors import LegalBasisNotInForce, ReviewOverdue
from services.kit.errors import VersionChanged
from services.portal.web.contribution.segments import segments_of
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.contribution.test_contributions import TYPED
from tests.portal.dossier import DRAFT, SECRET, TEXT, TODAY, around, before_draft, case, contribution, frame
from tests.portal.tables import calls_of, filled, send

FIRST, SECOND, THIRD = (segment.value for segment in segments_of(TEXT))
ANSWERS: dict[str, dict[str, Any]] = {
    "need": {"need": "Anders mist de tafel dit."},
    "informed": {"person_informed": "informed"},
    "less": {"segment": [FIRST, THIRD]},
    "proportion": {"proportionality": "Het helpt."},
}
SHARING = ["ReviseContribution", "AssessContribution", "ShareContribution"]


async def answered(front: Front, path: str, *, but: str = "", **changed: dict[str, Any]) -> None:
    """All questions answered up to `but`."""
    for step, typed in {**ANSWERS, **changed}.items():
        if step == but:
            return
        answer = await send(front, f"{path}/{step}", typed)
        assert answer.status_code == 303, words(answer.text)


def ticks(*values: str) -> dict[str, Any]:
    """The segments that are ticked."""
    return {"segment": list(values)}


def sent(backends: Backends) -> list[Any]:
    """The commands of sharing, as they arrived."""
    return [call for call in backends.calls if call.method in SHARING]


async def test_a_draft_is_written_anew_and_its_sentences_chosen_again(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path)
    assert (await front.client.get(f"{path}/share")).status_code == 200
    page = await front.client.get(f"{path}/text")
    assert TEXT in page.text
    answer = await send(front, f"{path}/text", TYPED)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert pb.ReviseContributionRequest(contribution_id=DRAFT, expected_version=3, **TYPED) in [
        call.request for call in backends.calls
    ]
    assert (await front.client.get(f"{path}/share")).headers["location"] == f"{path}/less"
    backends.answers["ReviseContribution"] = VersionChanged(field="expected_version", expected="the version last read")
    answer = await send(front, f"{path}/text", {**TYPED, "text": SECRET})
    assert answer.status_code == 422
    assert SECRET in answer.text


async def test_no_step_is_skipped(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    for step in ("informed", "less", "proportion", "share"):
        assert (await front.client.get(f"{path}/{step}")).headers["location"] == f"{path}/need"
    fields = await filled(front, f"{path}/need")
    assert (await front.client.post(f"{path}/share", data=fields)).headers["location"] == f"{path}/need"
    assert sent(backends) == []
    assert (await front.client.get(f"{path}/other")).status_code == 404


async def test_segments_are_unticked_with_a_question_beside_them(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path, but="less")
    page = await front.client.get(f"{path}/less")
    segments = re.findall('<div class="segment">.*?</div>', page.text, re.DOTALL)
    assert len(segments) == 3
    assert "checked" not in "".join(segments)
    assert [bool(re.search("aria-describedby", segment)) for segment in segments] == [False, True, True]
    assert "gezondheid van iemand anders" in segments[1]
    assert "Fien" in segments[2]
    assert "naam van iemand" in segments[2]
    assert "Stap 3 van 5" in words(page.text)


async def test_nothing_ticked_cannot_go_on_and_is_fine_too(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path, but="less")
    answer = await send(front, f"{path}/less", ticks())
    assert answer.status_code == 422
    assert 'href="#segment-1"' in answer.text
    assert "Dat is ook goed" in answer.text
    assert "?nothing=1" in answer.text
    assert (await front.client.get(f"{path}/proportion")).headers["location"] == f"{path}/less"


async def test_to_keep_every_sentence_asks_why(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path, but="less")
    everything = ticks(FIRST, SECOND, THIRD)
    answer = await send(front, f"{path}/less", everything)
    assert answer.status_code == 422
    assert 'id="whole"' in answer.text
    assert answer.text.count("checked") == 3
    assert (await send(front, f"{path}/less", everything | {"whole": "Het hoort samen."})).status_code == 303
    await send(front, f"{path}/proportion", ANSWERS["proportion"])
    assert "Het hoort samen." in (await front.client.get(f"{path}/share")).text


@pytest.mark.parametrize("step", ["need", "informed", "proportion"])
async def test_each_question_wants_an_answer(front: Front, backends: Backends, step: str) -> None:
    path = await before_draft(front, backends)
    await answered(front, path, but=step)
    field = next(iter(ANSWERS[step]))
    answer = await send(front, f"{path}/{step}", {field: " "})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    backends.calls.clear()
    assert (await send(front, f"{path}/{step}", ANSWERS[step])).status_code == 303
    assert set(calls_of(backends)) == {"ReadCase", "ReadTable"}


async def test_a_step_kept_for_later_is_there_again(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path, but="less")
    kept = await send(front, f"{path}/less", ticks(SECOND) | {"later": "1"})
    assert kept.headers["location"] == "/?kept=1"
    page = await front.client.get(f"{path}/less")
    assert re.search(f'value="{SECOND}" checked', page.text)
    assert sent(backends) == []
    assert (await front.client.get(path)).status_code == 200


async def test_exactly_what_is_ticked_is_shared(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path)
    page = await front.client.get(f"{path}/share")
    said = words(page.text)
    kept = "De ruzies zijn minder fel. Zijn nicht Fien belde."
    for text in (
        kept,
        "Anders mist de tafel dit.",
        "Ja, de persoon weet het",
        "2 van 3 zinnen gedeeld",
        "1 zin laat je weg",
    ):
        assert text in said, text
    assert "Moeder krijgt therapie." not in page.text
    backends.answers["ReviseContribution"] = kit_pb2.Receipt(id=DRAFT, state="PRIVATE", version=4)
    backends.answers["AssessContribution"] = kit_pb2.Receipt(id=DRAFT, state="ASSESSED", version=5)
    answer = await send(front, f"{path}/share")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert [call.request for call in sent(backends)] == [
        pb.ReviseContributionRequest(
            contribution_id=DRAFT, expected_version=3, text=kept, life_domain="family", language="nl"
        ),
        pb.AssessContributionRequest(
            contribution_id=DRAFT, expected_version=4, need="Anders mist de tafel dit.", person_informed="informed",
            less_is_enough="2 van 3 zinnen gedeeld; de andere zijn weggelaten.", proportionality="Het helpt.",
            legal_basis="decree-vl-2021-05-21",
        ),
        pb.ShareContributionRequest(contribution_id=DRAFT, expected_version=5),
    ]  # fmt: skip
    backends.answers["ReadCase"] = case(contributions=[contribution("SHARED", text=kept)])
    assert "Gedeeld met de kring" in (await front.client.get(path)).text
    for step in ("need", "share", "text"):
        assert (await front.client.get(f"{path}/{step}")).headers["location"] == path


async def test_sharing_sent_twice_has_one_effect(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path)
    fields = await filled(front, f"{path}/share")
    backends.answers["ShareContribution"] = grpc.StatusCode.UNAVAILABLE
    assert (await front.client.post(f"{path}/share", data=fields)).status_code == 503
    # What was cut off is asked again in the same words: the draft is shortened already.
    backends.answers["ReadCase"] = case(
        contributions=[contribution("ASSESSED", text=sent(backends)[0].request.text, version=5)]
    )
    backends.answers["ShareContribution"] = kit_pb2.Receipt(id=DRAFT, state="SHARED", version=6)
    assert (await front.client.post(f"{path}/share", data=fields)).status_code == 303
    first, second = sent(backends)[:3], sent(backends)[3:]
    assert [call.request for call in first] == [call.request for call in second]
    keys = [[call.metadata["idempotency-key"] for call in calls] for calls in (first, second)]
    assert keys[0] == keys[1] == [f"{fields['key']}-{act}" for act in ("revise", "assess", "share")]
    # Shared by then: nothing is done any more.
    backends.answers["ReadCase"] = case(contributions=[contribution("SHARED")])
    assert (await front.client.post(f"{path}/share", data=fields)).headers["location"] == path
    assert len(sent(backends)) == 6


@pytest.mark.parametrize(
    ("act", "refusal", "told_of"),
    [
        (
            "ReviseContribution",
            VersionChanged(field="expected_version", expected="the version last read"),
            "zoals het was",
        ),
        ("AssessContribution", LegalBasisNotInForce(field="legal_basis", expected="one of x"), "ingekort"),
        ("ShareContribution", ReviewOverdue(field="review_on", expected="a review"), "ingekort"),
    ],
)
async def test_what_was_done_and_what_was_not_is_said(
    front: Front, backends: Backends, act: str, refusal: VersionChanged, told_of: str
) -> None:
    path = await before_draft(front, backends)
    await answered(front, path)
    fields = await filled(front, f"{path}/share")
    backends.answers[act] = refusal
    backends.calls.clear()
    answer = await front.client.post(f"{path}/share", data=fields)
    assert answer.status_code == 422
    assert "niets gedeeld" in words(answer.text)
    assert told_of in words(answer.text)
    assert fields["key"] not in answer.text
    done = SHARING.index(act) + 1
    assert [call.method for call in sent(backends)] == SHARING[:done]
    assert "ShareContribution" not in [call.method for call in sent(backends)][: done - 1]


async def test_without_legal_basis_nothing_is_shared_and_it_says_why(front: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await answered(front, path)
    fields = await filled(front, f"{path}/share")
    backends.answers["ReadTable"] = around(front, basis=False)
    page = await front.client.get(path)
    assert "Je kunt nu niet delen. Je mandaat heeft nu geen geldende rechtsgrond" in words(page.text)
    assert "Vraag het aan de coördinator: An Peeters." in words(page.text)
    assert f"{path}/need" not in page.text
    assert (await front.client.get(f"{path}/less")).headers["location"] == path
    assert (await front.client.post(f"{path}/share", data=fields)).headers["location"] == path
    assert sent(backends) == []


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (frame("CLOSED"), "De tafel werkt nu niet aan deze casus"),
        (frame("FOLLOW_UP", review_on=(TODAY - timedelta(days=15)).isoformat()), "al meer dan 14 dagen"),
    ],
)
async def test_a_case_that_takes_nothing_more_says_so(
    front: Front, backends: Backends, found: pb.Frame, sentence: str
) -> None:
    path = await before_draft(front, backends, case(frame=found, contributions=[contribution()]))
    assert sentence in words((await front.client.get(path)).text)
    assert (await front.client.get(f"{path}/need")).headers["location"] == path


@pytest.mark.parametrize("language", ["fr", "de", "en"])
async def test_the_steps_speak_every_language(front: Front, backends: Backends, language: str) -> None:
    path = await before_draft(front, backends)
    await answered(front, path)
    for below in ("", "/text", "/need", "/informed", "/less", "/proportion", "/share"):
        page = await front.client.get(path + below, headers={"accept-language": language})
        assert page.status_code == 200, below
        assert f'<html lang="{language}"' in page.text
