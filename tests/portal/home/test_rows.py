"""What waits is told apart, adds up, and says the same as the page it leads to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from services.case.waiting import KINDS, OF_QUESTIONS, OF_SIGNALS
from services.kit.fields import to_timestamp
from services.portal.web.home.minutes import MINUTES, lead, roughly
from services.portal.web.home.waiting import _KINDS as SENTENCES
from services.portal.web.ui.language import Languages
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.case.test_next_step import FOLLOWED, REVIEW, SEATS_ONLY
from tests.portal.conftest import Front
from tests.portal.dossier import CASE, CODE, SESSION, TODAY, case, contribution, frame, open_case, sitting
from tests.portal.home.test_home import at_tables
from tests.portal.sittings import session
from tests.portal.tables import OTHER, TOWN, become, sit

SIGNAL = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4d0"
DUE = (TODAY + timedelta(days=3)).isoformat()


def signal(number: int, hours: int, reporter: str = OTHER, **changed: object) -> pb.Waiting:
    """One of those that wait, told so many hours ago."""
    rightful = {
        "kind": "signal_received", "signal_id": f"{SIGNAL}{number}", "nis_code": TOWN, "reporter_id": reporter,
        "since": to_timestamp(NOW - timedelta(hours=hours)),
    }  # fmt: skip
    return pb.Waiting(**(rightful | changed))  # type: ignore[arg-type]


async def rows_at_home(front: Front, backends: Backends, *waiting: pb.Waiting) -> list[str]:
    """The rows of the start page, each as one line; the lead sentence first."""
    backends.answers["ListWaiting"] = pb.ListWaitingResponse(waiting=waiting)
    page = (await front.client.get("/")).text
    said = re.findall('<p class="lead">(.*?)</p>', page, re.DOTALL)
    rows = re.findall("<li>(.*?)</li>", page[page.index('<div class="band">') :].split("</ul>")[0], re.DOTALL)
    return [words(text) for text in (*said, *rows)]


async def test_two_signals_tell_apart_and_all_add_up(front: Front, backends: Backends) -> None:
    await sit(front, backends, "coordinator")
    at_tables(backends, front.cell, role="coordinator")
    waiting = [signal(1, 1, urgent=True), signal(2, 3), signal(3, 4, minor=True), signal(4, 4, reporter=SESSION)]
    said, *rows = await rows_at_home(front, backends, *waiting)
    assert said == "Maandag 2 maart. Vier dingen, samen ongeveer drie kwartier."
    assert rows == [
        "Bekijk het dringende signaal van Gemeente Vaartbeke"
        " Vaartbeke. Ontvangen op maandag 2 maart om 9 uur. dringend",
        "Bekijk het signaal van Gemeente Vaartbeke Vaartbeke. Ontvangen op maandag 2 maart om 7 uur.",
        "Bekijk het signaal van Gemeente Vaartbeke Vaartbeke. Ontvangen op maandag 2 maart om 6 uur."
        " Over een minderjarige.",
        "Bekijk een nieuw signaal Vaartbeke. Ontvangen op maandag 2 maart om 6 uur.",
    ]


async def test_of_a_session_opened_early_it_is_said_when_it_was_planned(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    early = session(starts_at=to_timestamp(NOW + timedelta(hours=1)))
    backends.answers["ListSessions"] = meeting_pb2.ListSessionsResponse(sessions=[early])
    _said, first, _second = await rows_at_home(front, backends, signal(1, 1))
    assert first == "De zitting is bezig Vaartbeke. Ze was gepland op maandag 2 maart om 11 uur. nu"


async def test_a_session_that_goes_on_stands_first_and_is_not_the_next_one(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    other = SESSION.replace("c14", "c15")
    begins = NOW + timedelta(days=9)
    ahead: dict[str, Any] = {"starts_at": to_timestamp(begins), "ends_at": to_timestamp(begins + timedelta(hours=1))}
    later = session("PLANNED", session_id=other, **ahead)
    backends.answers["ListSessions"] = meeting_pb2.ListSessionsResponse(sessions=[session(), later])
    said, first, second = await rows_at_home(front, backends, signal(1, 1, urgent=True))
    assert first == "De zitting is bezig Vaartbeke. Ze begon om 10 uur. nu"
    assert second.startswith("Bekijk het dringende signaal")
    assert "Twee dingen" in said
    page = (await front.client.get("/")).text
    assert f'href="/cells/{front.cell}/sessions/{session().session_id}"' in page
    card = words(page[page.index("Volgende zitting") :])
    assert card.startswith("Volgende zitting woensdag 11 maart om 10 uur")


async def test_a_table_of_several_towns_names_the_town_too(front: Front, backends: Backends) -> None:
    await sit(front, backends, "coordinator", towns=(TOWN, "23047"))
    at_tables(backends, front.cell, role="coordinator")
    _, row, other = await rows_at_home(front, backends, signal(1, 1), signal(2, 1, nis_code="23047"))
    assert "Vaartbeke. Ontvangen" in row
    assert "Vaartbeke, Dijkgem. Ontvangen" in other


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(2, "enkele minuten"), (5, "vijf minuten"), (15, "een kwartier"), (35, "een half uur"), (60, "een uur"),
     (90, "anderhalf uur"), (170, "3 uur")],
)  # fmt: skip
def test_minutes_are_said_as_people_say_them(minutes: int, said: str) -> None:
    dutch = Languages()["nl"]
    assert roughly(minutes, dutch) == said
    assert lead(1, minutes, dutch) == f"Eén ding, ongeveer {said}."
    assert lead(12, 0, dutch) == "12 dingen."


def test_every_kind_has_its_sentence_and_its_minutes() -> None:
    assert set(SENTENCES) == set(MINUTES) == {*KINDS, *OF_SIGNALS, *OF_QUESTIONS}


LATE = pb.Information(standing="late", day="2026-02-01")
ASKED = [
    ("mayor", "municipality", case("PROPOSED"), [], "case_proposed", "op de lijst komt"),
    ("coordinator", "municipality", case("LISTED", circle=SEATS_ONLY), [], "case_listed", "Stel de kring"),
    ("coordinator", "municipality", case("LISTED"), [], "session_wanted", "Plan een zitting"),
    ("coordinator", "municipality", case(frame=REVIEW, circle=SEATS_ONLY), [], "review_due", "opnieuw"),
    ("mayor", "municipality", case(frame=REVIEW, circle=SEATS_ONLY), [], "review_due", "opnieuw"),
    ("coordinator", "municipality", case("SCHEDULED", information=LATE), [], "information_due", "geïnformeerd is"),
    ("participant", "caw", case(), [sitting()], "contribution_wanted", "inbreng"),
    ("participant", "caw", case(), [], "contribution_wanted", "Er is nog geen zitting gepland"),
    ("participant", "caw", case("LISTED"), [], "contribution_wanted", "Er is nog geen zitting gepland"),
    ("information_officer", "local_police", case(), [sitting()], "contribution_wanted", "inbreng"),
    ("participant", "caw", case(contributions=[contribution()]), [sitting()], "contribution_private",
     "alleen jij ziet het."),
    ("prevention_officer", "municipality", FOLLOWED, [], "action_due",
     "Gezin"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "kind", "found", "sessions", "asked", "same"), ASKED)
async def test_home_and_the_page_of_the_case_say_the_same(
    front: Front, backends: Backends, role: str, kind: str, found: pb.Case, sessions: list[meeting_pb2.CaseSession],
    asked: str, same: str,
) -> None:  # fmt: skip
    """The service answers both by one rule; no page puts it in other words, or says that nothing is asked."""
    path = await open_case(front, backends, found, *sessions, role=role, kind=kind)
    step = words(re.findall('<section class="next".*?</section>', (await front.client.get(path)).text, re.DOTALL)[0])
    become(front, backends, role)
    at_tables(backends, front.cell, role=role)
    waiting = pb.Waiting(
        kind=asked, case_id=CASE, case_code=CODE, nis_code=TOWN, since=to_timestamp(NOW - timedelta(days=1)),
        due_on=DUE if asked in ("review_due", "action_due", "information_due") else "", life_domain="family",
        contribution_id=contribution().contribution_id,
    )  # fmt: skip
    if sessions:
        waiting.session_at.CopyFrom(sessions[0].starts_at)
    _, row = await rows_at_home(front, backends, waiting)
    for said in (step, row):
        assert same.lower() in said.lower()
        assert "niets van je gevraagd" not in said


async def test_where_nothing_is_asked_the_page_says_so(front: Front, backends: Backends) -> None:
    """What the test above looks for is said somewhere."""
    path = await open_case(front, backends, case(frame=frame("FOLLOW_UP"), circle=SEATS_ONLY), role="coordinator")
    assert "niets van je gevraagd" in words((await front.client.get(path)).text)
