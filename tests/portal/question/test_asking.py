"""Pages of questions without a name: asking with the hint, reading, answering, closing."""

from __future__ import annotations

import re

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import QuestionNotFound, QuestionStateForbids, TooManyQuestions
from services.kit.errors import VersionChanged
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import calls_of, send, sit

QUESTION = "9f4e2c1a-6b7d-4e8f-8a90-1b2c3d4e5f60"
TEXT = "Een leerling zegt vreemde dingen. Hoe begin ik dat gesprek?"
ANSWERS = [pb.PreparedAnswer(code="talk_first", nl="Praat eerst zelf.", fr="Parlez-en.", de="Reden.", en="Talk.")]


def question(state: str = "ASKED", **changed: object) -> pb.Question:
    """As somebody reads it."""
    rightful = {
        "question_id": QUESTION, "state": state, "asked_on": "2026-03-01", "version": 1, "text": TEXT, "language": "nl",
    }  # fmt: skip
    return pb.Question(**(rightful | changed))  # type: ignore[arg-type]


async def test_it_is_read_once_more_and_then_asked(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'participant')}/questions/new"
    page = (await front.client.get(path)).text
    assert re.findall(r'name="(\w+)" rows', page) or 'name="text"' in page
    for field in ("given_name", "family_name", "birth_date", "address"):
        assert field not in page, "there is no field for a person"
    assert "Er is geen veld voor een persoon" in page
    between = await send(front, path, {"text": TEXT})
    assert between.status_code == 200
    assert "Is dit je vraag?" in between.text
    assert "Is dit de naam" not in between.text
    assert "AskQuestion" not in calls_of(backends)
    done = await send(front, path, {"text": TEXT, "checked": "1"})
    assert done.status_code == 303
    assert "/questions/" in done.headers["location"]
    asked = backends.last.request
    assert (backends.last.method, asked.text, asked.language) == ("AskQuestion", TEXT, "nl")


async def test_a_text_that_seems_to_name_somebody_is_asked_about_and_taken(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'participant')}/questions/new"
    named = f"{TEXT} Karim El Amrani is geboren op 24/11/2009, bel 0472 12 34 56."
    between = (await send(front, path, {"text": named})).text
    for hint in ("“Karim El Amrani”", "24/11/2009", "“0472 12 34 56”"):
        assert hint in between
    changing = (await send(front, path, {"text": named, "change": "text"})).text
    assert "“Karim El Amrani”" in changing, "the hint stands beside the field too"
    assert "govuk-error-message" not in changing
    assert (await send(front, path, {"text": named, "checked": "1"})).status_code == 303


async def test_towns_and_organisations_of_the_table_name_nobody(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'participant')}/questions/new"
    between = (await send(front, path, {"text": "Wat doet Gemeente Vaartbeke voor ouders in Vaartbeke?"})).text
    assert "Is dit de naam" not in between


async def test_a_fault_is_said_at_the_field(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'participant')}/questions/new"
    empty = await send(front, path, {"text": " "})
    assert empty.status_code == 422
    assert 'href="#text"' in empty.text
    backends.answers["AskQuestion"] = TooManyQuestions(field="text")
    many = await send(front, path, {"text": TEXT, "checked": "1"})
    assert many.status_code == 422
    assert "Je hebt hier al tien vragen." in many.text


@pytest.mark.parametrize("role", ["dpo", "oversight"])
async def test_who_does_not_sit_asks_nothing(front: Front, backends: Backends, role: str) -> None:
    path = f"{await sit(front, backends, role)}/questions/new"
    assert (await front.client.get(path)).status_code == 404


async def test_the_coordinator_answers_by_one_of_the_set_or_in_own_words(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'coordinator')}/questions/{QUESTION}"
    backends.answers["ReadQuestion"] = question(may=["answer_question"], answers=ANSWERS)
    page = (await front.client.get(path)).text
    assert "Praat eerst zelf." in page
    assert "iemand aan deze tafel" in page
    assert 'name="close"' not in page
    neither = await send(front, path, {"text": "", "version": "1"})
    assert neither.status_code == 422
    assert 'href="#text"' in neither.text
    assert "AnswerQuestion" not in calls_of(backends)
    done = await send(front, path, {"prepared": "talk_first", "text": "", "version": "1"})
    assert (done.status_code, done.headers["location"]) == (303, path)
    asked = backends.last.request
    assert (asked.prepared, asked.text, asked.expected_version, asked.language) == ("talk_first", "", 1, "nl")
    assert (await send(front, path, {"text": "Bel mij.", "version": "1"})).status_code == 303
    assert (backends.last.request.prepared, backends.last.request.text) == ("", "Bel mij.")
    for error in (VersionChanged(), QuestionStateForbids(field="state")):
        backends.answers["AnswerQuestion"] = error
        again = await send(front, path, {"text": "Bel mij.", "version": "1"})
        assert again.status_code == 422
        assert "Bel mij." in again.text, "nothing typed is lost"


async def test_who_asked_reads_the_answer_in_the_own_language_and_closes(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'participant')}/questions/{QUESTION}"
    backends.answers["ReadQuestion"] = question(
        "ANSWERED", mine=True, may=["close_question"], prepared=ANSWERS[0], answer="Venez.", answer_language="fr",
        answered_on="2026-03-02", erased_on="2026-05-31",
    )  # fmt: skip
    page = (await front.client.get(path)).text
    assert "Praat eerst zelf." in page
    assert '<p class="told" lang="fr">Venez.</p>' in page
    assert "jezelf" in page
    assert "<dd>zondag 31 mei</dd>" in page.replace("\u00a0", " ")
    done = await send(front, path, {"close": "1", "version": "1"})
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert (backends.last.method, backends.last.request.expected_version) == ("CloseQuestion", 1)


async def test_for_whom_there_is_no_question_there_is_no_page(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'participant')}/questions/{QUESTION}"
    backends.answers["ReadQuestion"] = QuestionNotFound()
    assert (await front.client.get(path)).status_code == 404


@pytest.mark.parametrize(("role", "heading"), [("coordinator", "Vragen"), ("participant", "Mijn vragen")])
async def test_the_list_tells_nobody_who_asked(front: Front, backends: Backends, role: str, heading: str) -> None:
    path = f"{await sit(front, backends, role)}/questions"
    found = pb.ListQuestionsResponse(questions=[question()], everyones=role == "coordinator")
    backends.answers["ListQuestions"] = found
    page = (await front.client.get(path)).text
    assert f"<h1>{heading}</h1>" in page
    assert "Vraag van" in page


async def test_who_asked_carries_the_question_into_a_signal(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ReadQuestion"] = question(
        "ANSWERED", mine=True, may=["close_question", "enter_signal"], answered_on="2026-03-02", answer="Vertel meer."
    )
    page = (await front.client.get(f"{at}/questions/{QUESTION}")).text
    way = f"{at}/signals/new?draft=new&amp;question={QUESTION}"
    assert f'href="{way}"' in page
    path = way.replace("&amp;", "&")
    form = (await front.client.get(path)).text
    assert TEXT in form
    assert "leest de coördinator wie je bent" in form
    typed = {"observed": TEXT, "tried": "Niets.", "reason": "Samen.", "person.given_name": "Robin", "minor": "no"}
    done = await send(front, path, typed | {"question_id": QUESTION})
    assert done.status_code == 303
    asked = backends.last.request
    assert (backends.last.method, asked.question_id, asked.observed) == ("EnterSignal", QUESTION, TEXT)
    backends.answers["ReadQuestion"] = question("CLOSED", mine=True, closed_on="2026-03-02", signal_id=QUESTION)
    assert f'href="{at}/signals/{QUESTION}"' in (await front.client.get(f"{at}/questions/{QUESTION}")).text


async def test_a_question_of_another_becomes_no_signal(front: Front, backends: Backends) -> None:
    path = f"{await sit(front, backends, 'coordinator')}/signals/new?question={QUESTION}"
    backends.answers["ReadQuestion"] = question("ANSWERED", may=["close_question"])
    assert (await front.client.get(path)).status_code == 404
    plain = await front.client.get(path.replace(QUESTION, "none"))
    assert plain.status_code == 200
