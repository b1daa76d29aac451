"""What comes of a signal that becomes no case: answered on one of two forms, taken back, withdrawn, and read."""

from __future__ import annotations

from typing import Any

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import OutcomeStands, SignalStateForbids, SignalWorkedOn
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.signal.test_checks import told
from tests.portal.signal.test_signals import SIGNAL, signal
from tests.portal.tables import CHECKED, ME, OTHER, calls_of, carried_on, filled, send, sit

ENGLISH = {"accept-language": "en"}
DISMISSED = {"reason": "too_little", "noted": "Te weinig <b>.", "told": "Dank je."}
REDIRECTED = {"help": "welfare", "told": "Bel het OCMW."}
WAYS = [("dismiss", DISMISSED, "DismissSignal"), ("redirect", REDIRECTED, "RedirectSignal")]


async def at(front: Front, backends: Backends, role: str, found: pb.Signal) -> str:
    """The address of the signal, for somebody who reads this."""
    table = await sit(front, backends, role)
    backends.answers["ReadSignal"] = found
    return f"{table}/signals/{SIGNAL}"


def ended(state: str, **said: str) -> pb.Signal:
    """One that was answered just now."""
    found = signal(state=state, ended_at=to_timestamp(NOW), gone_on="2026-03-17", reporter_id=OTHER)
    outcome = pb.SignalOutcome(decided_at=to_timestamp(NOW), decided_by=ME, told="Bel <i>Lien.", **said)
    found.outcome.CopyFrom(outcome)
    return found


@pytest.mark.parametrize(("way", "typed", "method"), WAYS)
async def test_the_answer_is_read_once_more_before_it_is_given(
    front: Front, backends: Backends, way: str, typed: dict[str, str], method: str
) -> None:
    here = await at(front, backends, "coordinator", signal(reporter_id=OTHER))
    path = f"{here}/{way}"
    assert f'href="{path}"' in (await front.client.get(here)).text
    fields = await filled(front, path, typed)
    between = await front.client.post(path, data=fields, headers=ENGLISH)
    assert between.status_code == 200
    for value in (typed["told"], "Milan", "Too little is known" if way == "dismiss" else "Money, housing, papers"):
        assert value in words(between.text)
    assert method not in calls_of(backends)
    form = await front.client.post(path, data=carried_on(between) | {"change": "1"}, headers=ENGLISH)
    assert f"{typed['told']}</textarea>" in form.text
    answer = await front.client.post(path, data=carried_on(between))
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    asked = backends.last.request
    assert (backends.last.method, asked.signal_id, asked.expected_version) == (method, SIGNAL, 4)
    assert {name: getattr(asked, name) for name in typed} == typed


@pytest.mark.parametrize(("way", "typed", "method"), WAYS)
async def test_what_is_missing_is_said_at_its_field(
    front: Front, backends: Backends, way: str, typed: dict[str, str], method: str
) -> None:
    path = f"{await at(front, backends, 'coordinator', signal(reporter_id=OTHER))}/{way}"
    for field in typed:
        answer = await send(front, path, typed | {field: " "})
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
    assert method not in calls_of(backends)


@pytest.mark.parametrize(("way", "typed", "method"), WAYS)
@pytest.mark.parametrize("looked_at", [{}, CHECKED])
async def test_who_comes_second_is_told_and_keeps_the_own_words(
    front: Front, backends: Backends, way: str, typed: dict[str, str], method: str, looked_at: dict[str, str]
) -> None:
    here = await at(front, backends, "coordinator", signal(reporter_id=OTHER))
    fields = await filled(front, f"{here}/{way}", typed | looked_at)
    backends.answers["ReadSignal"] = signal(reporter_id=OTHER, state="PROPOSED", version=5)
    backends.answers[method] = SignalStateForbids(field="state", expected="RECEIVED")
    answer = await front.client.post(f"{here}/{way}", data=fields, headers=ENGLISH)
    assert answer.status_code == 409
    assert "It was decided meanwhile" in answer.text
    assert typed["told"] in answer.text
    assert f'href="{here}"' in answer.text


async def test_who_told_it_reads_the_answer_and_no_reason(front: Front, backends: Backends) -> None:
    found = ended("REDIRECTED", help="school_support")
    found.reporter_id = ME
    here = await at(front, backends, "participant", found)
    page = words((await front.client.get(here, headers=ENGLISH)).text)
    for said in ("passed you on to somebody who can help better", "School and pupil guidance", "Bel <i>Lien."):
        assert said in page, said
    assert "It is kept until 17 March, then it is erased for good." in page
    assert "coordinators alone" not in page
    assert "/reconsider" not in page


async def test_a_coordinator_reads_why_and_takes_it_back(front: Front, backends: Backends) -> None:
    here = await at(front, backends, "coordinator", ended("NOT_RETAINED", reason="unfounded", noted="Niet waar."))
    page = (await front.client.get(here, headers=ENGLISH)).text
    for said in ("It turned out not to be so", "Niet waar.", "Bel <i>Lien."):
        assert said in words(page)
    assert f'href="{here}/reconsider"' in page
    before = (await front.client.get(f"{here}/reconsider", headers=ENGLISH)).text
    assert "What was written is erased." in before
    assert "The police read again" not in before
    answer = await send(front, f"{here}/reconsider", {})
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert (backends.last.method, backends.last.request.expected_version) == ("ReconsiderSignal", 4)
    backends.answers["ReconsiderSignal"] = OutcomeStands(field="state", expected="24 hours")
    assert (await send(front, f"{here}/reconsider", {})).status_code == 422


async def test_with_a_check_the_page_says_what_becomes_of_the_police(front: Front, backends: Backends) -> None:
    found: Any = ended("NOT_RETAINED", reason="other", noted="x")
    found.check.CopyFrom(told("held", person=False, hold_until="2026-04-03"))
    here = await at(front, backends, "coordinator", found)
    assert "The police read again" in (await front.client.get(f"{here}/reconsider", headers=ENGLISH)).text
    found = signal(reporter_id=OTHER, state="UNDER_CHECK")
    found.check.CopyFrom(told("held", person=False, hold_until="2026-04-03"))
    here = await at(front, backends, "coordinator", found)
    assert f'href="{here}/dismiss"' in (await front.client.get(here)).text, "a hold keeps nobody from saying no"
    assert "do not read any more" in (await front.client.get(f"{here}/dismiss", headers=ENGLISH)).text


async def test_who_told_it_withdraws_it(front: Front, backends: Backends) -> None:
    here = await at(front, backends, "participant", signal())
    assert f'href="{here}/withdraw"' in (await front.client.get(here)).text
    assert "reads nothing of it any more" in (await front.client.get(f"{here}/withdraw", headers=ENGLISH)).text
    answer = await send(front, f"{here}/withdraw", {})
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert (backends.last.method, backends.last.request.signal_id) == ("WithdrawSignal", SIGNAL)
    backends.answers["WithdrawSignal"] = SignalWorkedOn(field="state", expected="x")
    assert (await send(front, f"{here}/withdraw", {})).status_code == 422
    backends.answers["ReadSignal"] = signal(state="UNDER_CHECK")
    assert (await front.client.get(f"{here}/withdraw")).headers["location"] == here


@pytest.mark.parametrize("way", ["dismiss", "redirect", "reconsider"])
async def test_nobody_else_has_these_pages(front: Front, backends: Backends, way: str) -> None:
    for role in ("participant", "mayor", "dpo", "information_officer"):
        here = await at(front, backends, role, signal())
        assert (await front.client.get(f"{here}/{way}")).status_code == 404, role
        assert f"/{way}" not in (await front.client.get(here)).text
