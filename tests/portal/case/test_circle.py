"""The circle: everybody in it sees who else is, and until when."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.case.circle_view import CircleView
from services.portal.web.ui.language import Languages
from services.portal.web.ui.table import TableView
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.dossier import CASE, SOFIE, TODAY, case, frame, open_case
from tests.portal.tables import TOWN, calls_of, filled, table

DUTCH = Languages()["nl"]


async def as_coordinator(front: Front, backends: Backends, found: pb.Case | None = None) -> str:
    """Before the circle of this case, as its coordinator."""
    path = await open_case(front, backends, found or case("LISTED"), role="coordinator", kind="municipality")
    return f"{path}/circle"


async def test_everybody_in_it_sees_who_sits_and_until_when(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case("LISTED")) + "/circle"
    backends.calls.clear()
    page = await front.client.get(path)
    said = words(page.text)
    assert sorted(calls_of(backends)) == ["ReadCase", "ReadTable"]
    for text in (
        "Burgemeester Lieve Martens", "Politie Karim Haddad", "Nele Claes (jij)", "Wout Lammens Jeugdhuis De Sluis",
        "Kent hem goed. (uitgenodigd door An Peeters)", "tot en met 31 mei", "School en opleiding nog niemand",
        "Zeg het aan de coördinator: An Peeters.",
    ):  # fmt: skip
        assert text in said, text
    assert f"{path}/invite" not in page.text
    assert (await front.client.get(f"{path}/invite")).status_code == 404
    assert (await send_with_csrf(front, path)).status_code == 404
    assert "InviteToCircle" not in calls_of(backends)


async def send_with_csrf(front: Front, path: str) -> httpx.Response:
    """The invitation, sent by somebody who has no page for it."""
    hidden = await filled(front, path.removesuffix("/circle") + "/contribution", {})
    return await front.client.post(f"{path}/invite", data={**hidden, "person_id": SOFIE, "version": "4"})


@pytest.mark.parametrize("state", ["PROPOSED", "RESTRICTED", "CLOSED"])
async def test_nobody_is_invited_to_what_the_table_does_not_work_on(
    front: Front, backends: Backends, state: str
) -> None:
    for found, status in ((case("LISTED"), 200), (case(state), 404)):
        path = await as_coordinator(front, backends, found)
        page = await front.client.get(path)
        assert page.status_code == 200
        assert (f'href="{path}/invite"' in page.text) == (status == 200)
        assert (await front.client.get(f"{path}/invite")).status_code == status


async def test_who_sees_the_frame_by_role_alone_does_not_see_the_circle(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
    assert (await front.client.get(path)).status_code == 200
    path = await as_coordinator(front, backends, pb.Case(frame=frame("LISTED"), parts=["frame"]))
    assert (await front.client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("age", "minor", "first"),
    [
        (pb.Age(least=16, most=16, minor="minor"), True, "school_and_training"),
        (pb.Age(least=47, most=47, minor="of_age"), False, "family"),
        (pb.Age(), True, "school_and_training"),
        (pb.Age(), False, "family"),
    ],
)
def test_what_is_asked_first_fits_the_person(age: pb.Age, minor: bool, first: str) -> None:
    found = pb.Case(frame=pb.Frame(nis_code=TOWN, minor=minor, stage="at_the_table"), age=age)
    circle = CircleView(TableView(table(UUID(CASE), "mayor"), DUTCH), found, DUTCH, TODAY)
    assert circle.gap is not None
    assert circle.gap.code == first
    found.frame.stage = "over"
    assert CircleView(TableView(table(UUID(CASE), "mayor"), DUTCH), found, DUTCH, TODAY).gap is None
