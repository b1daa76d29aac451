"""Pages of tables with 600 of everything: whole, or by pages that say that there is more; never cut in silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from rondetafel.audit.v1 import audit_pb2
from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.fields import to_timestamp
from services.portal.web.cell.routes import RUNNING
from services.portal.web.request.whole import MOST_PAGES, PAGE
from services.portal.web.session.plan_routes import ALL_TIMED
from tests.kit.issuer import NOW
from tests.portal import dossier, sittings
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.session.test_planning import TYPED
from tests.portal.tables import CHECKED, TOWN, calls_of, carried_on, filled, sit, table

MANY = 600
SOME = 120
"""More than two pages, of what takes these tests long to make."""
ENGLISH = {"accept-language": "en"}
MORE = "There are more."


def nth(number: int) -> str:
    """An id."""
    return str(uuid5(UUID(int=7), str(number)))


def sessions(count: int, *, days: int = 1) -> meeting_pb2.ListSessionsResponse:
    """One a day, to come or, with `days` below nothing, over."""
    starts = [NOW + timedelta(days=days * number, hours=1) for number in range(1, count + 1)]
    return meeting_pb2.ListSessionsResponse(
        sessions=[
            meeting_pb2.Session(
                session_id=nth(number), state="PLANNED", place="town_hall", starts_at=to_timestamp(at),
                ends_at=to_timestamp(at + timedelta(hours=2)),
            )
            for number, at in enumerate(starts)
        ]
    )  # fmt: skip


def cases(count: int, state: str = "LISTED") -> case_pb2.ListCasesResponse:
    """Cases of our town."""
    frames = []
    for number in range(count):
        frame = case_pb2.Frame()
        frame.CopyFrom(sittings.case().frame)
        frame.case_id, frame.code, frame.state = nth(number), f"{TOWN}-26-{number:04}", state
        frames.append(frame)
    return case_pb2.ListCasesResponse(cases=frames)


def seen(page: str, address: str) -> set[str]:
    """The ids that links below this address lead to."""
    return set(re.findall(f'href="{address}/([0-9a-f-]{{36}})[/"]', page))


async def onward(front: Front, path: str, address: str) -> list[str]:
    """The ids on this page and on all that its link to the next leads to, in order."""
    found: list[str] = []
    while path:
        page = (await front.client.get(path)).text
        found += re.findall(f'href="{address}/([0-9a-f-]{{36}})[/"]', page)
        further = re.search(r'href="([^"]*[?&](?:amp;)?(?:after|from)=after-[^"]*)"', page)
        path = further[1].replace("&amp;", "&").partition("#")[0] if further else ""
    return found


async def test_all_600_coming_sessions_and_the_next_one(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    mine = table(front.cell, "coordinator").cell
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=[mine])
    told = sessions(MANY)
    # As the service may hold them: in no order of their dates.
    told.sessions.sort(key=lambda session: session.session_id)
    backends.answers["ListSessions"] = told
    page = (await front.client.get("/sessions", headers=ENGLISH)).text
    assert seen(page, f"{at}/sessions") == {nth(number) for number in range(MANY)}
    assert MORE not in page
    home = (await front.client.get("/", headers=ENGLISH)).text
    assert "3\u00a0March" in home[home.index("Next session") :][:80]
    cell = (await front.client.get(at, headers=ENGLISH)).text
    soonest = re.findall(f'href="{at}/sessions/([0-9a-f-]{{36}})"', cell)
    assert soonest == [nth(number) for number in range(len(soonest))]
    assert 'href="/sessions">All sessions to come' in cell


async def test_600_sessions_that_are_over_the_latest_first_by_pages(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ListSessions"] = sessions(MANY, days=-1)
    assert f'href="{at}/sessions"' in (await front.client.get(at)).text
    assert await onward(front, f"{at}/sessions", f"{at}/sessions") == [nth(number) for number in range(MANY)]


async def test_all_600_listed_cases_can_be_planned(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    backends.answers["ListCases"] = cases(MANY)
    path = f"{at}/sessions/new"
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert page.count('name="items"') == MANY > ALL_TIMED
    assert ".starts_at" not in page
    last, timed = nth(MANY - 1), f"items[{nth(MANY - 1)}].starts_at"
    fields = await filled(front, path, TYPED) | {"items": last}
    times = (await front.client.post(path, data=fields | {"times": "1"}, headers=ENGLISH)).text
    assert times.count(".starts_at]") + times.count('.starts_at"') >= 1
    assert f'name="{timed}"' in times
    assert times.count(" checked") == 2, "the place and the case are as they were chosen"
    assert "PlanSession" not in calls_of(backends)
    done = await front.client.post(path, data=fields | CHECKED | {timed: "14.30"})
    assert done.status_code == 303
    (item,) = backends.last.request.items
    assert (item.case_id, item.starts_at.ToDatetime().minute) == (last, 30)
    # Ticking them all is refused at the field by the service; no form of ours is too long to be read.
    everything = fields | {"items": [nth(number) for number in range(MANY)]}
    assert len(carried_on(await front.client.post(path, data=everything))["items"]) == MANY
    assert (await front.client.post(path, data=everything | CHECKED)).status_code == 303
    assert len(backends.last.request.items) == MANY


async def test_600_cases_run_and_600_are_over(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    backends.answers["ListCases"] = cases(MANY)
    backends.calls.clear()
    assert len(seen((await front.client.get(at, headers=ENGLISH)).text, f"{at}/cases")) == RUNNING * PAGE
    assert calls_of(backends).count("ListCases") == RUNNING + 1, "an act for each page, whatever runs"
    assert await onward(front, at, f"{at}/cases") == [nth(number) for number in range(MANY)]
    backends.answers["ListCases"] = cases(MANY, "CLOSED")
    assert await onward(front, at, f"{at}/cases") == [nth(number) for number in range(MANY)]


async def test_beyond_the_bound_of_a_page_it_says_that_there_is_more(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    backends.answers["ListCases"] = cases(PAGE)
    assert MORE not in (await front.client.get(f"{at}/sessions/new", headers=ENGLISH)).text
    endless = cases(PAGE)
    endless.next_cursor = nth(0)
    backends.answers["ListCases"] = endless
    backends.calls.clear()
    page = (await front.client.get(f"{at}/sessions/new", headers=ENGLISH)).text
    assert f"{MORE} Here stand {PAGE * MOST_PAGES:,} of them." in page
    assert calls_of(backends).count("ListCases") == MOST_PAGES


async def test_600_unanswered_signals_stand_before_the_answered(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    backends.answers["ListSignals"] = case_pb2.ListSignalsResponse(
        signals=[
            case_pb2.Signal(
                signal_id=nth(number), state="RECEIVED" if number < MANY else "PROPOSED", nis_code=TOWN,
                urgent=number == MANY - 1, received_at=to_timestamp(NOW - timedelta(hours=number)),
            )
            for number in range(MANY + SOME)
        ]
    )  # fmt: skip
    page = (await front.client.get(f"{at}/signals", headers=ENGLISH)).text
    found = re.findall(f'href="{at}/signals/([0-9a-f-]{{36}})"', page)
    assert set(found[:MANY]) == {nth(number) for number in range(MANY)}
    assert found[0] == nth(MANY - 1), "the urgent one, the last of all pages"
    assert set(await onward(front, f"{at}/signals", f"{at}/signals")) == {nth(number) for number in range(MANY + SOME)}


async def test_600_things_wait_and_all_of_them_are_found(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    mine = table(front.cell, "coordinator").cell
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=[mine])
    waiting = [
        case_pb2.Waiting(kind="case_listed", case_id=nth(number), case_code="23088-26-0001", nis_code=TOWN)
        for number in range(MANY)
    ]
    backends.answers["ListWaiting"] = case_pb2.ListWaitingResponse(waiting=waiting)
    home = (await front.client.get("/", headers=ENGLISH)).text
    assert "600 things." in home
    assert len(seen(home, f"{at}/cases")) == PAGE
    assert f'href="{at}/waiting"' in home
    assert await onward(front, f"{at}/waiting", f"{at}/cases") == [nth(number) for number in range(MANY)]
    assert "600 things." in (await front.client.get(f"{at}/waiting?after=after-50", headers=ENGLISH)).text


def seat_many(told: directory_pb.Table, *, ended: bool) -> None:
    """As many people more."""
    for number in range(MANY):
        mandate = directory_pb.MandateView()
        mandate.CopyFrom(told.mandates[-1])
        mandate.mandate_id = mandate.person_id = nth(number)
        mandate.given_name, mandate.family_name, mandate.role = "Number", f"{number}x", "participant"
        mandate.ended, mandate.undertaking_accepted = ended, True
        told.mandates.append(mandate)


CHOICES: dict[str, Callable[[str], str]] = {
    "whom to invite": lambda at: f"{at}/cases/{dossier.CASE}/circle/invite",
    "who is present": lambda at: f"{at}/sessions/{sittings.SESSION}",
    "who sits at the table": lambda at: at,
    "who did it": lambda at: f"{at}/log",
}


@pytest.mark.parametrize("choice", CHOICES)
async def test_600_people_can_be_chosen(front: Front, backends: Backends, choice: str) -> None:
    at = await sit(front, backends, "coordinator", "dpo")
    told = table(front.cell, "coordinator", "dpo")
    seat_many(told, ended=False)
    backends.answers |= {"ReadTable": told, "ReadSession": sittings.session("PLANNED")}
    backends.answers["ReadCase"] = sittings.case()
    page = (await front.client.get(CHOICES[choice](at).replace(dossier.CASE, sittings.CASE))).text
    assert [number for number in range(MANY) if f"Number {number}x" not in page] == []


async def test_mandates_and_those_that_are_over_by_pages(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    for ended, first in ((False, f"{at}/mandates"), (True, f"{at}/mandates?over=1")):
        told = table(front.cell, "coordinator")
        seat_many(told, ended=ended)
        backends.answers["ListMandates"] = directory_pb.ListMandatesResponse(mandates=told.mandates[-SOME:])
        path, names = first, ""
        while path:
            page = (await front.client.get(path)).text
            names += page
            further = re.search(r'href="([^"]*after=after-[^"]*)"', page)
            path = further[1].replace("&amp;", "&") if further else ""
        assert [number for number in range(MANY - SOME, MANY) if f"Number {number}x" not in names] == []


async def test_600_contributions_and_600_sessions_of_a_case(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    found = sittings.case()
    for number in range(MANY):
        written = case_pb2.Contribution()
        written.CopyFrom(found.contributions[0])
        written.contribution_id, written.text = nth(number), f"Said {number}x."
        found.contributions.append(written)
    backends.answers |= {
        "ReadCase": found,
        "ListCaseSessions": meeting_pb2.ListCaseSessionsResponse(
            sessions=[
                meeting_pb2.CaseSession(
                    session_id=nth(number),
                    state="OPEN",
                    starts_at=to_timestamp(NOW),
                    ends_at=to_timestamp(NOW),
                    decision=sittings.decided().items[0].decision,
                )
                for number in range(MANY)
            ]
        ),
    }
    page = (await front.client.get(f"{at}/cases/{sittings.CASE}", headers=ENGLISH)).text
    assert [number for number in range(MANY) if f"Said {number}x." not in page] == []
    assert page.count("Het gaat beter.") == MANY
    assert MORE not in page


async def test_what_the_log_cannot_explain_is_counted_whole(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    hole = audit_pb2.Finding(kind="hole", producer="case", found_at=to_timestamp(NOW))
    backends.answers["SearchAudit"] = audit_pb2.SearchAuditResponse(findings=[hole] * 50, findings_open=MANY)
    page = (await front.client.get(f"{at}/log", headers=ENGLISH)).text
    assert "600 things the log cannot explain" in page
    assert f"{MORE} Here stand 50 of them." in page
