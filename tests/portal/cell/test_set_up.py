"""What a table needs: the list that ticks itself, what is said of the cell, the opening, and who is led there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rondetafel.case.v1 import case_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import VersionChanged
from services.kit.fields import to_timestamp
from services.partner_directory.errors import DpiaInFuture, SetUpIncomplete
from services.partner_directory.setup import LINES, NEEDED_SEATS, SeatStanding
from services.portal.web.cell.set_up_routes import SAID
from services.portal.web.ui.cell_labels import SEAT_STANDINGS, SET_UP_LINES
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.home.test_home import at_tables
from tests.portal.tables import OTHER, filled, send, sit

SAYS = ("set_dpia", "set_danger_contact", "change_contact", "change_brand_colour")
SINCE = datetime(2026, 10, 5, 12, tzinfo=UTC)


def told(*done: str, state: str = "SETTING_UP", may: tuple[str, ...] = SAYS, **more: Any) -> pb.SetUp:
    """A set-up in which these lines are done; the button as the service offers it."""
    lines = [
        pb.SetUpLine(
            code=line.code, done=line.code in done, optional=line.optional, roles=sorted(line.roles),
            since=to_timestamp(SINCE) if line.code in done else None,
        )
        for line in LINES
    ]  # fmt: skip
    return pb.SetUp(state=state, version=4, lines=lines, may=may, **more)


EVERY = tuple(line.code for line in LINES if not line.optional)


async def at_set_up(front: Front, backends: Backends, role: str, found: pb.SetUp) -> str:
    """In that role, at a table that is this far."""
    path = await sit(front, backends, role)
    table = backends.answers["ReadTable"]
    assert isinstance(table, pb.Table)
    table.cell.state = found.state
    table.set_up_missing = sum(not line.done and not line.optional for line in found.lines)
    backends.answers["ReadSetUp"] = found
    return path


def test_each_line_has_its_words_and_its_place() -> None:
    codes = {line.code for line in LINES}
    assert set(SET_UP_LINES) == codes
    assert {said.line for said in SAID.values()} == codes - set(NEEDED_SEATS) - {"rules", "deputy"}
    assert set(SEAT_STANDINGS) == set(SeatStanding)


async def test_the_list_says_what_is_done_and_leads_where_it_is_done(front: Front, backends: Backends) -> None:
    path = await at_set_up(front, backends, "coordinator", told("mayor", "dpia"))
    text = (await front.client.get(f"{path}/set-up")).text
    assert "2 van 9 zijn in orde." in words(text)
    assert "in orde sinds 5 oktober 2026" in words(text)
    assert words(text).count("ontbreekt nog") == 7
    assert "Door: coördinator, burgemeester." in words(text)
    for address in ("mandates", "rules", "set-up/dpia", "set-up/danger", "set-up/contact", "set-up/colour"):
        assert f'href="{path}/{address}"' in text
    assert 'method="post"' not in text.partition("<main")[2].partition("</main")[0]


async def test_a_seat_that_nobody_holds_says_how_far_it_is(front: Front, backends: Backends) -> None:
    found = told(*EVERY[2:])
    town = found.lines[0]
    assert town.code == "mayor"
    town.missing_nis_codes.append("24001")
    town.seats.add(nis_code="24001", standing="unsworn")
    path = await at_set_up(front, backends, "coordinator", found)
    text = words((await front.client.get(f"{path}/set-up")).text)
    assert "Er is iemand aangemeld, die nog geen geheimhouding beloofde. Door:" in text
    town.seats[0].standing = "invited"
    assert "Er is iemand uitgenodigd, die nog niet gekomen is." in words(
        (await front.client.get(f"{path}/set-up")).text
    )


async def test_the_data_protection_officer_finds_the_own_line(front: Front, backends: Backends) -> None:
    path = await at_set_up(front, backends, "dpo", told(may=("set_dpia",)))
    text = (await front.client.get(f"{path}/set-up")).text
    assert f'href="{path}/set-up/dpia"' in text
    assert f'href="{path}/mandates"' not in text
    assert (await front.client.get(f"{path}/set-up/dpia")).status_code == 200
    for other in ("danger", "contact", "colour", "nothing"):
        assert (await front.client.get(f"{path}/set-up/{other}")).status_code == 404


@pytest.mark.parametrize("role", ["participant", "information_officer", "oversight"])
async def test_who_sets_up_nothing_finds_no_such_page(front: Front, backends: Backends, role: str) -> None:
    path = await at_set_up(front, backends, "coordinator", told())
    assert (await front.client.get(f"{path}/set-up")).status_code == 200
    path = await at_set_up(front, backends, role, told())
    assert (await front.client.get(f"{path}/set-up")).status_code == 404
    assert (await front.client.get(f"{path}/set-up/dpia")).status_code == 404


async def test_the_button_opens_the_table(front: Front, backends: Backends) -> None:
    path = await at_set_up(front, backends, "coordinator", told(*EVERY, may=(*SAYS, "open_table")))
    sent = await send(front, f"{path}/set-up")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}/set-up?done=opened")
    assert (backends.last.method, backends.last.metadata["rondetafel-cell"]) == ("OpenTable", str(front.cell))
    backends.answers["ReadSetUp"] = told(*EVERY, state="ACTIVE", opened_at=to_timestamp(SINCE))
    text = words((await front.client.get(f"{path}/set-up?done=opened")).text)
    assert "De tafel is open. Vanaf nu kunnen er casussen voorgesteld worden." in text
    assert "Deze tafel is open sinds 5 oktober 2026 en heeft alles wat ze nodig heeft." in text


async def test_a_mayor_reads_who_opens_it_and_finds_no_button(front: Front, backends: Backends) -> None:
    path = await at_set_up(front, backends, "mayor", told(*EVERY, may=()))
    text = (await front.client.get(f"{path}/set-up")).text
    assert "Alles is er. De coördinator opent de tafel." in words(text)
    assert "Open de tafel" not in words(text)


async def test_something_fell_away_before_it_was_opened(front: Front, backends: Backends) -> None:
    path = await at_set_up(front, backends, "coordinator", told(*EVERY, may=(*SAYS, "open_table")))
    form = await filled(front, f"{path}/set-up")
    backends.answers |= {"OpenTable": SetUpIncomplete(field="lines", expected="first dpia"), "ReadSetUp": told()}
    answer = await front.client.post(f"{path}/set-up", data=form)
    assert answer.status_code == 422
    assert "Er ontbreekt nog iets dat deze tafel nodig heeft. Kijk in de lijst." in words(answer.text)


SAYINGS = {
    "dpia": (
        {"reference": " GEB  2026/4 ", "on-day": "5", "on-month": "10", "on-year": "2026"},
        pb.SetDpiaRequest(expected_version=4, reference="GEB  2026/4", on="2026-10-05"),
    ),
    "danger": (
        {"danger_contact": "Wacht, 016 00 00 00"},
        pb.SetDangerContactRequest(expected_version=4, danger_contact="Wacht, 016 00 00 00"),
    ),
    "contact": (
        {"contact": "veiligheid@vaartbeke.example"},
        pb.ChangeContactRequest(expected_version=4, contact="veiligheid@vaartbeke.example"),
    ),
    "colour": ({"brand_colour": "#1b6c68"}, pb.ChangeBrandColourRequest(brand_colour="#1b6c68")),
}  # fmt: skip


@pytest.mark.parametrize("what", SAYINGS)
async def test_what_is_said_goes_to_the_service_as_it_was_read(front: Front, backends: Backends, what: str) -> None:
    path = await at_set_up(front, backends, "coordinator", told())
    typed, asked = SAYINGS[what]
    sent = await send(front, f"{path}/set-up/{what}", typed)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}/set-up?done=said")
    assert backends.last.request == asked


async def test_what_is_said_already_stands_in_the_form(front: Front, backends: Backends) -> None:
    found = told(
        "dpia", dpia_reference="GEB 4", dpia_on="2026-10-05", danger_contact="Wacht", contact="a@b.example",
        brand_colour="#1b6c68",
    )  # fmt: skip
    path = await at_set_up(front, backends, "coordinator", found)
    for what, shown in (
        ("dpia", ('value="GEB 4"', 'value="2026"')), ("danger", (">Wacht<",)), ("contact", ('value="a@b.example"',)),
        ("colour", ('value="#1b6c68"',)),
    ):  # fmt: skip
        text = (await front.client.get(f"{path}/set-up/{what}")).text
        assert all(part in text for part in shown), what


@pytest.mark.parametrize(
    ("what", "typed", "said"),
    [
        ("dpia", {"on-day": "5", "on-month": "10", "on-year": "2026"}, "Schrijf waar ze te vinden is"),
        ("dpia", {"reference": "GEB 4"}, "Schrijf van welke dag ze is."),
        ("danger", {}, "Schrijf wie je bereikt, en hoe."),
        ("danger", {"danger_contact": "x" * 201}, "nu zijn het er 201"),
        ("contact", {}, "Schrijf een e-mailadres van de gemeente."),
        ("contact", {"contact": "gemeente"}, "e-mailadres"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    front: Front, backends: Backends, what: str, typed: dict[str, str], said: str
) -> None:
    path = await at_set_up(front, backends, "coordinator", told())
    answer = await send(front, f"{path}/set-up/{what}", typed)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert all(value in answer.text for value in typed.values())


async def test_what_the_service_refuses_stands_at_its_field_too(front: Front, backends: Backends) -> None:
    path = await at_set_up(front, backends, "coordinator", told())
    backends.answers["SetDpia"] = DpiaInFuture(field="on", expected="today or before")
    answer = await send(front, f"{path}/set-up/dpia", SAYINGS["dpia"][0])
    assert answer.status_code == 422
    assert 'href="#on"' in answer.text
    backends.answers["SetDangerContact"] = VersionChanged(field="expected_version", expected="the version last read")
    answer = await send(front, f"{path}/set-up/danger", SAYINGS["danger"][0])
    assert answer.status_code == 422
    assert "Wacht, 016 00 00 00" in answer.text


@pytest.mark.parametrize(("role", "led"), [("coordinator", True), ("mayor", True), ("participant", False)])
async def test_the_table_and_the_start_lead_there(front: Front, backends: Backends, role: str, led: bool) -> None:
    path = await at_set_up(front, backends, role, told("mayor"))
    at_tables(backends, front.cell, role=role)
    for page in (path, "/"):
        assert (f'href="{path}/set-up"' in (await front.client.get(page)).text) is led, page
    assert "Deze tafel wordt ingericht." in words((await front.client.get(path)).text)
    path = await at_set_up(front, backends, role, told(*EVERY[1:], state="ACTIVE"))
    for page in (path, "/"):
        assert (f'href="{path}/set-up"' in (await front.client.get(page)).text) is led, page
    path = await at_set_up(front, backends, role, told(*EVERY, state="ACTIVE"))
    for page in (path, "/"):
        assert f'href="{path}/set-up"' not in (await front.client.get(page)).text, page


async def test_a_signal_says_why_it_cannot_be_proposed_yet(front: Front, backends: Backends) -> None:
    path = await at_set_up(front, backends, "coordinator", told())
    signal = case_pb2.Signal(
        signal_id=OTHER, state="RECEIVED", nis_code="23088", version=1, reporter_id=OTHER, observed="Stil.",
        person=case_pb2.PersonConcerned(given_name="Robin"), received_at=to_timestamp(SINCE),
    )  # fmt: skip
    backends.answers["ReadSignal"] = signal
    text = (await front.client.get(f"{path}/signals/{OTHER}")).text
    assert "Deze tafel wordt nog ingericht. Zodra ze open is, kun je dit signaal als casus voorstellen." in words(text)
    assert f'href="{path}/set-up"' in text
    assert f"{path}/signals/{OTHER}/propose" not in text
    assert (await front.client.get(f"{path}/signals/{OTHER}/propose")).status_code == 404
    assert "ProposeCase" not in {call.method for call in backends.calls}
    path = await at_set_up(front, backends, "coordinator", told(*EVERY, state="ACTIVE"))
    text = (await front.client.get(f"{path}/signals/{OTHER}")).text
    assert f"{path}/signals/{OTHER}/propose" in text


async def test_whom_to_reach_stands_below_the_emergency_numbers(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant")
    table = backends.answers["ReadTable"]
    assert isinstance(table, pb.Table)
    table.cell.danger_contact = "Wachtdienst <preventie>, 016 00 00 00"
    at_tables(backends, front.cell, role="participant")
    for page in (f"{path}/signals/new", "/help"):
        text = (await front.client.get(page)).text
        assert "Wachtdienst &lt;preventie&gt;, 016 00 00 00" in text.partition('href="tel:101"')[2], page
