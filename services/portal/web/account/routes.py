"""The way in and out: sign-in, the second step, sign-out, staying signed in, language and light."""

from __future__ import annotations

import contextlib
import hmac
import logging
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from services.kit.addresses import LONGEST_ADDRESS, readable_address
from services.kit.cookies import cookie_of, cookies_of
from services.kit.errors import Unauthenticated
from services.kit.identities import person_id
from services.kit.texts import tidy_line
from services.portal.api.guards import COOKIE
from services.portal.backends.noting import family_of
from services.portal.commands.set_preference import SetPreference, set_preference
from services.portal.errors import CsrfTokenMissing, SignInEnded
from services.portal.model import LANGUAGES, SCHEMES, SignInSecret
from services.portal.web.request.attempts import LIFETIME, Attempt, name_of
from services.portal.web.request.judging import ForeignAddress
from services.portal.web.request.origin import unmasked
from services.portal.web.request.viewer import (
    LANGUAGE_COOKIE,
    SCHEME_COOKIE,
    Anyone,
    FrontDoor,
    Posted,
    SignedIn,
    Viewer,
    Visitor,
    visiting,
    whoever,
)
from services.portal.web.request.web import Web
from services.portal.web.ui.addresses import way_back
from services.portal.web.ui.forms import Form

logger = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

CLIENT = "portal"
PAGES_AUDIENCE = "partner_directory"
"""Tokens of the pages are for the services, never for this door; the directory is the one that every page asks."""
CALLBACK = "/signin/callback"
BROKEN_OFF = "temporarily_unavailable"
"""What the sign-in service answers for a tab that was left behind while another signed in."""
ACTIONS = {"security-key": "webauthn-register", "code": "CONFIGURE_TOTP", "password": "UPDATE_PASSWORD"}
"""What a person may change at the sign-in service, and what that service calls it."""


@router.get("/signin")
async def begin_sign_in(visitor: Anyone) -> Response:
    """To the sign-in service at once, for links and clients without a form."""
    return await _to_sign_in(visitor, visitor.request.query_params.get("to", "/"))


@router.post("/signin")
async def begin_sign_in_by_form(visitor: Anyone, request: Request) -> Response:
    """To the sign-in service with the address that was typed. Nothing is changed here, so no sign-in is asked for."""
    request.scope["posted"] = body = await request.body()
    form = Form.sent(visitor.language, body)
    email = readable_address(tidy_line(form.value("email")))[:LONGEST_ADDRESS]
    return await _to_sign_in(visitor, form.value("to", "/"), login_hint=email or None)


async def _to_sign_in(
    visitor: Visitor, to: str, *, login_hint: str | None = None, action: str | None = None, anew: bool = False,
    more: bool = False,
) -> Response:  # fmt: skip
    web = visitor.web
    asked = await web.oidc.pushed_authorization_request(
        web.public_url + CALLBACK, login_hint=login_hint, language=visitor.language.code, action=action
    )
    attempt = Attempt(replace(asked, url=""), way_back(to), login_hint, action, more, anew)
    answer = _with(RedirectResponse(asked.url, 303), *web.attempts.seal(attempt), lasts=LIFETIME)
    for name in web.attempts.to_drop(cookies_of(visitor.request.scope)):
        answer = _without(answer, name)
    return answer


@router.get(CALLBACK)
async def finish_sign_in(request: Request, web: FrontDoor) -> Response:
    """Back from the sign-in service; by reload or from another tab perhaps for the second time."""
    attempt = None
    try:
        attempt = _attempt_of(web, request)
        secret = await _signed_in(web, request, attempt)
    except ForeignAddress:
        web.refused.count_request(request.scope)
        return (await whoever(request, web)).page("account/foreign.html", 403)
    except Unauthenticated:
        return await _not_by_this(web, request, attempt)
    answer = _with(RedirectResponse(attempt.to, 303), COOKIE, secret.value)
    return _with(answer, *web.attempts.seal(attempt.used), lasts=LIFETIME)


def _attempt_of(web: Web, request: Request) -> Attempt:
    """The attempt by which this browser left, if it is the one that came back. Raises Unauthenticated."""
    name = name_of(request.query_params.get("state", ""))
    opened = web.attempts.open(name, cookie_of(request.scope, name))
    if request.query_params.get("iss", web.issuer) != web.issuer:
        raise Unauthenticated
    return opened


async def _signed_in(web: Web, request: Request, attempt: Attempt) -> SignInSecret:
    """A sign-in for the code with which the browser came back. Raises Unauthenticated, of it ForeignAddress.

    A code is used once: what was used for another is for the sign-in service a reason to end the sign-in.
    """
    if attempt.done or "code" not in request.query_params:
        raise Unauthenticated
    tokens = await web.oidc.exchange_code(attempt.request, request.query_params["code"])
    try:
        who = await web.verifier.verify_id_token(tokens.id_token or "", CLIENT, attempt.request.nonce)
        verified = await web.verifier.verify(tokens.access_token)
        if verified.provider is not None:
            await web.sign_ins.judging.judge(verified.provider, who)
        browser = family_of(request.headers.get("user-agent", ""))
        return await web.sign_ins.start(tokens, verified, who, cookie_of(request.scope, COOKIE), browser)
    except Unauthenticated:
        # It may be a sign-in that was ended here while the sign-in service was away: end it there, so that the next
        # attempt is a new one.
        await web.oidc.logout(tokens.refresh_token or "")
        raise


async def _not_by_this(web: Web, request: Request, attempt: Attempt | None) -> Response:
    """No sign-in comes of this answer. Who is signed in already, by another tab or by this very answer before, goes on;
    one that the sign-in service broke off because of another tab is begun anew, once."""
    visitor = await whoever(request, web)
    to, over = (attempt.to, attempt.done) if attempt else ("/", True)
    broken_off = request.query_params.get("error") == BROKEN_OFF
    if not broken_off and not (over and visitor.signed_in):
        web.refused.count_request(request.scope)
    wanted = not visitor.signed_in or (attempt is not None and attempt.more and not over)
    if attempt and broken_off and wanted and not attempt.anew:
        hint, action = attempt.login_hint, attempt.action
        return await _to_sign_in(visitor, to, login_hint=hint, action=action, more=attempt.more, anew=True)
    return visitor.go(to) if visitor.signed_in else visitor.page("account/failed.html", 401, to=to)


@router.get("/signin/second-step")
async def second_step(viewer: SignedIn) -> Response:
    """Why a second step is needed, and the button to it."""
    return viewer.page("account/second_step.html", to=way_back(viewer.request.query_params.get("to", "/")))


@router.post("/signin/second-step")
async def take_second_step(sender: Posted) -> Response:
    """To the sign-in service and back to the same place. The hint is needed there to step up."""
    return await _to_sign_in(sender, sender.sent.value("to", "/"), login_hint=_hint(sender), more=True)


@router.post("/me/sign-in")
async def change_sign_in(sender: Posted) -> Response:
    """Add a security key, another app, another password: at the sign-in service, and back."""
    action = ACTIONS.get(sender.sent.value("action"))
    if action is None:
        return sender.go("/me")
    return await _to_sign_in(sender, "/me", login_hint=_hint(sender), action=action, more=True)


@router.post("/preferences")
async def choose(visitor: Anyone, request: Request) -> Response:
    """Language, light or dark: kept with the person who is signed in, and in this browser."""
    request.scope["posted"] = body = await request.body()
    form = Form.sent(visitor.language, body)
    answer: Response = RedirectResponse(way_back(form.value("to")), 303)
    language, scheme = form.value("language"), form.value("scheme")
    if language in LANGUAGES:
        answer = _with(answer, LANGUAGE_COOKIE, language)
    if scheme in (*SCHEMES, "system"):
        answer = _with(answer, SCHEME_COOKIE, scheme)
    if isinstance(visitor, Viewer) and _from_own_page(visitor, form):
        chosen = visitor.visit.sign_in
        new_language = language if language in LANGUAGES else chosen.language
        new_scheme = {"system": ""}.get(scheme, scheme) if scheme in (*SCHEMES, "system") else chosen.scheme
        await visitor.own(set_preference, SetPreference(new_language, new_scheme))
    return answer


def _from_own_page(viewer: Viewer, form: Form) -> bool:
    return hmac.compare_digest(unmasked(form.value("csrf_token")), viewer.visit.secret.csrf_token.encode())


@router.post("/signin/keep")
async def keep_signed_in(sender: Posted) -> Response:
    """The person is still there: having sent the form has prolonged the sign-in already."""
    return sender.go(way_back(sender.sent.value("to")))


@router.get("/signin/left")
async def time_left(request: Request, web: FrontDoor) -> Response:
    """How many seconds the sign-in of this browser lasts and whose it is; asked by open pages, it renews nothing."""
    try:
        viewer = Viewer(web, request, *await visiting(request, web, keep=False))
    except Unauthenticated:
        return JSONResponse({"left": 0, "who": ""})
    return JSONResponse({"left": viewer.seconds_left, "who": viewer.who})


@router.get("/signin/over")
async def over(request: Request, web: FrontDoor) -> Response:
    """Where a page goes when its time is over. Still signed in elsewhere in this browser, one goes on from here; of
    itself nothing does, so that two pages left behind do not keep each other signed in."""
    to = way_back(request.query_params.get("to", "/"))
    try:
        viewer = Viewer(web, request, *await visiting(request, web, keep=False))
    except Unauthenticated:
        told = {"kept": "1"} if "draft=" in to else {"over": "1"}
        return RedirectResponse("/?" + urlencode({"to": to} | told), 303)
    return viewer.page("account/covered.html", to=to)


@router.post("/signout")
async def sign_out(request: Request, web: FrontDoor) -> Response:
    """By the form of our own page only; who is signed out already is told the same."""
    form = Form.sent(web.renderer.languages["nl"], await request.body())
    with contextlib.suppress(SignInEnded):
        # Not by way of the caller's token: signing out must work while the sign-in service is away.
        secret = SignInSecret.of_cookie(cookie_of(request.scope, COOKIE))
        if not hmac.compare_digest(unmasked(form.value("csrf_token")), secret.csrf_token.encode()):
            raise CsrfTokenMissing(field="csrf_token", expected="a form of this session")
        await web.sign_ins.sign_out(secret)
    return _without(RedirectResponse("/?out=1", 303), COOKIE)


@router.post("/signin/backchannel-logout")
async def backchannel_logout(request: Request, web: FrontDoor) -> Response:
    """The sign-in service says that a sign-in ended. It comes twice at times, and is not repeated when we are slow."""
    try:
        token = Form.sent(web.renderer.languages["nl"], await request.body()).value("logout_token")
        ended = await web.verifier.verify_logout(token, CLIENT)
    except Unauthenticated:
        web.refused.count_request(request.scope)
        return Response('{"error":"invalid_request"}', 400, media_type="application/json")
    person = person_id(web.issuer, ended.subject) if ended.subject else None
    await web.sign_ins.end(ended.session_id, person)
    return Response(status_code=200)


def _hint(viewer: Viewer) -> str | None:
    return viewer.visit.sign_in.tokens.email or None


def _with(answer: Response, name: str, value: str, *, lasts: timedelta | None = None) -> Response:
    seconds = int(lasts.total_seconds()) if lasts else None
    answer.set_cookie(name, value, seconds, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def _without(answer: Response, name: str) -> Response:
    answer.delete_cookie(name, secure=True, httponly=True, samesite="lax", path="/")
    return answer
