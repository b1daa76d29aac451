"""Sign-in, sign-out, the list of my cells."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.errors import Unauthenticated
from services.kit.identity import TokenVerifier, person_id
from services.kit.oidc import OidcClient
from services.kit.principal import PLATFORM
from services.portal.api.guards import COOKIE
from services.portal.api.models.partner_directory import MyCells
from services.portal.api.refused import RefusedSignIns
from services.portal.errors import CsrfTokenMissing, SignInEnded
from services.portal.model import SessionSecret
from services.portal.web import attempt, pages
from services.portal.web.attempt import Attempts
from services.portal.web.sessions import Sessions

logger = logging.getLogger(__name__)

CLIENT = "portal"
CALLBACK = "/signin/callback"


@dataclass(frozen=True, slots=True)
class Web:
    """What the pages need."""

    public_url: str
    issuer: str
    oidc: OidcClient
    verifier: TokenVerifier
    sessions: Sessions
    attempts: Attempts
    refused: RefusedSignIns

    async def signed_in(self, request: Request) -> SessionSecret:
        """A session for the browser that came back, if it is the one that left. Raises Unauthenticated."""
        asked = self.attempts.open(request.cookies.get(attempt.COOKIE, ""))
        query = request.query_params
        if not hmac.compare_digest(query.get("state", "").encode(), asked.state.encode()):
            raise Unauthenticated
        if query.get("iss", self.issuer) != self.issuer or "code" not in query:
            raise Unauthenticated
        tokens = await self.oidc.exchange_code(asked, query["code"])
        try:
            await self.verifier.verify_id_token(tokens.id_token or "", CLIENT, asked.nonce)
            return await self.sessions.start(tokens, await self.verifier.verify(tokens.access_token))
        except Unauthenticated:
            # It may be a sign-in that was ended here while the sign-in service was away: end it there, so that the next
            # attempt is a new one.
            await self.oidc.logout(tokens.refresh_token or "")
            raise


async def _web(request: Request) -> Web:
    web: Web = request.app.state.web
    return web


FrontDoor = Annotated[Web, Depends(_web)]

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request, web: FrontDoor) -> Response:
    """The list of my cells, or the way in."""
    try:
        caller = await web.sessions.caller(request.cookies.get(COOKIE, ""))
        await web.verifier.verify(caller.token)
    except Unauthenticated:
        return _without(pages.signed_out(), COOKIE)
    stub = caller.services.partner_directory
    found = await caller.ask(stub.ListMyCells, directory_pb.ListMyCellsRequest(), PLATFORM)
    return pages.my_cells(MyCells.model_validate(found), caller.csrf_token or "")


@router.get("/signin")
async def begin_sign_in(web: FrontDoor) -> Response:
    """To the sign-in service, with a cookie that lets only this browser come back."""
    asked = await web.oidc.pushed_authorization_request(web.public_url + CALLBACK)
    return _with(RedirectResponse(asked.url, 303), attempt.COOKIE, web.attempts.seal(asked))


@router.get(CALLBACK)
async def finish_sign_in(request: Request, web: FrontDoor) -> Response:
    """Back from the sign-in service."""
    try:
        secret = await web.signed_in(request)
    except Unauthenticated:
        web.refused.count(request.scope)
        return _without(pages.sign_in_failed(), attempt.COOKIE)
    return _without(_with(RedirectResponse("/", 303), COOKIE, secret.value), attempt.COOKIE)


@router.post("/signout")
async def sign_out(request: Request, web: FrontDoor) -> Response:
    """By the form of our own page only."""
    sent = (await _form(request)).get("csrf_token", "")
    try:
        secret = SessionSecret.of_cookie(request.cookies.get(COOKIE, ""))
        if not hmac.compare_digest(sent.encode(), secret.csrf_token.encode()):
            raise CsrfTokenMissing
        await web.sessions.sign_out(secret)
    except SignInEnded:
        logger.info("a session that was over was signed out")
    return _without(RedirectResponse("/", 303), COOKIE)


@router.post("/signin/backchannel-logout")
async def backchannel_logout(request: Request, web: FrontDoor) -> Response:
    """The sign-in service says that a sign-in ended. It comes twice at times, and is not repeated when we are slow."""
    try:
        ended = await web.verifier.verify_logout((await _form(request)).get("logout_token", ""), CLIENT)
    except Unauthenticated:
        web.refused.count(request.scope)
        return Response('{"error":"invalid_request"}', 400, media_type="application/json")
    person = person_id(web.issuer, ended.subject) if ended.subject else None
    await web.sessions.end(ended.session_id, person)
    return Response(status_code=200)


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return {name: values[0] for name, values in parse_qs(body, max_num_fields=10).items()}
    except ValueError:
        return {}


def _with(answer: Response, name: str, value: str) -> Response:
    answer.set_cookie(name, value, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def _without(answer: Response, name: str) -> Response:
    answer.delete_cookie(name, secure=True, httponly=True, samesite="lax", path="/")
    return answer
