"""What is longer than one bound of a page, or stands in hundreds of tables: told, in order, and found."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.fields import MAX_PAGE, to_timestamp
from services.portal.web.request.whole import MOST_PAGES, PAGE
from tests.kit.issuer import NOW
from tests.portal import sittings
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import OTHER, sit, table
from tests.portal.test_long_lists import ENGLISH, MORE, cases, nth

TABLES = 200


async def test_the_thousandth_case_of_a_year_comes_after_the_one_before(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    found, codes = cases(4), ["VV-26-1000", "VV-26-999", "VV-26-1001", "VV-25-1002"]
    for case, code in zip(found.cases, codes, strict=True):
        case.code = code
    backends.answers["ListCases"] = found
    page = (await front.client.get(f"{at}/sessions/new")).text
    places = {code: page.index(code) for code in codes}
    assert sorted(codes, key=places.__getitem__) == ["VV-25-1002", "VV-26-999", "VV-26-1000", "VV-26-1001"]


async def test_the_item_of_a_session_tells_that_earlier_sessions_were_not_read(
    front: Front, backends: Backends
) -> None:
    path = await sittings.open_item(front, backends, "coordinator")
    found = sittings.case()
    found.actions.add(action_id=nth(1), owner_id=OTHER, due_on="2026-12-01", life_domain="leisure", state="AGREED")
    backends.answers["ReadCase"] = found
    for count, cut in ((3, False), (MOST_PAGES * PAGE + 1, True)):
        backends.answers["ListCaseSessions"] = meeting_pb2.ListCaseSessionsResponse(
            sessions=[meeting_pb2.CaseSession(session_id=nth(number), state="OPEN") for number in range(count)]
        )
        for address in (path, f"{path}?part=reading"):
            page = (await front.client.get(address, headers=ENGLISH)).text
            assert "What is agreed" in page
            assert ("more sessions than are read here" in page) is cut


async def test_hundreds_of_own_tables_all_stand_there(front: Front, backends: Backends) -> None:
    """Whoever sits in every town of a province: no table is left out of the start page, the sessions or the help."""
    await front.sign_in()
    tables = [table(UUID(nth(number)), "coordinator") for number in range(TABLES)]
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=[told.cell for told in tables])
    backends.answers |= {f"ReadTable {told.cell.cell_id}": told for told in tables}
    backends.answers |= {
        f"ListSessions {told.cell.cell_id}": meeting_pb2.ListSessionsResponse(
            sessions=[
                meeting_pb2.Session(
                    session_id=nth(TABLES + number), state="PLANNED", place="town_hall",
                    starts_at=to_timestamp(NOW + timedelta(days=1)), ends_at=to_timestamp(NOW + timedelta(days=2)),
                )
            ]
        )
        for number, told in enumerate(tables)
    }  # fmt: skip
    home = (await front.client.get("/")).text
    assert [number for number in range(TABLES) if f'href="/cells/{nth(number)}"' not in home] == []
    coming = (await front.client.get("/sessions", headers=ENGLISH)).text
    assert [number for number in range(TABLES) if f"/sessions/{nth(TABLES + number)}" not in coming] == []
    assert MORE not in coming


async def test_ones_own_contribution_is_found_behind_any_number_of_others(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    found = sittings.case(may=["write_contribution"])
    theirs, mine = found.contributions
    mine.may.append("revise_contribution")
    mine.stage = "draft"
    del found.contributions[:]
    found.contributions.extend([theirs] * (MAX_PAGE * (MOST_PAGES + 2)))
    found.contributions.append(mine)
    backends.answers["ReadCase"] = found
    address = f"{at}/cases/{sittings.CASE}/contribution"
    assert (await front.client.get(address)).headers["location"] == f"{address}/{mine.contribution_id}"
    assert "Nog voor mij." in (await front.client.get(f"{address}/{mine.contribution_id}/text")).text
