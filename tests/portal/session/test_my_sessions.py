"""Sessions over all my tables: those that go on first, those to come, and where there are none to be seen."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from rondetafel.meeting.v1 import meeting_pb2 as pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.sittings import (
    CASE,
    SESSION,
    session,
)
from tests.portal.tables import calls_of

ENGLISH = {"accept-language": "en"}
CELLS = ("01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4d01", "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4d02")


def my_cell(cell_id: str, *roles: str, name: str = "Vaartbeke", accepted: bool = True) -> directory_pb.MyCell:
    return directory_pb.MyCell(cell_id=cell_id, name=name, roles=roles, undertaking_accepted=accepted)


async def test_all_my_sessions_those_to_come_first(front: Front, backends: Backends) -> None:
    await front.sign_in()
    cells = [my_cell(CELLS[0], "coordinator"), my_cell(CELLS[1], "participant")]
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=cells)
    frame = session(state="PLANNED", items=[])
    over = session(state="CLOSED", session_id=CASE, starts_at=to_timestamp(NOW - timedelta(days=30)), items=[])
    backends.answers["ListSessions"] = pb.ListSessionsResponse(sessions=[over, frame])
    page = (await front.client.get("/sessions", headers=ENGLISH)).text
    for cell in CELLS:
        assert page.index(f"/cells/{cell}/sessions/{SESSION}") < page.index(f'"/cells/{cell}/sessions"')
        assert f"/cells/{cell}/sessions/{CASE}" not in page
    assert f"/cells/{CELLS[0]}/sessions/new" in page
    assert f"/cells/{CELLS[1]}/sessions/new" not in page
    assert "from 10:00 to 11:30" in page
    assert "Monday 2\u00a0March" in page
    assert "Town hall" in page
    assert sorted(calls_of(backends)) == ["ListMyCells", "ListSessions", "ListSessions"]


async def test_tables_stand_in_the_order_of_their_names_in_the_readers_language(
    front: Front, backends: Backends
) -> None:
    await front.sign_in()
    names = ("Zonnebeke", "asbl", "Luik", "Île", "Huy", "Hélécine")
    cells = [my_cell(str(uuid4()), "coordinator", name=name) for name in names]
    cells[2].towns.add(nis_code="62063", name="Luik", name_fr="Liège", name_de="Lüttich", name_en="Liège")
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=cells)
    backends.answers["ListSessions"] = pb.ListSessionsResponse()
    page = (await front.client.get("/sessions", headers={"accept-language": "fr"})).text
    planned = re.findall(r"/sessions/new.*<small>([^<]*)", page)
    assert planned == ["asbl", "Hélécine", "Huy", "Île", "Liège", "Zonnebeke"]


async def test_no_table_is_asked_that_would_refuse(front: Front, backends: Backends) -> None:
    await front.sign_in()
    cells = [my_cell(CELLS[0], "participant", accepted=False), my_cell(CELLS[1], "dpo")]
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=cells)
    page = await front.client.get("/sessions", headers=ENGLISH)
    assert page.status_code == 200
    assert "You see no sessions here" in page.text
    assert "No session is planned" not in page.text
    assert calls_of(backends) == ["ListMyCells"]


async def test_who_sits_at_one_table_and_not_at_another_reads_which_sessions_are_not_shown(
    front: Front, backends: Backends
) -> None:
    await front.sign_in()
    cells = [my_cell(CELLS[0], "participant"), my_cell(CELLS[1], "dpo")]
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=cells)
    backends.answers["ListSessions"] = pb.ListSessionsResponse()
    page = (await front.client.get("/sessions", headers=ENGLISH)).text
    assert "No session is planned" in page
    assert "Of the tables where you do not sit" in page
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=cells[:1])
    assert "Of the tables where" not in (await front.client.get("/sessions", headers=ENGLISH)).text


async def test_a_running_session_stands_first_and_is_marked(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=[my_cell(CELLS[0], "participant")])
    later = session("PLANNED", session_id=CASE, items=[], starts_at=to_timestamp(NOW - timedelta(hours=1)))
    running = session("OPEN", items=[], starts_at=to_timestamp(NOW))
    backends.answers["ListSessions"] = pb.ListSessionsResponse(sessions=[later, running])
    page = (await front.client.get("/sessions", headers=ENGLISH)).text
    assert page.index("The table sits now") < page.index(f"sessions/{SESSION}") < page.index(f"sessions/{CASE}")
    assert page.count(f"sessions/{SESSION}") == 1
    backends.answers["ListSessions"] = pb.ListSessionsResponse(sessions=[running])
    page = (await front.client.get("/sessions", headers=ENGLISH)).text
    assert "No session is planned" not in page
