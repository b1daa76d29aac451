"""The table of a cell for who sits there, and the promise of secrecy before it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.errors import CellNotFound
from services.kit.fields import to_timestamp
from services.partner_directory.errors import UndertakingTextChanged
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.operations import SOME_ID
from tests.portal.tables import SECOND_TOWN, TOWN, calls_of, send, sit, table

CODE = "23088-26-0001"


def frame(code: str, state: str, **more: object) -> case_pb2.Frame:
    """A case in a list."""
    return case_pb2.Frame(case_id=str(SOME_ID), code=code, nis_code=TOWN, state=state, **more)  # type: ignore[arg-type]


def session(state: str, begins: datetime) -> meeting_pb2.Session:
    """A session of two hours."""
    return meeting_pb2.Session(
        session_id=str(SOME_ID), state=state, starts_at=to_timestamp(begins),
        ends_at=to_timestamp(begins + timedelta(hours=2)),
        place="town_hall",
    )  # fmt: skip


async def test_the_table_shows_who_sits_there_my_cases_and_what_comes(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ListCases"] = case_pb2.ListCasesResponse(
        cases=[frame(CODE, "FOLLOW_UP", minor=True), frame("23088-25-0009", "CLOSED")], next_cursor=str(SOME_ID)
    )
    backends.answers["ListSessions"] = meeting_pb2.ListSessionsResponse(
        sessions=[session("PLANNED", NOW + timedelta(days=3)), session("CLOSED", NOW - timedelta(days=3))]
    )
    page = await front.client.get(at)
    for said in (
        CODE,
        "Opvolging",
        "minderjarig",
        "An Peeters",
        "Nele Claes (jij)",
        "CAW Kanaal",
        "31\u00a0december 2027",
    ):
        assert said in page.text, said
    assert "Casussen die voorbij zijn" in page.text
    assert page.text.index(CODE) < page.text.index("Casussen die voorbij zijn") < page.text.index("23088-25-0009")
    assert "donderdag 5\u00a0maart" in page.text
    assert "vrijdag 27\u00a0februari" not in page.text
    assert f"{at}?after={SOME_ID}" in page.text
    assert "Wet van 30 juli 2018" in page.text
    assert sorted(calls_of(backends)) == ["ListCases", "ListCases", "ListSessions", "ReadTable"]


async def test_secrecy_names_the_law_as_the_register_calls_it_today(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    told = table(SOME_ID, "participant")
    told.speaking.name_nl = "wet Y"
    backends.answers["ReadTable"] = told
    assert "blijft in de kring (wet Y)." in (await front.client.get(at)).text
    page = await front.client.get(at, headers={"Accept-Language": "en"})
    assert "stays in the circle (law X)." in page.text


async def test_first_name_age_and_next_date_stand_beside_the_code(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    milan = case_pb2.Concerned(name="Milan", age=case_pb2.Age(least=16, most=16, minor="minor"))
    about = case_pb2.Concerned(name="Claes", age=case_pb2.Age(least=28, most=32, minor="of_age"), estimated=True)
    comes = to_timestamp(NOW + timedelta(days=3))
    backends.answers["ListCases"] = case_pb2.ListCasesResponse(
        cases=[
            frame("VV-26-003", "SCHEDULED", minor=True, concerned=milan, next_session_at=comes, urgent=True),
            frame("VV-26-002", "FOLLOW_UP", concerned=about, review_on="2026-05-04"), frame("VV-26-001", "LISTED"),
        ]
    )  # fmt: skip
    page = await front.client.get(at)
    first, second, third = re.findall(r"<li>(<a [^>]*/cases/.*?)</li>", page.text, re.DOTALL)
    for said in ("VV-26-003", "Milan, 16 jaar", "Zitting op donderdag 5\u00a0maart om 10\u00a0uur.", "dringend"):
        assert said in first
    for said in ("VV-26-002", "Claes, ongeveer 30 jaar", "Opnieuw te bekijken voor 4\u00a0mei.", "Opvolging"):
        assert said in second
    assert "Milan" not in re.findall("<title>.*?</title>", page.text)[0]
    assert "VV-26-001" in third
    assert 'class="mark"' in page.text, "a page with a name is marked"
    asked = [call.request for call in backends.calls if call.method == "ListCases"]
    assert [(request.time, request.persons) for request in asked[:2]] == [("current", True), ("past", False)]


async def test_of_more_than_a_page_the_codes_alone_stand_there(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    many = [frame(f"VV-26-{number:03}", "LISTED") for number in range(51)]
    for cases, said in ((many[:50], False), (many, True)):
        backends.answers["ListCases"] = case_pb2.ListCasesResponse(cases=cases)
        assert ("staan hier alleen hun codes" in (await front.client.get(at)).text) is said


async def test_mandatory_seats_that_nobody_holds_are_said(front: Front, backends: Backends) -> None:
    page = await front.client.get(await sit(front, backends, "mayor"))
    assert page.text.count("Vrije plaats") == 2
    assert "politie" in page.text
    assert "2 plaatsen zijn vrij" in page.text


@pytest.mark.parametrize(
    ("role", "below", "never"),
    [
        ("coordinator", ("/signals/new", "/signals", "/sessions/new"), ("/log",)),
        ("participant", ("/signals/new", "/signals"), ("/sessions/new", "/log")),
        ("dpo", ("/log",), ("/signals/new", "/sessions/new")),
        ("oversight", ("/log",), ("/signals/new", "/signals", "/sessions/new")),
    ],
)
async def test_each_role_is_offered_what_it_may_do(
    front: Front, backends: Backends, role: str, below: tuple[str, ...], never: tuple[str, ...]
) -> None:
    at = await sit(front, backends, role)
    page = await front.client.get(at)
    assert page.status_code == 200
    assert [address for address in below if f'href="{at}{address}"' not in page.text] == []
    assert [word for word in never if f'href="{at}{word}"' in page.text] == []


@pytest.mark.parametrize(
    ("role", "asked"), [("dpo", ["ListCases", "ListCases", "ReadTable"]), ("oversight", ["ReadTable"])]
)  # fmt: skip
async def test_nobody_asks_what_the_role_may_not_read(
    front: Front, backends: Backends, role: str, asked: list[str]
) -> None:
    await front.client.get(await sit(front, backends, role))
    assert sorted(calls_of(backends)) == asked


async def test_a_cell_of_several_towns_names_them(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant", towns=(TOWN, SECOND_TOWN), mine=(SECOND_TOWN,))
    backends.answers["ListCases"] = case_pb2.ListCasesResponse(cases=[frame(CODE, "LISTED")])
    page = await front.client.get(at)
    assert "Eén tafel voor Dijkgem, Vaartbeke." in page.text
    assert "<p>Vaartbeke. " in page.text


async def test_another_cell_is_the_one_refusal_page(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    assert (await front.client.get(at)).status_code == 200
    backends.answers["ReadTable"] = CellNotFound()
    refused = await front.client.get(at)
    assert refused.status_code == 404
    assert "Vaartbeke" not in refused.text


async def test_invariant_07_the_promise_comes_before_the_table(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant", accepted=False)
    sent_away = await front.client.get(at)
    assert sent_away.status_code == 303
    path = sent_away.headers["location"]
    page = await front.client.get(path, headers={"accept-language": "fr"})
    assert "Version 2026-1" in page.text
    assert "Le texte." in page.text
    answer = await send(front, path, {"accept": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, at)
    assert backends.last.request.text_version == "2026-1"


async def test_the_promise_must_be_ticked(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant", accepted=False)
    answer = await send(front, f"{at}/undertaking?to={at}/signals/new", {})
    assert answer.status_code == 422
    assert 'href="#accept"' in answer.text
    assert "AcceptUndertaking" not in calls_of(backends)
    assert (await send(front, f"{at}/undertaking?to={at}/signals/new", {"accept": "1"})).headers["location"] == (
        f"{at}/signals/new"
    )


async def test_a_text_that_changed_meanwhile_is_shown_anew_and_not_ticked(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant", accepted=False)
    backends.answers["AcceptUndertaking"] = UndertakingTextChanged(field="text_version", expected="2026-2")
    fields = {"accept": "1"}
    changed = table(front.cell, "participant", accepted=False)
    changed.undertaking.version, changed.undertaking.nl = "2026-2", "De nieuwe tekst."
    page = await front.client.get(f"{at}/undertaking")
    assert "De tekst." in page.text
    sent = await send(front, f"{at}/undertaking", fields)
    assert sent.status_code == 422
    assert "Lees hem opnieuw" in sent.text
    assert "checked" not in sent.text
    backends.answers["ReadTable"] = changed
    del backends.answers["AcceptUndertaking"]
    again = await front.client.get(f"{at}/undertaking")
    assert "De nieuwe tekst." in again.text
    assert (await send(front, f"{at}/undertaking", fields)).status_code == 303
    assert backends.last.request.text_version == "2026-2"


@pytest.mark.parametrize("to", ["https://elsewhere.test/", "//elsewhere.test", "/", ""])
async def test_the_promise_leads_to_no_other_site(front: Front, backends: Backends, to: str) -> None:
    at = await sit(front, backends, "participant", accepted=False)
    answer = await send(front, f"{at}/undertaking", {"accept": "1", "to": to})
    assert answer.headers["location"] == at


async def test_who_promised_reads_it_again(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    page = await front.client.get(f"{at}/undertaking")
    assert "De tekst." in page.text
    assert 'name="accept"' not in page.text


async def test_a_running_session_is_shown_even_when_it_lasts_longer(front: Front, backends: Backends) -> None:
    """All of its day: the next day it is over, though nobody closed it."""
    at = await sit(front, backends, "participant")
    for begun, shown in ((NOW - timedelta(hours=5), True), (NOW - timedelta(days=1), False)):
        backends.answers["ListSessions"] = meeting_pb2.ListSessionsResponse(sessions=[session("OPEN", begun)])
        assert (f"{at}/sessions/{SOME_ID}" in (await front.client.get(at)).text) is shown
