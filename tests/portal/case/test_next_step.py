"""The one next step on the page of a case: what the case asks, as a sentence with its button."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.dossier import CASE, DRAFT, SESSION, TODAY, case, contribution, frame, open_case, sitting
from tests.portal.tables import ME

SEATS_ONLY = case().circle[:4]
MINE = contribution()
TO_SPEAK = "Bereid je inbreng voor."
HERE = f"/sessions/{SESSION}"
REVIEW = frame("FOLLOW_UP", review_on=(TODAY + timedelta(days=9)).isoformat())
SOON = (TODAY + timedelta(days=3)).isoformat()
MY_ACTION = [pb.Action(action_id=DRAFT, life_domain="family", owner_id=ME, due_on=SOON, state="BUSY")]
FOLLOWED = case("FOLLOW_UP", actions=MY_ACTION, circle=SEATS_ONLY)
ALREADY = "je kunt al voorbereiden"
PLANNING = f"/sessions/new?case={CASE}"
STEPS = [
    ("participant", "caw", case(), [sitting()], f"bespreekt de tafel deze casus. {TO_SPEAK}", "/contribution"),
    ("participant", "caw", case("FOLLOW_UP"), [sitting()], f"kijkt de tafel hoe het gaat. {TO_SPEAK}", "/contribution"),
    ("information_officer", "local_police", case(), [sitting()], TO_SPEAK, "/contribution"),
    ("participant", "caw", case(contributions=[MINE]), [sitting()], "Je bewaarde iets", f"/contribution/{DRAFT}"),
    ("participant", "caw", case(declined=True), [sitting()], "Je hebt deze keer niets te delen.", "/contribution"),
    ("participant", "caw", case(), [sitting(state="OPEN")], "De zitting is bezig.", HERE),
    (
        "participant",
        "caw",
        case(),
        [sitting(NOW - timedelta(days=1), "OPEN")],
        "je kunt al voorbereiden",
        "/contribution",
    ),
    ("participant", "caw", case("LISTED"), [], ALREADY, "/contribution"),
    ("information_officer", "local_police", case("LISTED", circle=SEATS_ONLY), [], "stelt de kring samen", ""),
    ("mayor", "municipality", case("PROPOSED"), [], "Lees het voorstel en beslis", "/list"),
    ("mayor", "municipality", case(frame=frame("PROPOSED", urgent=True)), [], "Het is dringend. Lees nu", "/list"),
    ("coordinator", "municipality", case(frame=REVIEW), [], "Plan een zitting.", PLANNING),
    ("mayor", "municipality", case(frame=REVIEW), [], "De coördinator plant er een zitting voor.", ""),
    (
        "prevention_officer",
        "municipality",
        case("FOLLOW_UP", actions=MY_ACTION, circle=SEATS_ONLY),
        [],
        "Gezin",
        "#plan",
    ),
    ("coordinator", "municipality", case("PROPOSED"), [], "De burgemeester beslist", ""),
    ("coordinator", "municipality", case("LISTED", circle=SEATS_ONLY), [], "Wie moet er voor deze casus", "/circle"),
    (
        "coordinator",
        "municipality",
        case("LISTED"),
        [],
        "De kring is er. Plan een zitting.",
        f"/sessions/new?case={CASE}",
    ),
    ("coordinator", "municipality", case(circle=SEATS_ONLY), [sitting()], "bespreekt de tafel deze casus.", HERE),
    ("participant", "caw", case("REFUSED"), [], "zette deze casus niet op de lijst", ""),
    ("coordinator", "municipality", case("ON_HOLD"), [], "staat in de wacht", ""),
    ("participant", "caw", case("CLOSED"), [], "volgt deze casus niet meer op", ""),
]


@pytest.mark.parametrize(("role", "kind", "found", "sessions", "sentence", "address"), STEPS)
async def test_one_sentence_says_what_is_next(
    front: Front, backends: Backends, role: str, kind: str, found: pb.Case, sessions: list[meeting_pb2.CaseSession],
    sentence: str, address: str,
) -> None:  # fmt: skip
    page = await front.client.get(await open_case(front, backends, found, *sessions, role=role, kind=kind))
    step = re.findall('<section class="next".*?</section>', page.text, re.DOTALL)[0]
    assert sentence in words(step)
    links = re.findall('<a [^>]*href="([^"]*)"', step)
    assert links[0].endswith(address) if address else links == []
    assert step.count('class="govuk-button"') <= 1
