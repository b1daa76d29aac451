"""The log of a cell, searched by its data protection officer and by oversight."""

from __future__ import annotations

import importlib
import json
import re
from uuid import uuid4

import pytest

from rondetafel.audit.v1 import audit_pb2
from rondetafel.case.v1 import case_pb2
from services.kit.errors import RoleMissing
from services.kit.fields import to_timestamp
from services.portal.web.log.acts import ACTS
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import ME, OTHER, calls_of, sit
from tests.rules.sources import DOMAIN

CASE, CODE = "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10", "23088-26-0014"


def entry(
    action: str = "read_case", outcome: str = "allow", actor: str = OTHER, trace: str = "", minute: int = 20
) -> audit_pb2.Entry:
    """An act as the log tells it."""
    leaf = {
        "action": action, "actor": actor, "at": f"2026-11-24T13:{minute}:00.000Z", "id": str(uuid4()), "objects": [],
        "outcome": outcome, "trace_id": trace, "verb": "consult",
    }  # fmt: skip
    return audit_pb2.Entry(index=4, leaf=json.dumps(leaf), actor_id=actor, object_ids=[CASE])


def logged(backends: Backends, *entries: audit_pb2.Entry, **more: object) -> None:
    """What the search finds."""
    backends.answers["SearchAudit"] = audit_pb2.SearchAuditResponse(entries=entries, log_size=1204, **more)  # type: ignore[arg-type]
    backends.answers["ListCases"] = case_pb2.ListCasesResponse(cases=[case_pb2.Frame(case_id=CASE, code=CODE)])


async def test_who_did_what_about_which_case_and_when(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    logged(backends, entry(), entry("share_contribution", "deny"))
    page = await front.client.get(f"{at}/log")
    assert "An Peeters</th>" in page.text
    assert "opende een casus" in page.text
    assert "deelde een inbreng: geweigerd" in page.text
    assert f"<code>{CODE}</code>" in page.text
    assert "dinsdag 24\u00a0november om 14.20\u00a0uur" in page.text
    assert "1.204 handelingen" in page.text
    assert sorted(calls_of(backends)) == ["ListCases", "ReadTable", "SearchAudit"]


async def test_the_acts_of_one_page_stand_in_one_line(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    first, second = "a" * 32, "b" * 32
    logged(
        backends, entry("list_case_sessions", trace=first), entry("list_signals", trace=second),
        entry("read_case", trace=first), entry("read_table", trace=first), entry("read_table", trace=second),
        entry("read_table", trace="c" * 32), entry("read_table", "deny", trace="d" * 32), entry("read_signal"),
    )  # fmt: skip
    page = await front.client.get(f"{at}/log")
    told = re.findall(r'data-l="Deed wat">(.*?)</td>', page.text)
    assert told == [
        "opende een casus, bekeek de zittingen over een casus",
        "bekeek de signalen",
        "opende een pagina van deze tafel",
        "opende een pagina van deze tafel: geweigerd",
        "las een signaal",
    ]


async def test_of_one_request_each_persons_acts_stand_alone(front: Front, backends: Backends) -> None:
    """What services do because of a request stands under their own name."""
    at = await sit(front, backends, "dpo")
    logged(backends, entry("apply_case", actor="", trace="a" * 32), entry("propose_case", trace="a" * 32))
    page = await front.client.get(f"{at}/log")
    assert len(re.findall(r'data-l="Deed wat">', page.text)) == 2


async def test_of_a_deputy_it_is_said_for_whom(front: Front, backends: Backends) -> None:
    """By whichever act of a request says so; of who is no longer known here nothing is."""
    at = await sit(front, backends, "dpo")
    mine, gone = entry(trace="a" * 32), entry("share_contribution", trace="b" * 32)
    mine.detail["acts_for"], gone.detail["acts_for"] = ME, str(uuid4())
    logged(backends, entry("read_table", trace="a" * 32), mine, gone, entry("read_signal"))
    told = re.findall(r'scope="row">(.*?)</th>', (await front.client.get(f"{at}/log")).text)
    assert told == ["An Peeters (voor Nele Claes)", "An Peeters", "An Peeters"]


async def test_twelve_readings_under_one_trace_are_twelve_lines(front: Front, backends: Backends) -> None:
    """A request lasts a minute at most; before, a client could choose the trace, and such entries stay in the log."""
    at = await sit(front, backends, "dpo")
    one_request = [entry("read_case", trace="b" * 32), entry("list_case_sessions", trace="b" * 32)]
    twelve = [entry(trace="a" * 32, minute=40 - 2 * number) for number in range(12)]
    logged(backends, *one_request, *twelve)
    page = await front.client.get(f"{at}/log")
    assert len(re.findall(r'data-l="Deed wat">', page.text)) == 1 + 12


@pytest.mark.parametrize("role", ["coordinator", "mayor", "participant"])
async def test_for_others_there_is_no_such_page(front: Front, backends: Backends, role: str) -> None:
    at = await sit(front, backends, "dpo")
    logged(backends, entry())
    assert (await front.client.get(f"{at}/log")).status_code == 200
    await sit(front, backends, role)
    backends.answers["SearchAudit"] = RoleMissing()
    assert (await front.client.get(f"{at}/log")).status_code == 404


async def test_oversight_sees_acts_without_codes_of_cases(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "oversight")
    logged(backends, entry())
    backends.answers["ListCases"] = RoleMissing()
    page = await front.client.get(f"{at}/log")
    assert page.status_code == 200
    assert "opende een casus" in page.text
    assert CODE not in page.text


async def test_the_search_asks_for_person_act_case_and_days(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    logged(backends, entry(), next_cursor="the-next")
    query = {
        "who": OTHER,
        "verb": "consult",
        "case": f" {CODE} ",
        "from-day": "24",
        "from-month": "11",
        "from-year": "2026",
    }
    page = await front.client.get(f"{at}/log", params=query | {"to": "2026-11-24"})
    asked = next(call.request for call in backends.calls if call.method == "SearchAudit")
    assert (asked.actor_id, asked.verb, asked.object_id) == (OTHER, "consult", CASE)
    assert [call.request.code for call in backends.calls if call.method == "ListCases"] == [CODE, ""]
    day = getattr(asked, "from").ToDatetime(), asked.to.ToDatetime()
    assert [str(item) for item in day] == ["2026-11-23 23:00:00", "2026-11-24 23:00:00"]
    assert "cursor=the-next" in page.text
    assert f"who={OTHER}" in page.text


async def test_openings_of_cases_can_be_asked_for_alone(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    logged(backends, entry(), next_cursor="the-next")
    for verb, asked_for in (("read_case", ("", "read_case")), ("consult", ("consult", "")), ("gossip", ("", ""))):
        backends.calls.clear()
        page = await front.client.get(f"{at}/log", params={"verb": verb})
        (asked,) = [call.request for call in backends.calls if call.method == "SearchAudit"]
        assert (asked.verb, asked.action) == asked_for
        assert f"verb={verb}&amp;cursor=the-next" in page.text
    page = await front.client.get(f"{at}/log?verb=read_case")
    assert re.search(r'<option value="read_case" selected>\s*opende een casus', page.text)


async def test_a_code_that_no_case_has_is_said_at_its_field(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    logged(backends, entry())
    assert (await front.client.get(f"{at}/log", params={"case": CODE})).status_code == 200
    backends.answers["ListCases"] = case_pb2.ListCasesResponse()
    backends.calls.clear()
    page = await front.client.get(f"{at}/log", params={"case": "VB-26-999"})
    assert page.status_code == 422
    assert "Geen casus van deze tafel heeft die code." in page.text
    assert 'href="#case"' in page.text
    assert "SearchAudit" not in calls_of(backends)


async def test_codes_are_asked_for_as_far_as_the_page_shows_them(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    many = [str(uuid4()) for _ in range(50)]
    entries = [entry("list_cases", minute=10 + number) for number in range(20)]
    for number, each in enumerate(entries):
        del each.object_ids[:]
        each.object_ids.extend(many[number:] + many[:number])
    logged(backends, *entries)
    backends.answers["ListCases"] = case_pb2.ListCasesResponse(
        cases=[case_pb2.Frame(case_id=case_id, code=f"VB-26-{number:03}") for number, case_id in enumerate(many)]
    )
    page = await front.client.get(f"{at}/log", headers={"accept-language": "en"})
    asked = [call.request for call in backends.calls if call.method == "ListCases"]
    assert [len(request.case_ids) for request in asked] == [22]
    lines = re.findall(r'data-l="Case">(.*?)</td>', page.text)
    assert len(lines) == 20
    assert {(line.count("<code>"), "and others" in line) for line in lines} == {(3, True)}


async def test_a_day_that_does_not_exist_is_said_at_its_field(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    logged(backends, entry())
    page = await front.client.get(f"{at}/log", params={"from-day": "31", "from-month": "2", "from-year": "2026"})
    assert page.status_code == 422
    assert page.text.count("Schrijf dag, maand en jaar van een dag die bestaat") == 2
    assert 'value="31"' in page.text
    assert "SearchAudit" not in calls_of(backends)
    assert "ontbreekt niets" not in page.text, "nothing was asked, so nothing is known"
    assert "Er is niets gedaan dat bij deze zoekopdracht past" not in page.text
    reversed_days = {"from": "2026-11-24", "to": "2026-11-23"}
    assert (await front.client.get(f"{at}/log", params=reversed_days)).status_code == 422


async def test_what_the_log_cannot_explain_comes_first(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    hole = {"producer": "case", "producer_seq": 41, "last_producer_seq": 44, "found_at": to_timestamp(NOW)}
    found = [
        audit_pb2.Finding(kind="hole", **hole),  # type: ignore[arg-type]
        audit_pb2.Finding(kind="height_missed", resolved_at=to_timestamp(NOW), **hole),  # type: ignore[arg-type]
    ]
    logged(backends, entry(), findings=found)
    page = await front.client.get(f"{at}/log")
    assert "Eén ding dat het logboek niet verklaart" in page.text
    assert "41-44" in page.text
    assert "nog niet in het logboek aangekomen" not in page.text


def test_every_recorded_act_of_a_cell_has_its_words() -> None:
    recorded = {
        handler.__name__
        for service in DOMAIN
        for handler, rule in importlib.import_module(f"services.{service}.policy").POLICY.items()
        if rule.recorded
    }
    assert recorded - set(ACTS) == set()
    assert set(ACTS) - recorded == set()
