"""The mayor takes back an answer: a button where it may be, a page that says what that does, and who was first."""

from __future__ import annotations

from datetime import timedelta

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.case.errors import AnswerStands
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.dossier import CASE, LIEVE, case, frame, open_case
from tests.portal.tables import calls_of, filled, send

BUTTON = 'href="{}/reconsider"'


def answered(state: str) -> pb.Case:
    """Nobody relied on it, so the fake service lets it be taken back."""
    at = to_timestamp(NOW - timedelta(hours=2))
    return case(
        frame=frame(state, listed_at=None if state == "REFUSED" else at),
        answered_by=LIEVE,
        answered_at=at,
        circle=case().circle[:4],
    )


async def test_the_page_says_what_it_does_and_does_it_once_asked(front: Front, backends: Backends) -> None:
    backends.answers["ReconsiderCase"] = kit_pb2.Receipt(id=CASE, state="PROPOSED", version=5)
    for state, seats in (("LISTED", True), ("REFUSED", False)):
        path = await open_case(front, backends, answered(state), role="mayor", kind="municipality")
        assert BUTTON.format(path) in (await front.client.get(path)).text
        said = words((await front.client.get(f"{path}/reconsider")).text)
        assert "Neem je terug wat je besliste?" in said
        assert ("Politie en preventieambtenaar lezen hem niet meer." in said) is seats
        assert "Lieve Martens" in said
        assert "om 8 uur" in said
        assert "ReconsiderCase" not in calls_of(backends)
        sent = await send(front, f"{path}/reconsider")
        assert (sent.status_code, sent.headers["location"]) == (303, path)
        (call,) = [call for call in backends.calls if call.method == "ReconsiderCase"]
        assert (call.request.case_id, call.request.expected_version) == (CASE, 4)
        backends.calls.clear()


async def test_who_may_not_has_no_button_and_goes_to_the_case(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, answered("LISTED"), role="coordinator", kind="municipality")
    assert BUTTON.format(path) not in (await front.client.get(path)).text
    assert (await front.client.get(f"{path}/reconsider")).status_code == 404
    path = await open_case(front, backends, answered("SCHEDULED"), role="mayor", kind="municipality")
    assert BUTTON.format(path) not in (await front.client.get(path)).text
    gone = await front.client.get(f"{path}/reconsider")
    assert (gone.status_code, gone.headers["location"]) == (303, path)


async def test_what_is_relied_on_meanwhile_stands_and_is_said(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, answered("LISTED"), role="mayor", kind="municipality")
    backends.answers["ReconsiderCase"] = AnswerStands()
    sent = await send(front, f"{path}/reconsider")
    assert sent.status_code == 422
    assert "De tafel gaat al voort op dit antwoord" in sent.text


async def test_who_comes_second_reads_who_answered_and_when(front: Front, backends: Backends) -> None:
    for state, verb in (("LISTED", "zette deze casus op"), ("REFUSED", "weigerde deze casus op")):
        path = await open_case(front, backends, case("PROPOSED"), role="mayor", kind="municipality")
        typed = {"way": "list", "reasons": "Mijn redenen."}
        form = await front.client.get(f"{path}/list")
        assert form.status_code == 200
        filled_in = await send_later(front, backends, path, typed, answered(state))
        assert "Lieve Martens" in filled_in
        assert verb in filled_in
        assert "maandag 2 maart om 8 uur" in filled_in


async def send_later(front: Front, backends: Backends, path: str, typed: dict[str, str], meanwhile: pb.Case) -> str:
    """The form as it was filled in before somebody else answered."""
    data = await filled(front, f"{path}/list", typed)
    backends.answers["ReadCase"] = meanwhile
    late = await front.client.post(f"{path}/list", data=data)
    assert late.status_code == 409
    return words(late.text)
