"""The page of an item stays open: what it asks by itself, and how long that keeps somebody signed in."""

from __future__ import annotations

import pytest

from services.case.errors import CaseNotFound
from services.kit.errors import UndertakingMissing
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.sittings import POLICE, PREVENTION, decided, deciding, open_item, prepared, session
from tests.portal.tables import ME, OTHER

ENGLISH = {"accept-language": "en"}


@pytest.mark.parametrize("role", ["mayor", "coordinator", "participant"])
async def test_the_open_page_asks_for_the_parts_that_are_read(front: Front, backends: Backends, role: str) -> None:
    path = await open_item(front, backends, role)
    part = (await front.client.get(f"{path}?part=reading", headers=ENGLISH)).text
    for name in ("updated", "agenda", "shared", "seats", "decision"):
        assert f'hx-target="#{name}"' in part
    assert "<html" not in part
    assert "Updated at 10:00" in part
    assert "<form" not in part
    backends.answers["ReadSession"] = decided()
    assert "Het gaat beter." in (await front.client.get(f"{path}?part=reading")).text


async def test_beside_the_form_only_what_is_read_is_asked_for(front: Front, backends: Backends) -> None:
    """The form is left as it is: what somebody types stays, and what happened meanwhile is told."""
    path = await deciding(front, backends, "mayor")
    assert f'data-read="{path}?part=reading&amp;prepared=0"' in (await front.client.get(path)).text
    part = (await front.client.get(f"{path}?part=reading&prepared=0", headers=ENGLISH)).text
    for name in ("updated", "meanwhile", "shared", "agreed"):
        assert f'hx-target="#{name}"' in part
    assert "<html" not in part
    assert "<form" not in part
    assert "changed what is prepared" not in part
    found = session(attendance=[ME, OTHER, POLICE, PREVENTION])
    found.items[0].prepared.CopyFrom(prepared())
    backends.answers["ReadSession"] = found
    part = (await front.client.get(f"{path}?part=reading&prepared=0", headers=ENGLISH)).text
    assert "An Peeters changed what is prepared at 10:00." in part
    backends.answers["ReadSession"] = decided()
    assert (
        "recorded a decision at 10:00"
        in (await front.client.get(f"{path}?part=reading&prepared=0", headers=ENGLISH)).text
    )


async def test_who_may_not_see_the_page_any_more_gets_it_anew(front: Front, backends: Backends) -> None:
    path = await open_item(front, backends, "participant")
    by_itself = {"hx-request": "true", "accept": "text/html, text/event-stream"}
    assert "hx-refresh" not in (await front.client.get(f"{path}?part=reading", headers=by_itself)).headers
    for error in (CaseNotFound(), UndertakingMissing()):
        backends.answers["ReadCase"] = error
        answer = await front.client.get(f"{path}?part=reading", headers=by_itself)
        assert answer.headers["hx-refresh"] == "true"
        assert answer.text == ""
    front.client.cookies.clear()
    answer = await front.client.get(f"{path}?part=reading", headers=by_itself)
    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")


@pytest.mark.parametrize(
    ("state", "people", "minutes"),
    [("OPEN", [ME], 120), ("OPEN", [OTHER], 30), ("CLOSED", [ME], 30)],
)
async def test_who_sits_in_an_open_session_stays_signed_in_for_longer(
    front: Front, backends: Backends, state: str, people: list[str], minutes: int
) -> None:
    path = await open_item(front, backends, "participant")
    backends.answers["ReadSession"] = session(state, attendance=people)
    await front.client.get(path)
    front.advance(minutes=minutes - 1)
    # What the page asks by itself prolongs nothing.
    assert (await front.client.get(f"{path}?part=reading")).status_code == 200
    front.advance(minutes=1)
    assert (await front.client.get(f"{path}?part=reading")).status_code == 303


async def test_another_page_shortens_it_again(front: Front, backends: Backends) -> None:
    path = await open_item(front, backends, "participant")
    await front.client.get(path)
    assert (await front.client.get("/me")).status_code == 200
    front.advance(minutes=30)
    assert (await front.client.get("/me")).status_code == 303
