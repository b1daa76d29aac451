"""Pages of what questions taught: written anew, read once more, read by all, taken off."""

from __future__ import annotations

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import AnswerStateForbids
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.question.test_asking import QUESTION, question
from tests.portal.tables import calls_of, send, sit

ENTRY = "3c1d2e4f-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
TOLD = {"question": "Hoe begin ik een gesprek?", "answer": "Vraag wat er speelt, en luister."}


def entries(*may: str) -> pb.ListAnswersResponse:
    """The page of the cell with one entry."""
    entry = pb.TaughtAnswer(answer_id=ENTRY, published_on="2026-03-01", version=3, language="nl", **TOLD)
    return pb.ListAnswersResponse(answers=[entry], may=may)


async def test_the_coordinator_writes_it_anew_and_reads_it_once_more(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    backends.answers["ReadQuestion"] = question(
        "ANSWERED", answered_on="2026-03-02", answer="Bel mij.", may=["close_question", "publish_answer"]
    )
    assert f'href="{at}/questions/{QUESTION}/publish"' in (await front.client.get(f"{at}/questions/{QUESTION}")).text
    path = f"{at}/questions/{QUESTION}/publish"
    page = (await front.client.get(path)).text
    assert 'name="answer"' in page
    empty = await send(front, path, {"question": "", "answer": " "})
    assert empty.status_code == 422
    for field in ("question", "answer"):
        assert f'href="#{field}"' in empty.text
    between = await send(front, path, TOLD | {"answer": "Vraag het aan Karim El Amrani."})
    assert between.status_code == 200
    assert "“Karim El Amrani”" in between.text
    assert "PublishAnswer" not in calls_of(backends)
    done = await send(front, path, TOLD | {"checked": "1"})
    assert (done.status_code, done.headers["location"]) == (303, f"{at}/answers")
    asked = backends.last.request
    assert (asked.question_id, asked.question, asked.answer) == (QUESTION, TOLD["question"], TOLD["answer"])


async def test_of_a_question_that_may_not_be_told_there_is_no_page(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'coordinator')}/questions/{QUESTION}/publish"
    backends.answers["ReadQuestion"] = question(may=["answer_question"])
    assert (await front.client.get(path)).status_code == 404


@pytest.mark.parametrize("role", ["participant", "mayor", "dpo"])
async def test_everybody_reads_it_and_takes_nothing_off(front: Front, backends: Backends, role: str) -> None:
    path = f"{await sit(front, backends, role)}/answers"
    backends.answers["ListAnswers"] = entries()
    page = (await front.client.get(path)).text
    assert TOLD["answer"] in page
    assert "Haal dit eraf" not in page


async def test_the_coordinator_takes_one_off(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'coordinator')}/answers"
    backends.answers["ListAnswers"] = entries("withdraw_answer")
    assert "Haal dit eraf" in (await front.client.get(path)).text
    done = await send(front, path, {"answer": ENTRY, "answer_version": "3"})
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert "WithdrawAnswer" in calls_of(backends)
    asked = next(call.request for call in backends.calls if call.method == "WithdrawAnswer")
    assert (asked.answer_id, asked.expected_version) == (ENTRY, 3)
    backends.answers["WithdrawAnswer"] = AnswerStateForbids(field="state")
    again = await send(front, path, {"answer": ENTRY, "answer_version": "3"})
    assert again.status_code == 422
    assert "Dit staat al niet meer op de pagina." in again.text
