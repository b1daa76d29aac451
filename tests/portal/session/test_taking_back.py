"""A session is cancelled before it is opened, and an opening undone: read first, then done, once."""

from __future__ import annotations

import pytest

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import VersionChanged
from services.kit.fields import to_timestamp
from services.meeting.errors import DecisionsTaken, SessionStateForbids
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.sittings import at_the_table, decided, session
from tests.portal.tables import ME, OTHER, become, calls_of, carried_on

ENGLISH = {"accept-language": "en"}
OPENED = {"opened_by": ME, "opened_at": to_timestamp(NOW)}
KINDS = pytest.mark.parametrize(
    ("kind", "role", "state", "method", "said"),
    [
        ("cancel", "coordinator", "PLANNED", "CancelSession", "It will not be held"),
        ("undo-opening", "mayor", "OPEN", "UndoOpening", "It is planned again"),
    ],
)


def standing(state: str, **changed: object) -> pb.Session:
    """A session that I opened, if it is open."""
    return session(state, attendance=[ME], **((OPENED if state == "OPEN" else {}) | changed))


@KINDS
async def test_it_is_read_first_and_done_once(
    front: Front, backends: Backends, kind: str, role: str, state: str, method: str, said: str
) -> None:
    path = await at_the_table(front, backends, role)
    backends.answers["ReadSession"] = standing(state)
    assert f'href="{path}/{kind}"' in (await front.client.get(path)).text
    page = await front.client.get(f"{path}/{kind}", headers=ENGLISH)
    assert said in page.text
    assert "Monday 2 March, from 10:00 to 11:30" in words(page.text)
    assert "Save, I go on later" not in page.text
    fields = carried_on(page)
    assert method not in calls_of(backends)
    answers = [await front.client.post(f"{path}/{kind}", data=fields) for _ in range(2)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, path)}
    done = [call for call in backends.calls if call.method == method]
    assert len({call.metadata["idempotency-key"] for call in done}) == 1
    assert done[0].request.expected_version == 2


@KINDS
async def test_who_may_not_finds_no_such_page(
    front: Front, backends: Backends, kind: str, role: str, state: str, method: str, said: str
) -> None:
    path = await at_the_table(front, backends, role)
    backends.answers["ReadSession"] = standing(state)
    fields = carried_on(await front.client.get(f"{path}/{kind}"))
    assert (await front.client.post(f"{path}/{kind}", data=fields)).status_code == 303
    become(front, backends, "participant")
    backends.answers["ReadSession"] = standing(state, **({"opened_by": OTHER} if state == "OPEN" else {}))
    assert f"{path}/{kind}" not in (await front.client.get(path)).text
    assert (await front.client.get(f"{path}/{kind}")).status_code == 404
    backends.calls.clear()
    unread = {name: value for name, value in fields.items() if name != "checked"}
    assert (await front.client.post(f"{path}/{kind}", data=unread)).status_code == 404
    assert method not in calls_of(backends)


@KINDS
async def test_without_the_token_of_our_form_nothing_is_taken_back(
    front: Front, backends: Backends, kind: str, role: str, state: str, method: str, said: str
) -> None:
    path = await at_the_table(front, backends, role)
    backends.answers["ReadSession"] = standing(state)
    fields = carried_on(await front.client.get(f"{path}/{kind}"))
    assert (await front.client.post(f"{path}/{kind}", data=fields)).status_code == 303
    backends.calls.clear()
    answer = await front.client.post(f"{path}/{kind}", data=fields | {"csrf_token": "0" * 64})
    assert answer.status_code == 403
    assert method not in calls_of(backends)


async def test_what_changed_meanwhile_is_said(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "coordinator")
    backends.answers["ReadSession"] = standing("PLANNED")
    fields = carried_on(await front.client.get(f"{path}/cancel"))
    backends.answers["CancelSession"] = VersionChanged(field="expected_version", expected="3")
    answer = await front.client.post(f"{path}/cancel", data=fields, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Somebody changed this meanwhile." in answer.text


async def test_who_cancels_too_late_reads_who_opened_it(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "coordinator")
    backends.answers["ReadSession"] = standing("PLANNED")
    fields = carried_on(await front.client.get(f"{path}/cancel"))
    backends.answers["ReadSession"] = standing("OPEN", opened_by=OTHER)
    backends.answers["CancelSession"] = SessionStateForbids(field="state", expected="PLANNED")
    for answer in (
        await front.client.post(f"{path}/cancel", data=fields, headers=ENGLISH),
        await front.client.get(f"{path}/cancel", headers=ENGLISH),
    ):
        assert answer.status_code == 409
        assert "An Peeters opened this session on Monday 2 March at 10:00." in words(answer.text)
        assert f'href="{path}"' in answer.text


async def test_who_undoes_too_late_reads_that_something_was_decided(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = standing("OPEN")
    fields = carried_on(await front.client.get(f"{path}/undo-opening"))
    backends.answers["UndoOpening"] = DecisionsTaken(field="decisions", expected="none")
    backends.answers["ReadSession"] = decided(attendance=[ME], opened_by=ME, opened_at=to_timestamp(NOW))
    answer = await front.client.post(f"{path}/undo-opening", data=fields, headers=ENGLISH)
    assert answer.status_code == 409
    assert "Something was decided in this session already." in answer.text


async def test_a_cancelled_session_says_who_cancelled_it(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "participant")
    gone = session("CANCELLED", cancelled_by=OTHER, cancelled_at=to_timestamp(NOW))
    backends.answers["ReadSession"] = gone
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert "An Peeters cancelled this session on Monday 2 March at 10:00." in words(page)
    assert "Who is expected" not in page
    assert "Who is there</h2>" not in page
