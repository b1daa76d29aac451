"""Who looks at logs and sits nowhere finds first what they prove."""

from __future__ import annotations

from uuid import uuid4

import pytest

from rondetafel.audit.v1 import audit_pb2
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.home.test_home import at_tables
from tests.portal.tables import become, calls_of, sit


def logged(backends: Backends, size: int, findings: int = 0) -> None:
    """What each log tells."""
    backends.answers["SearchAudit"] = audit_pb2.SearchAuditResponse(log_size=size, findings_open=findings)


@pytest.mark.parametrize("role", ["dpo", "oversight"])
async def test_the_start_page_begins_with_the_proof(front: Front, backends: Backends, role: str) -> None:
    await sit(front, backends, role)
    at_tables(backends, front.cell, role=role)
    logged(backends, 1204)
    page = (await front.client.get("/")).text
    assert "In het logboek van Vaartbeke ontbreekt niets" in page
    assert "In totaal 1.204 handelingen." in words(page)
    assert page.index("ontbreekt niets") < page.index("Mijn tafels</h2>")
    assert f'href="/cells/{front.cell}/log"' in page
    (asked,) = [call.request for call in backends.calls if call.method == "SearchAudit"]
    assert asked == audit_pb2.SearchAuditRequest(page_size=1)


async def test_what_a_log_cannot_explain_is_said_in_its_place(front: Front, backends: Backends) -> None:
    await sit(front, backends, "oversight")
    at_tables(backends, front.cell, role="oversight")
    logged(backends, 9, findings=2)
    page = (await front.client.get("/")).text
    assert "2 dingen die het logboek van Vaartbeke niet verklaart" in page
    assert "ontbreekt niets" not in page
    assert "proof--heed" in page


async def test_several_logs_are_one_sentence(front: Front, backends: Backends) -> None:
    await sit(front, backends, "oversight")
    at_tables(backends, front.cell, uuid4(), uuid4(), role="oversight")
    logged(backends, 100)
    page = words((await front.client.get("/")).text)
    assert "In 3 logboeken ontbreekt niets" in page
    assert "In totaal 300 handelingen." in page


async def test_who_sits_at_the_table_finds_what_waits(front: Front, backends: Backends) -> None:
    await sit(front, backends, "oversight")
    at_tables(backends, front.cell, role="oversight")
    logged(backends, 9)
    assert "ontbreekt niets" in (await front.client.get("/")).text
    for role, accepted in (("coordinator", True), ("participant", True), ("oversight", False)):
        become(front, backends, role, accepted=accepted)
        at_tables(backends, front.cell, role=role, accepted=accepted)
        backends.calls.clear()
        assert "ontbreekt niets" not in (await front.client.get("/")).text
        assert "SearchAudit" not in calls_of(backends)
