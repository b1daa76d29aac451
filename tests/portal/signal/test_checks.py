"""Asking the police about a signal, and answering: pages for the coordinator, the officer and the mayor."""

from __future__ import annotations

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import HoldOutOfRange, SignalNotFound
from services.kit.errors import VersionChanged
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.signal.test_signals import SIGNAL, signal
from tests.portal.tables import OTHER, TOWN, calls_of, send, sit


def told(standing: str = "waiting", *, person: bool = True, **changed: object) -> pb.Check:
    """The check as somebody reads it."""
    found = pb.Check(
        signal_id=SIGNAL, nis_code=TOWN, minor=True, started_at=to_timestamp(NOW), due_on="2026-03-10",
        standing=standing, version=1, hold_most="2026-06-01", **changed,  # type: ignore[arg-type]
    )  # fmt: skip
    if person:
        found.person.CopyFrom(pb.PersonConcerned(given_name="Milan", family_name="Verhoeven", birth_date="2009-11-03"))
        found.age.CopyFrom(pb.Age(least=16, most=16, minor="minor"))
    return found


async def before(front: Front, backends: Backends, role: str, found: pb.Check) -> str:
    """Somebody before the check; gives its address."""
    at = await sit(front, backends, role)
    backends.answers["ReadCheck"] = found
    return f"{at}/signals/{SIGNAL}/check"


@pytest.mark.parametrize("role", ["information_officer", "police_chief"])
async def test_the_police_read_whom_it_is_about_and_answer(front: Front, backends: Backends, role: str) -> None:
    path = await before(front, backends, role, told())
    page = (await front.client.get(path)).text
    assert "Verhoeven" in page
    assert 'name="hold_until-day"' in page
    assert "<textarea" not in page, "there is no field for words"
    answer = await send(front, path, {"answer": "no_objection", "hold_until-day": "3"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    asked = backends.last.request
    assert (asked.signal_id, asked.expected_version, asked.answer, asked.hold_until) == (SIGNAL, 1, "no_objection", "")
    day = {"answer": "hold", "hold_until-day": "3", "hold_until-month": "4", "hold_until-year": "2026"}
    assert (await send(front, path, day)).status_code == 303
    assert (backends.last.request.answer, backends.last.request.hold_until) == ("hold", "2026-04-03")


async def test_a_hold_needs_its_day_and_an_answer_is_one_of_two(front: Front, backends: Backends) -> None:
    path = await before(front, backends, "information_officer", told())
    for typed, field in (({}, "answer"), ({"answer": "suspect"}, "answer"), ({"answer": "hold"}, "hold_until")):
        answer = await send(front, path, typed)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
    assert "AnswerCheck" not in calls_of(backends)
    day = {"answer": "hold", "hold_until-day": "3", "hold_until-month": "4", "hold_until-year": "2036"}
    for error, field in ((HoldOutOfRange(field="hold_until"), "hold_until"), (VersionChanged(), "")):
        backends.answers["AnswerCheck"] = error
        answer = await send(front, path, day)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text or not field


@pytest.mark.parametrize("role", ["mayor", "coordinator"])
async def test_mayor_and_coordinator_read_how_it_stands_and_answer_nothing(
    front: Front, backends: Backends, role: str
) -> None:
    path = await before(front, backends, role, told("held", person=False, hold_until="2026-04-03"))
    page = (await front.client.get(path)).text
    assert "vraagt te wachten tot " in page
    assert 'name="answer"' not in page


async def test_who_may_not_know_of_it_finds_no_page(front: Front, backends: Backends) -> None:
    path = await before(front, backends, "participant", told())
    backends.answers["ReadCheck"] = SignalNotFound()
    assert (await front.client.get(path)).status_code == 404


async def test_the_coordinator_reads_what_asking_does_and_asks(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    path = f"{at}/signals/{SIGNAL}/check/start"
    backends.answers["ReadSignal"] = signal(reporter_id=OTHER)
    page = (await front.client.get(path)).text
    assert "leest naam, geboorte en adres" in page
    answer = await send(front, path, {})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{at}/signals/{SIGNAL}")
    asked = backends.last.request
    assert (asked.signal_id, asked.expected_version) == (SIGNAL, 4)
    backends.answers["ReadSignal"] = signal(reporter_id=OTHER, state="PROPOSED")
    assert (await front.client.get(path)).status_code == 303


@pytest.mark.parametrize(("standing", "said", "proposes"), [
    ("waiting", "heeft tot", "Voorstellen zonder te wachten"), ("late", "had tegen", "Voorstellen zonder te wachten"),
    ("cleared", "geen bezwaar", "Stel voor als casus"), ("held", "vraagt te wachten", ""),
    ("hold_over", "Die dag is voorbij", "Stel voor als casus"),
])  # fmt: skip
async def test_the_signal_tells_the_coordinator_how_the_check_stands(
    front: Front, backends: Backends, standing: str, said: str, proposes: str
) -> None:
    at = await sit(front, backends, "coordinator")
    held = {"hold_until": "2026-04-03"} if "hold" in standing or standing == "held" else {}
    found = signal(reporter_id=OTHER, state="UNDER_CHECK")
    found.check.CopyFrom(told(standing, person=False, **held))
    backends.answers["ReadSignal"] = found
    page = (await front.client.get(f"{at}/signals/{SIGNAL}")).text
    assert said in page
    assert (f"/signals/{SIGNAL}/propose" in page) == bool(proposes)
    assert proposes in page
    form = await front.client.get(f"{at}/signals/{SIGNAL}/propose")
    assert ('name="unchecked"' in form.text) == (standing in ("waiting", "late"))
    assert ('value="no_answer"' in form.text) == (standing == "late")
