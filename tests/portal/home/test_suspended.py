"""A table that the host suspended, as its people find it on their start page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.fields import to_timestamp
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.home.test_home import at_tables
from tests.portal.tables import OTHER, sit


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_table_the_host_suspended_says_what_happened_and_whom_to_call(
    front: Front, backends: Backends, elsewhere: bool
) -> None:
    await sit(front, backends, "participant")
    at_tables(backends, *([front.cell] if elsewhere else []))
    told = backends.answers["ListMyCells"]
    assert isinstance(told, directory_pb.ListMyCellsResponse)
    since = to_timestamp(datetime(2026, 11, 24, 9, tzinfo=UTC))
    told.suspended.add(cell_id=str(OTHER), name="Stilstad", suspended_at=since, suspension_reason="incident")
    text = words((await front.client.get("/")).text)
    assert "De host heeft de tafel van Stilstad geschorst" in text
    assert "Een incident wordt onderzocht." in text
    assert "Niemand van die tafel kan nu iets doen of lezen." in text
    assert ("Je tafel is geschorst" in text) is not elsewhere
    assert "Je zit nog niet aan een tafel" not in text
