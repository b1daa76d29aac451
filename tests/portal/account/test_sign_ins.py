"""Where the reader is signed in: what is noted of a sign-in, the page of them, and "that was not me"."""

from __future__ import annotations

from datetime import UTC, timedelta
from uuid import uuid4

import grpc
import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.identities import person_id
from services.partner_directory.errors import SignInNotFound
from services.portal.api.guards import COOKIE
from services.portal.backends.noting import family_of
from services.portal.model import IDLE
from services.portal.web.request.sign_ins import NOTED_EVERY
from tests.kit.issuer import ISSUER, NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front, Told, cookies_of, csrf_of
from tests.portal.tables import calls_of

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile Safari/604.1"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"
HERE, THERE = str(uuid4()), str(uuid4())


def mine(*also: pb.MySignIn) -> pb.ListMySignInsResponse:
    """This one, begun now, and others."""
    here = pb.MySignIn(sign_in_id=HERE, asking=True, browser="firefox")
    here.started_at.FromDatetime(NOW)
    here.used_at.FromDatetime(NOW)
    return pb.ListMySignInsResponse(sign_ins=[*also, here])


def another() -> pb.MySignIn:
    sign_in = pb.MySignIn(sign_in_id=THERE, browser="edge", provider_name="CAW Oost")
    sign_in.started_at.FromDatetime(NOW - timedelta(hours=3))
    sign_in.used_at.FromDatetime(NOW - timedelta(hours=2))
    return sign_in


def noted(backends: Backends) -> list[pb.NoteSignInRequest]:
    return [call.request for call in backends.noted]


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (CHROME, "chrome"), (f"{CHROME} Edg/131.0", "edge"), (f"{CHROME} OPR/115", "opera"), (SAFARI, "safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "firefox"),
        (SAFARI.replace("Version/17.4", "FxiOS/133"), "firefox"), (SAFARI.replace("Version/17.4", "CriOS/1"), "chrome"),
        (CHROME.replace("Chrome/131.0.0.0", "SamsungBrowser/27.0 Chrome/125.0"), "samsung"), ("", "other"),
        ("curl/8.5.0", "other"),
    ],
)  # fmt: skip
def test_of_a_browser_its_family_alone_is_kept(agent: str, family: str) -> None:
    assert family_of(agent) == family


async def test_a_sign_in_is_noted_with_the_family_and_the_provider_and_nothing_else(
    front: Front, backends: Backends
) -> None:
    front.keycloak.by = {"idp": "caw-oost", "idp_email": "nele@caw-oost.example"}
    front.client.headers["user-agent"] = CHROME
    assert (await front.sign_in()).status_code == 303
    (asked,) = noted(backends)
    person = person_id(ISSUER, "a-subject")
    assert (asked.session_id, asked.person_id) == (front.keycloak.sid, str(person))
    assert (asked.browser, asked.provider) == ("chrome", "caw-oost")
    assert asked.until.ToDatetime(UTC) == front.harness.clock.now + IDLE + NOTED_EVERY


async def test_what_cannot_be_noted_does_not_begin(front: Front, backends: Backends) -> None:
    backends.answers["NoteSignIn"] = grpc.StatusCode.UNAVAILABLE
    assert (await front.sign_in()).status_code == 503
    assert COOKIE not in cookies_of(front)
    del backends.answers["NoteSignIn"]
    assert (await front.sign_in()).status_code == 303


async def test_with_each_new_token_it_is_said_that_it_goes_on(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.noted.clear()
    front.advance(minutes=1)
    await front.client.get("/api/v1/me")
    assert noted(backends) == []
    front.advance(minutes=4)
    assert (await front.client.get("/api/v1/me")).status_code == 200
    (asked,) = noted(backends)
    assert (asked.session_id, asked.browser) == (front.keycloak.sid, "")
    assert asked.until.ToDatetime(UTC) == front.harness.clock.now + IDLE + NOTED_EVERY
    backends.answers["NoteSignIn"] = grpc.StatusCode.UNAVAILABLE
    front.advance(minutes=5)
    assert (await front.client.get("/api/v1/me")).status_code == 200, "which holds nobody back"


async def test_a_client_of_the_api_is_noted_when_its_token_is_exchanged(front: Front, backends: Backends) -> None:
    bearer = front.bearer()
    for _ in range(2):
        assert (await front.client.get("/api/v1/me", headers=bearer)).status_code == 200
    (asked,) = noted(backends)
    assert (asked.session_id, asked.browser) == (front.keycloak.sid, "client")
    backends.answers["NoteSignIn"] = grpc.StatusCode.UNAVAILABLE
    assert (await front.client.get("/api/v1/me", headers=front.bearer(jti="another"))).status_code == 503


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Waar ik aangemeld ben", "Deze hier", "via CAW Oost", "Meld alle andere af", "Dat was ik niet")),
        ("fr", ("Où je suis connecté·e", "Celui-ci, ici", "par CAW Oost", "Déconnecter tous les autres")),
    ],
)
async def test_the_page_shows_each_and_which_one_this_is(
    front: Front, backends: Backends, language: str, words: tuple[str, ...]
) -> None:
    await front.sign_in()
    backends.answers["ListMySignIns"] = mine(another())
    page = (await front.client.get("/me/sign-ins", headers={"accept-language": language})).text
    assert [word for word in words if word not in page] == []
    assert page.index("Firefox") < page.index("Edge"), "this one first"
    assert (f'value="{THERE}"' in page, f'value="{HERE}"' in page) == (True, False), "this one ends by signing out"


async def test_alone_there_is_nothing_to_end(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ListMySignIns"] = mine()
    page = (await front.client.get("/me/sign-ins")).text
    assert 'name="others"' not in page
    assert 'href="/me/sign-ins"' in (await front.client.get("/me")).text


@pytest.mark.parametrize(
    ("sent", "method", "asked"),
    [
        ({"sign_in": THERE}, "EndMySignIn", pb.EndMySignInRequest(sign_in_id=THERE)),
        ({"others": "1"}, "EndMyOtherSignIns", pb.EndMyOtherSignInsRequest()),
    ],
)
async def test_one_or_all_others_are_ended(
    front: Front, backends: Backends, sent: dict[str, str], method: str, asked: object
) -> None:
    await front.sign_in()
    backends.answers["ListMySignIns"] = mine(another())
    form = {"csrf_token": await csrf_of(front), "key": str(uuid4())}
    answer = await front.client.post("/me/sign-ins", data=form | sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/sign-ins?ended=1")
    assert [call.request for call in backends.calls if call.method == method] == [asked]


@pytest.mark.parametrize("sent", [{}, {"sign_in": "x"}, {"sign_in": ""}])
async def test_what_names_none_ends_none(front: Front, backends: Backends, sent: dict[str, str]) -> None:
    await front.sign_in()
    answer = await front.client.post("/me/sign-ins", data={"csrf_token": await csrf_of(front)} | sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/sign-ins")
    assert not {"EndMySignIn", "EndMyOtherSignIns"} & set(calls_of(backends))


async def test_one_that_is_over_meanwhile_is_said_to_be_gone(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers |= {"ListMySignIns": mine(), "EndMySignIn": SignInNotFound()}
    form = {"csrf_token": await csrf_of(front), "key": str(uuid4()), "sign_in": THERE}
    answer = await front.client.post("/me/sign-ins", data=form)
    assert answer.status_code in (404, 422)


@pytest.mark.parametrize("path", ["/me/sign-ins", "/me/sign-ins/not-me"])
async def test_only_a_form_of_our_own_ends_anything(front: Front, backends: Backends, path: str) -> None:
    await front.sign_in()
    for token in ("", "0" * 128):
        answer = await front.client.post(path, data={"csrf_token": token, "others": "1"})
        assert answer.status_code == 403
    assert not {"EndMyOtherSignIns", "ReportTheft"} & set(calls_of(backends))
    front.client.cookies.clear()
    assert (await front.client.get(path)).status_code == 303


async def test_that_was_not_me_ends_this_one_at_once_and_says_what_to_do(
    front: Front, backends: Backends, told: Told
) -> None:
    await front.sign_in()
    cookie, page = cookies_of(front)[COOKIE], await front.client.get("/me/sign-ins/not-me")
    assert (page.status_code, "ReportTheft" in calls_of(backends)) == (200, False), "reading it does nothing"
    form = {"csrf_token": await csrf_of(front), "key": str(uuid4())}
    answer = await front.client.post("/me/sign-ins/not-me", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?out=stolen")
    assert COOKIE not in cookies_of(front)
    assert "ICT-dienst" in (await front.client.get("/?out=stolen", headers={"accept-language": "nl"})).text
    front.client.cookies.set(COOKIE, cookie, domain="portal.test")
    assert (await front.client.get("/me")).status_code == 303
    assert await told.ended() >= 1


async def test_a_report_that_did_not_arrive_ends_nothing_here(front: Front, backends: Backends) -> None:
    """Else one would think it was said."""
    await front.sign_in()
    backends.answers["ReportTheft"] = grpc.StatusCode.UNAVAILABLE
    form = {"csrf_token": await csrf_of(front), "key": str(uuid4())}
    assert (await front.client.post("/me/sign-ins/not-me", data=form)).status_code in (422, 503)
    assert (await front.client.get("/me")).status_code == 200


@pytest.mark.parametrize(("language", "says"), [("nl", "72 uur"), ("fr", "72 heures")])
async def test_where_the_letter_leads_is_said_what_to_do(front: Front, language: str, says: str) -> None:
    page = await front.client.get("/help/stolen", headers={"accept-language": language})
    assert (page.status_code, says in page.text) == (200, True)
