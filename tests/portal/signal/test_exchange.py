"""The page of a signal: what was asked and answered since, in order, and the form to ask or to add something."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import ExchangeFull, SignalStateForbids
from services.kit.errors import VersionChanged
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.signal.test_outcomes import ENGLISH, at, ended
from tests.portal.signal.test_signals import SIGNAL, signal
from tests.portal.tables import ME, OTHER, calls_of, filled, send

FIRST, SECOND, THIRD = (f"01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4d0{number}" for number in (1, 2, 3))
QUESTION, ANSWER = "Sinds <i>wanneer?", "Sinds de <b>herfst."


def entry(entry_id: str, kind: str, text: str, minutes: int, author: str, **more: Any) -> pb.SignalEntry:
    """Something said, so many minutes after now."""
    return pb.SignalEntry(
        entry_id=entry_id, kind=kind, author_id=author, said_at=to_timestamp(NOW + timedelta(minutes=minutes)),
        text=text, language="nl", **more,
    )  # fmt: skip


def talked(*, reporter: str, coordinator: str, answered: bool, **changed: Any) -> pb.Signal:
    """A signal that was asked about, and perhaps answered."""
    said = [entry(FIRST, "question", QUESTION, 0, coordinator, open=not answered)]
    if answered:
        said += [
            entry(SECOND, "addition", "Zijn zus belde.", 1, reporter),
            entry(THIRD, "answer", ANSWER, 2, reporter, answers=FIRST),
        ]
    return signal(reporter_id=reporter, exchange=said, **changed)


async def test_the_coordinator_asks_and_is_told_before_what_happens(front: Front, backends: Backends) -> None:
    here = await at(front, backends, "coordinator", signal(reporter_id=OTHER))
    page = words((await front.client.get(here, headers=ENGLISH)).text)
    for said in ("letter that there is a question, and nothing else", "cannot withdraw", "not changed any more"):
        assert page.index("Do you want to know more?") < page.index(said) < page.rindex("Ask"), said
    assert "Asked and added since" not in page
    answer = await send(front, here, {"text": QUESTION})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}#exchange")
    assert backends.last.method == "AskReporter"
    assert backends.last.request == pb.AskReporterRequest(
        signal_id=SIGNAL, expected_version=4, text=QUESTION, language="nl"
    )


async def test_who_told_it_sees_the_open_question_first_and_answers_it(front: Front, backends: Backends) -> None:
    here = await at(front, backends, "participant", talked(reporter=ME, coordinator=OTHER, answered=False))
    page = (await front.client.get(here, headers=ENGLISH)).text
    for said in ("Next step for you", "The coordinator asks you something", "not answered yet", QUESTION, "An Peeters"):
        assert said in words(page), said
    assert QUESTION not in page
    assert f'value="{FIRST}" checked' in page
    answer = await send(front, here, {"text": ANSWER, "answers": FIRST})
    assert answer.status_code == 303
    assert backends.last.request == pb.AddToSignalRequest(
        signal_id=SIGNAL, expected_version=4, text=ANSWER, language="nl", answers=FIRST
    )
    await send(front, here, {"text": "Nog iets.", "answers": "more"})
    assert (backends.last.method, backends.last.request.answers) == ("AddToSignal", "")


async def test_who_told_it_adds_something_unasked(front: Front, backends: Backends) -> None:
    here = await at(front, backends, "participant", signal())
    page = (await front.client.get(here, headers=ENGLISH)).text
    assert "Do you want to add something?" in words(page)
    assert 'name="answers"' not in page
    assert (await send(front, here, {"text": "Nog iets."})).status_code == 303
    assert (backends.last.method, backends.last.request.text) == ("AddToSignal", "Nog iets.")


async def test_it_is_read_as_a_conversation_in_order(front: Front, backends: Backends) -> None:
    here = await at(front, backends, "coordinator", talked(reporter=OTHER, coordinator=ME, answered=True))
    page = words((await front.client.get(here, headers=ENGLISH)).text)
    places = [page.index(said) for said in (QUESTION, "Zijn zus belde.", "To the question of", ANSWER)]
    assert places == sorted(places)
    assert "not answered yet" not in page
    for below in ("propose", "dismiss", "redirect"):
        beside = words((await front.client.get(f"{here}/{below}", headers=ENGLISH)).text)
        assert ANSWER in beside, below


@pytest.mark.parametrize("role", ["coordinator", "participant"])
async def test_what_is_missing_or_refused_is_said_and_what_was_typed_stays(
    front: Front, backends: Backends, role: str
) -> None:
    mine = role == "participant"
    reporter, coordinator = (ME, OTHER) if mine else (OTHER, ME)
    found = talked(reporter=reporter, coordinator=coordinator, answered=False)
    here = await at(front, backends, role, found)
    method = "AddToSignal" if mine else "AskReporter"
    empty = await send(front, here, {"text": "\u200b "})
    assert (empty.status_code, 'href="#text"' in empty.text) == (422, True)
    if mine:
        nothing = await send(front, here, {"text": "x", "answers": ""})
        assert (nothing.status_code, 'href="#answers"' in nothing.text) == (422, True)
        other = await send(front, here, {"text": "x", "answers": SECOND})
        assert other.status_code == 422
    assert method not in calls_of(backends)
    for refused in (VersionChanged(), ExchangeFull(field="text", expected="at most 20")):
        backends.answers[method] = refused
        answer = await send(front, here, {"text": "Mijn woorden."})
        assert answer.status_code == 422
        assert "Mijn woorden.</textarea>" in answer.text


@pytest.mark.parametrize("role", ["coordinator", "participant"])
async def test_who_comes_too_late_is_told_and_keeps_the_own_words(front: Front, backends: Backends, role: str) -> None:
    reporter = ME if role == "participant" else OTHER
    here = await at(front, backends, role, signal(reporter_id=reporter))
    fields = await filled(front, here, {"text": "Mijn woorden."})
    backends.answers["ReadSignal"] = signal(reporter_id=reporter, state="PROPOSED", version=5)
    backends.answers["AskReporter"] = backends.answers["AddToSignal"] = SignalStateForbids(field="state", expected="x")
    answer = await front.client.post(here, data=fields, headers=ENGLISH)
    assert answer.status_code == 409
    assert "Nothing is asked or added here any more" in answer.text
    assert "Mijn woorden." in answer.text
    assert not {"AskReporter", "AddToSignal"} & set(calls_of(backends))


async def test_of_who_left_the_coordinator_reads_that_nobody_answers(front: Front, backends: Backends) -> None:
    found = talked(reporter=OTHER, coordinator=ME, answered=False, nobody_answers=True)
    here = await at(front, backends, "coordinator", found)
    page = (await front.client.get(here, headers=ENGLISH)).text
    assert "nobody answers here" in page
    assert 'name="text"' not in page


async def test_nobody_else_has_the_form(front: Front, backends: Backends) -> None:
    for role in ("mayor", "dpo", "information_officer"):
        here = await at(front, backends, role, signal(reporter_id=OTHER, observed="", tried="", reason=""))
        assert 'name="text"' not in (await front.client.get(here)).text, role
        token = re.search(r'name="csrf_token" value="([^"]*)"', (await front.client.get("/me")).text)
        assert token
        sent = {"csrf_token": token[1], "key": "k", "text": "x"}
        assert (await front.client.post(here, data=sent)).status_code == 404, role
    assert not {"AskReporter", "AddToSignal"} & set(calls_of(backends))


async def test_what_was_said_stays_with_a_signal_that_is_over(front: Front, backends: Backends) -> None:
    found = ended("NOT_RETAINED")
    found.exchange.extend(talked(reporter=OTHER, coordinator=ME, answered=True).exchange)
    here = await at(front, backends, "coordinator", found)
    page = (await front.client.get(here)).text
    assert ANSWER in words(page)
    assert 'name="text"' not in page
