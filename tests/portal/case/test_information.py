"""Whether the person concerned is informed: how it stands for the circle, and what the coordinator says of it."""

from __future__ import annotations

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.case.errors import InformationOutOfRange
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.dossier import AN, CASE, case, open_case
from tests.portal.tables import calls_of, send

AT = to_timestamp(NOW)
WAITING = pb.Information(standing="waiting", day="2026-03-30")
STANDS = [
    (WAITING, "Er is tijd tot en met 30 maart."),
    (pb.Information(standing="late", day="2026-02-01"), "Had moeten gebeuren tegen 1 februari."),
    (
        pb.Information(standing="informed", day="2026-02-20", said_by=AN, said_at=AT),
        "Geïnformeerd op 20 februari, zei An Peeters op",
    ),
    (
        pb.Information(standing="postponed", day="2026-04-30", why="safety", said_by=AN, said_at=AT),
        "Uitgesteld tot en met 30 april (het zou iemand in gevaar brengen), zei An Peeters op",
    ),
    (
        pb.Information(standing="late", day="2026-02-28", why="interest", said_by=AN, said_at=AT),
        "Die dag is voorbij.",
    ),
]


async def as_coordinator(front: Front, backends: Backends) -> str:
    """Before a listed case of which nothing was said yet."""
    backends.answers["NoteInformation"] = kit_pb2.Receipt(id=CASE, state="LISTED", version=5)
    found = case("LISTED", information=WAITING)
    return await open_case(front, backends, found, role="coordinator", kind="municipality")


@pytest.mark.parametrize(("stands", "said"), STANDS)
async def test_the_circle_reads_how_it_stands_and_the_coordinator_says_it(
    front: Front, backends: Backends, stands: pb.Information, said: str
) -> None:
    for role, kind, says in (("participant", "caw", False), ("coordinator", "municipality", True)):
        path = await open_case(front, backends, case("LISTED", information=stands), role=role, kind=kind)
        page = await front.client.get(path)
        assert said in words(page.text), role
        assert (f'href="{path}/information"' in page.text) == says, role
        assert (await front.client.get(f"{path}/information")).status_code == (200 if says else 404), role


async def test_of_a_case_that_was_never_listed_nothing_is_said(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case("PROPOSED"))
    assert "geïnformeerd" not in words((await front.client.get(path)).text)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (("informed", "20", "2"), ("informed", "2026-02-20", "")),
        (("postponed", "30", "4"), ("postponed", "2026-04-30", "interest")),
    ],
)
async def test_what_is_said_goes_to_the_service(
    front: Front, backends: Backends, typed: tuple[str, str, str], asked: tuple[str, str, str]
) -> None:
    path = await as_coordinator(front, backends)
    sent = await send(front, f"{path}/information", form(*typed, why="interest"))
    assert (sent.status_code, sent.headers["location"]) == (303, path)
    answer, day, why = asked
    assert backends.last.request == pb.NoteInformationRequest(
        case_id=CASE, expected_version=4, answer=answer, day=day, why=why
    )


def form(answer: str = "", day: str = "", month: str = "", year: str = "2026", **more: str) -> dict[str, str]:
    """What is typed; of a day its three fields."""
    typed = {"answer": answer} if answer else {}
    return typed | ({"day-day": day, "day-month": month, "day-year": year} if day else {}) | more


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (form(), "Kies een van de twee antwoorden."),
        (form("informed"), "Schrijf op welke dag het gebeurd is."),
        (form("postponed", why="safety"), "Schrijf tot welke dag het uitgesteld is."),
        (form("postponed", "30", "4"), "Kies waarom."),
    ],
)
async def test_what_is_missing_is_said_at_its_field(
    front: Front, backends: Backends, typed: dict[str, str], said: str
) -> None:
    path = await as_coordinator(front, backends)
    answer = await send(front, f"{path}/information", typed)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert "NoteInformation" not in calls_of(backends)


async def test_a_day_that_does_not_fit_is_said_at_the_day(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
    backends.answers["NoteInformation"] = InformationOutOfRange(field="day", expected="today or before")
    answer = await send(front, f"{path}/information", form("informed", "20", "2", "2027"))
    assert answer.status_code == 422
    assert "Deze dag past niet." in words(answer.text)
    assert 'value="2027"' in answer.text, "what was typed stays"
