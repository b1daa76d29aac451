"""The page of a case: what the reader's parts hold, the one next step, and nothing of anybody's private draft."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from services.case.errors import CaseNotFound, CaseStateForbids
from services.kit.errors import RoleMissing, UndertakingMissing
from services.kit.fields import to_timestamp
from services.meeting.errors import CaseNotFound as MeetingCaseNotFound
from services.portal.web.case.circle_view import GAPS
from services.portal.web.case.words import QUIET, SIGNS
from services.portal.web.ui.labels import ACTION_STATES, CASE_STATES, LIFE_DOMAINS
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.dossier import (
    AN,
    CASE,
    CODE,
    DRAFT,
    JORIS,
    SECRET,
    SESSION,
    SOFIE,
    TODAY,
    WOUT,
    case,
    contribution,
    frame,
    guest,
    open_case,
    sitting,
    told,
)
from tests.portal.tables import ME, calls_of, filled


def words(text: str) -> str:
    """What a page says, as one line."""
    said = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(said).replace("\u00a0", " ").split())


def decided(**changed: object) -> meeting_pb2.Decision:
    """To follow up, a month ago."""
    rightful = {
        "decision_id": SESSION, "outcome": "follow_up", "reasons": "Er is zorg, en er is steun.", "decided_by": AN,
        "decided_at": to_timestamp(NOW - timedelta(days=30)),
    }  # fmt: skip
    return meeting_pb2.Decision(**(rightful | changed))  # type: ignore[arg-type]


async def test_the_page_holds_all_parts_and_asks_each_service_once(front: Front, backends: Backends) -> None:
    past = sitting(
        NOW - timedelta(days=30),
        "CLOSED",
        decision=decided(dissents=[meeting_pb2.Dissent(person_id=WOUT, text="Te vroeg.")]),
    )
    found = case(
        "FOLLOW_UP", contributions=[told(police_origin=True, language="fr")], case_lead_id=JORIS,
        actions=[pb.Action(action_id=DRAFT, life_domain="family", owner_id=ME, due_on=TODAY.isoformat(), state="BUSY")],
    )  # fmt: skip
    path = await open_case(front, backends, found, past, sitting())
    backends.calls.clear()
    page = await front.client.get(path)
    assert page.status_code == 200
    assert sorted(calls_of(backends)) == ["ListCaseSessions", "ReadCase", "ReadTable"]
    said = words(page.text)
    for text in (
        "Milan, 16 jaar", "minderjarig", "Opvolging", "Bereid je inbreng voor", "Niemand aan tafel kent de school.",
        "Hij komt elke woensdag <b>.", "Herkomst: politie", "Er is zorg, en er is steun.",
        "Wout Lammens ziet het anders: Te vroeg.",
        "Trekt zich terug.", "Dat hij naar school kan.", "De zorg is gedeeld.", "Joris Wils, Gemeente Vaartbeke",
        "Milan De Wilde", "Kaai 3",
    ):  # fmt: skip
        assert text in said, text
    assert "6 mensen" in page.text
    assert '<p class="told" lang="fr">' in page.text
    assert "<b>." not in page.text
    assert "02.03.2026 10.00" in re.findall('<svg class="mark".*?</svg>', page.text, re.DOTALL)[0]


async def test_title_and_address_carry_the_code_only(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case(contributions=[contribution()]))
    for below in (
        "",
        "/circle",
        f"/contribution/{DRAFT}",
        f"/contribution/{DRAFT}/need",
        f"/contribution/{DRAFT}/text",
    ):
        page = await front.client.get(path + below)
        assert page.status_code == 200, below
        title = re.findall("<title>(.*?)</title>", page.text)[0]
        assert CODE in title
        assert "Milan" not in title
        assert not any(
            "Milan" in address or "Wilde" in address for address in re.findall(' (?:href|action)="([^"]*)"', page.text)
        )


async def test_what_my_parts_do_not_hold_is_not_there(front: Front, backends: Backends) -> None:
    bare = pb.Case(frame=frame("FOLLOW_UP"), parts=["frame"])
    path = await open_case(front, backends, bare, role="dpo")
    page = await front.client.get(path)
    said = words(page.text)
    assert page.status_code == 200
    assert f"<h1>{CODE}</h1>" in page.text
    for text in ("De kring", "Inbreng", "Waarom dit een casus is", "Volledige naam"):
        assert text not in said, text
    assert 'id="plan"' not in page.text
    assert "Er wordt nu niets van je gevraagd" in said


async def test_a_draft_is_marked_as_mine_alone_and_nobody_reads_it_but_me(front: Front, backends: Backends) -> None:
    found = case(contributions=[contribution(text=SECRET), told()])
    page = await front.client.get(await open_case(front, backends, found))
    mine = next(match for match in re.findall("<article.*?</article>", page.text, re.DOTALL) if SECRET in match)
    assert "say--private" in mine
    assert "Alleen jij ziet dit" in mine
    assert page.text.count(SECRET) == 1
    # What the service would never tell is not shown either, should it ever be told.
    strange = case(contributions=[contribution(text=SECRET, author_id=WOUT), told()])
    page = await front.client.get(await open_case(front, backends, strange))
    assert page.status_code == 200
    assert SECRET not in page.text


async def test_only_the_author_sees_who_read(front: Front, backends: Backends) -> None:
    mine = told(author=ME, read_by=[AN, WOUT])
    page = await front.client.get(await open_case(front, backends, case(contributions=[mine])))
    said = words(page.text)
    assert "2 van 5 mensen lazen dit" in said
    assert "Wout Lammens An Peeters" in said
    page = await front.client.get(await open_case(front, backends, case(contributions=[told(read_by=[AN])])))
    assert "lazen dit" not in page.text
    assert "Gedeeld met de kring" in page.text


async def test_a_review_that_is_late_says_what_comes_of_it(front: Front, backends: Backends) -> None:
    for days, sentence in ((2, "2 dagen over tijd. Na 14 dagen"), (15, "15 dagen over tijd. Er kan niets nieuws")):
        late = case(frame=frame("FOLLOW_UP", review_on=(TODAY - timedelta(days=days)).isoformat()))
        page = await front.client.get(await open_case(front, backends, late, role="coordinator", kind="municipality"))
        assert sentence in words(page.text)
        assert "sprak af om voor" in words(page.text)


async def test_the_course_of_events_has_the_newest_first_and_what_comes_on_top(
    front: Front, backends: Backends
) -> None:
    past = sitting(NOW - timedelta(days=30), "CLOSED", decision=decided())
    found = case(
        "FOLLOW_UP", contributions=[told()], circle=[*case().circle, guest(SOFIE, first=TODAY + timedelta(days=9))]
    )
    page = await front.client.get(await open_case(front, backends, found, past, sitting()))
    said = words(page.text[page.text.index('id="course"') :])
    events = (
        "CLB Kanaal komt bij de kring", "Zitting: de tafel bespreekt deze casus",
        "Jeugdhuis De Sluis kwam bij de kring", "Jeugdhuis De Sluis deelde een inbreng", "Besproken. Beslist: opvolgen",
        "Op de lijst gezet", "Voorgesteld na een signaal",
    )  # fmt: skip
    places = [said.index(event) for event in events]
    assert places == sorted(places)


async def test_declining_is_sent_once_and_confirmed_calmly(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case(), sitting())
    fields = await filled(front, path)
    backends.calls.clear()
    answers = [await front.client.post(f"{path}/decline", data=fields) for _ in range(2)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, path)}
    sent = [call for call in backends.calls if call.method == "DeclineContribution"]
    assert {call.request.case_id for call in sent} == {CASE}
    assert len({call.metadata["idempotency-key"] for call in sent}) == 1
    backends.answers["DeclineContribution"] = CaseStateForbids()
    assert (await front.client.post(f"{path}/decline", data=fields)).status_code == 303
    bent = await front.client.post(f"{path}/decline", data=fields | {"csrf_token": "0" * 128})
    assert bent.status_code == 403


@pytest.mark.parametrize(
    "below", ["", "/circle", "/contribution", f"/contribution/{DRAFT}", f"/contribution/{DRAFT}/less"]
)
async def test_unknown_and_forbidden_are_one_page(front: Front, backends: Backends, below: str) -> None:
    # Whoever may is shown the page first, by the very same request.
    path = await open_case(front, backends, case(contributions=[contribution()])) + below
    assert (await front.client.get(path)).status_code in (200, 303)
    pages = []
    for refusal in (CaseNotFound(), RoleMissing()):
        backends.answers["ReadCase"] = refusal
        pages.append(await front.client.get(path))
    backends.answers["ReadCase"] = case(contributions=[contribution()])
    pages.append(await front.client.get(path.replace(CASE, "not-a-case")))
    assert {page.status_code for page in pages} == {404}
    assert (
        len(
            {
                re.sub("[0-9A-F]{4}-[0-9A-F]{4}|not-a-case|[0-9a-f-]{36,}|id=.watermark.*", "", words(page.text))
                for page in pages
            }
        )
        == 1
    )


async def test_before_secrecy_is_promised_nothing_is_shown(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case())
    backends.answers["ReadCase"] = UndertakingMissing()
    answer = await front.client.get(path)
    assert answer.status_code == 303
    assert "/undertaking?to=" in answer.headers["location"]


@pytest.mark.parametrize("refusal", [MeetingCaseNotFound(), RoleMissing()])
async def test_a_case_without_sessions_for_me_is_still_a_case(
    front: Front, backends: Backends, refusal: MeetingCaseNotFound | RoleMissing
) -> None:
    path = await open_case(front, backends, case("LISTED"))
    backends.answers["ListCaseSessions"] = refusal
    assert (await front.client.get(path)).status_code == 200


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
@pytest.mark.parametrize("state", CASE_STATES)
async def test_every_state_has_a_page_in_every_language(
    front: Front, backends: Backends, state: str, language: str
) -> None:
    found = case(state, contributions=[told(), contribution()])
    path = await open_case(front, backends, found, sitting())
    page = await front.client.get(path, headers={"accept-language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text


def test_every_code_has_its_place() -> None:
    assert set(QUIET) == set(CASE_STATES)
    assert set(SIGNS) == set(ACTION_STATES)
    assert set(GAPS) < set(LIFE_DOMAINS)
