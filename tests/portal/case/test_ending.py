"""An invitation is ended on a page that says what that does; who comes second reads who was first."""

from __future__ import annotations

from typing import Any

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.case.errors import InvitationEnded
from services.kit.errors import VersionChanged
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.case.test_circle import as_coordinator
from tests.portal.conftest import Front
from tests.portal.dossier import CASE, LIEVE, SOFIE, WOUT, case, entry_of, guest, open_case
from tests.portal.tables import calls_of, filled, send

ENDED = pb.EndedInvitation(
    entry_id=entry_of(WOUT), person_id=WOUT, ended_at=to_timestamp(NOW), ended_by=LIEVE, reason="taken_back"
)
REASON = {"reason": "no_longer_needed"}


def after_it() -> pb.Case:
    """The case without the youth worker, whom the mayor took out."""
    left = [entry for entry in case().circle if entry.person_id != WOUT]
    return case("LISTED", circle=left, ended_invitations=[ENDED])


async def to_end(front: Front, backends: Backends, found: pb.Case | None = None, person: str = WOUT) -> str:
    """Before the page that ends somebody's invitation, as the coordinator."""
    backends.answers["EndInvitation"] = kit_pb2.Receipt(id=CASE, state="LISTED", version=5)
    return f"{await as_coordinator(front, backends, found)}/{entry_of(person)}/end"


async def test_it_says_what_happens_and_does_it_once_asked(front: Front, backends: Backends) -> None:
    path = await to_end(front, backends)
    circle = path.removesuffix(f"/{entry_of(WOUT)}/end")
    assert f'href="{path}"' in (await front.client.get(circle)).text
    said = words((await front.client.get(path)).text)
    for sentence in (
        "Beëindig je de uitnodiging van Wout Lammens?", "uitgenodigd door An Peeters",
        "Wout Lammens opende deze casus nog niet.", "Wat Wout Lammens deelde, blijft bij de casus.",
        "Er gaat geen bericht uit.",
    ):  # fmt: skip
        assert sentence in said, sentence
    assert "van het plan" not in said
    assert "EndInvitation" not in calls_of(backends)
    sent = await send(front, path, REASON)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{circle}?ended=1")
    assert backends.last.request == pb.EndInvitationRequest(
        case_id=CASE, expected_version=4, entry_id=entry_of(WOUT), reason="no_longer_needed"
    )
    backends.answers["ReadCase"] = after_it()
    page = await front.client.get(sent.headers["location"])
    assert "De uitnodiging is beëindigd." in page.text
    assert "Lieve Martens beëindigde de uitnodiging van Wout Lammens op" in words(page.text)
    assert "bij vergissing uitgenodigd." in words(page.text)
    assert path not in page.text


async def test_what_was_read_already_and_what_is_to_be_done_is_said(front: Front, backends: Backends) -> None:
    entry = guest(WOUT)
    entry.opened = True
    due = [pb.Action(action_id=CASE, life_domain="leisure", owner_id=WOUT, due_on="2026-04-01", state="AGREED")]
    path = await to_end(front, backends, case("FOLLOW_UP", circle=[*case().circle[:4], entry], actions=due))
    said = words((await front.client.get(path)).text)
    assert "Wout Lammens opende deze casus al. Wat gelezen is, kun je niet terugnemen." in said
    assert "1 actie van het plan blijft op deze naam staan." in said


async def test_a_reason_is_chosen(front: Front, backends: Backends) -> None:
    path = await to_end(front, backends)
    for typed in ({}, {"reason": "successor"}):
        answer = await send(front, path, typed)
        assert answer.status_code == 422
        assert 'href="#reason"' in answer.text
        assert "Kies waarom de uitnodiging eindigt." in answer.text
    assert "EndInvitation" not in calls_of(backends)
    assert (await send(front, path, REASON)).status_code == 303


@pytest.mark.parametrize("refusal", [InvitationEnded(field="entry_id"), VersionChanged(field="expected_version")])
async def test_who_comes_second_reads_who_was_first(front: Front, backends: Backends, refusal: Any) -> None:
    path = await to_end(front, backends)
    data = await filled(front, path, REASON)
    backends.answers |= {"EndInvitation": refusal, "ReadCase": after_it()}
    late = await front.client.post(path, data=data)
    assert late.status_code == 409
    assert "Lieve Martens beëindigde de uitnodiging van Wout Lammens op maandag 2 maart om" in words(late.text)
    assert f'href="{path.removesuffix("/" + entry_of(WOUT) + "/end")}"' in late.text
    assert (await front.client.get(path)).status_code == 409, "a link of before says the same"


async def test_another_change_meanwhile_is_said_and_asked_again(front: Front, backends: Backends) -> None:
    path = await to_end(front, backends)
    backends.answers["EndInvitation"] = VersionChanged(field="expected_version", expected="the version last read")
    again = await send(front, path, REASON)
    assert again.status_code == 422
    assert "gewijzigd" in again.text
    assert 'value="no_longer_needed" checked' in again.text


async def test_a_form_that_is_sent_twice_has_one_key(front: Front, backends: Backends) -> None:
    path = await to_end(front, backends)
    fields = await filled(front, path, REASON)
    assert {(await front.client.post(path, data=fields)).status_code for _ in range(2)} == {303}
    keys = {call.metadata["idempotency-key"] for call in backends.calls if call.method == "EndInvitation"}
    assert len(keys) == 1
    assert (await front.client.post(path, data=fields | {"csrf_token": ""})).status_code == 403


async def test_who_may_not_finds_no_way_and_no_page(front: Front, backends: Backends) -> None:
    """The mayor may, like the coordinator; a partner and the police may not, and learn of nobody who was taken out."""
    for role, kind, status in (
        ("mayor", "municipality", 200), ("information_officer", "local_police", 404), ("participant", "caw", 404),
    ):  # fmt: skip
        found = case("LISTED")
        circle = await open_case(front, backends, found, role=role, kind=kind) + "/circle"
        path = f"{circle}/{entry_of(WOUT)}/end"
        assert (f'href="{path}"' in (await front.client.get(circle)).text) == (status == 200)
        assert (await front.client.get(path)).status_code == status
    backends.answers["EndInvitation"] = kit_pb2.Receipt(id=CASE, state="LISTED", version=5)
    path = await to_end(front, backends, person=SOFIE)
    assert (await front.client.get(path)).status_code == 404, "nobody of that entry"
