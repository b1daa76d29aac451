"""Sign-ins: the tokens stay here, the browser has a cookie (decision 13)."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from services.kit.clock import Clock
from services.kit.errors import Unauthenticated, Unavailable
from services.kit.execute import Executor, HandlerOf
from services.kit.identities import person_id
from services.kit.identity import Revocations, SignedInPerson, VerifiedToken
from services.kit.oidc import OidcClient, Tokens
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.portal.backends.calls import Caller, Services
from services.portal.backends.noting import Noting
from services.portal.commands.claim_refresh import ClaimRefresh, claim_refresh
from services.portal.commands.drop_sign_in import DropSignIn, drop_sign_in
from services.portal.commands.end_sign_in import EndSignIn, end_sign_in
from services.portal.commands.expire_sign_ins import ExpireSignIns, expire_sign_ins
from services.portal.commands.keep_sign_in import KeepSignIn, keep_sign_in
from services.portal.commands.refresh_sign_in import RefreshSignIn, refresh_sign_in
from services.portal.commands.start_sign_in import StartSignIn, start_sign_in
from services.portal.errors import SignInEnded
from services.portal.model import IDLE, SignInSecret, SignInTokens
from services.portal.policy import PORTAL_ITSELF
from services.portal.queries.find_sign_in import FindSignIn, SignInView, find_sign_in
from services.portal.web.request.endings import Endings
from services.portal.web.request.judging import Judging
from services.portal.web.request.origin import Shown

Command = TypeVar("Command")
Result = TypeVar("Result")

KEEP_EVERY = timedelta(minutes=1)
REFRESH_BEFORE = timedelta(seconds=20)
OTHERS_SECONDS = 15
NOTED_EVERY = timedelta(minutes=5)
"""As long as a token lives: with each new one the directory is told that the sign-in goes on."""
LOOK_SECONDS = 0.1
SWEEP_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser that is signed in: the sign-in, and the caller whose token is good for this request."""

    secret: SignInSecret
    sign_in: SignInView
    caller: Caller


class SignIns:
    """All sign-ins of this portal. Refreshing is single-flight per sign-in, in this process and between processes."""

    def __init__(
        self, executor: Executor, oidc: OidcClient, services: Services, revocations: Revocations, clock: Clock
    ) -> None:
        self._executor = executor
        self._oidc = oidc
        self._services = services
        self._revocations = revocations
        self._clock = clock
        self.endings = Endings(services)
        self.judging = Judging(services)
        self._noting = Noting(services)
        self._refreshing: dict[UUID, asyncio.Task[SignInTokens]] = {}

    async def start(
        self, tokens: Tokens, verified: VerifiedToken, who: SignedInPerson, earlier: str = "", browser: str = ""
    ) -> SignInSecret:
        """A new sign-in for who just signed in; the secret is for the cookie, which replaces the `earlier` one.

        Raises Unauthenticated when the sign-in ended meanwhile; Unavailable when nobody would see it.
        """
        if verified.session_id is None or verified.is_service:
            raise Unauthenticated
        secret, person = SignInSecret.new(), person_id(verified.issuer, verified.subject)
        kept = replace(_kept(tokens), name=who.name, email=who.email)
        until = self._clock() + IDLE + NOTED_EVERY
        await self._noting.begun(verified.session_id, person, browser, verified.provider or "", until)
        command = StartSignIn(secret, verified.session_id, person, kept)
        await self._run(start_sign_in, command, person, verified)
        await self._leave(earlier, verified.session_id)
        return secret

    async def _leave(self, earlier: str, sid: str) -> None:
        """What this browser held before ends; at the sign-in service too, if it was another one there."""
        with contextlib.suppress(SignInEnded):
            secret = SignInSecret.of_cookie(earlier)
            view = await self._run(find_sign_in, FindSignIn(secret))
            if view.sid == sid:
                await self._run(drop_sign_in, DropSignIn(secret))
            else:
                await self.end(view.sid)

    async def caller(self, cookie: str) -> Caller:
        """Who holds this cookie, with a token good for the request. Raises SignInEnded; Unavailable when away."""
        return (await self.visit(cookie)).caller

    async def visit(self, cookie: str, *, keep: bool = True) -> Visit:
        """The same with the sign-in. `keep=False` does not prolong it: for what a page asks by itself."""
        secret = SignInSecret.of_cookie(cookie)
        view = await self._run(find_sign_in, FindSignIn(secret))
        if keep and (view.sitting or self._clock() - view.last_used_at >= KEEP_EVERY):
            view = replace(view, ends_at=await self._run(keep_sign_in, KeepSignIn(secret)))
        tokens = view.tokens if self._fresh(view.tokens) else await self._refreshed(secret, view)
        return Visit(secret, view, Caller(tokens.access_token, self._services, secret.csrf_token))

    async def sit(self, visit: Visit, *, sitting: bool) -> Visit:
        """The person opened the page of a session: with a longer idle time while `sitting` in it."""
        ends_at = await self._run(keep_sign_in, KeepSignIn(visit.secret, sitting))
        return replace(visit, sign_in=replace(visit.sign_in, ends_at=ends_at))

    async def own(
        self, person: UUID, handler: HandlerOf[Command, Result], command: Command, *,
        by: VerifiedToken | Shown | None = None,
    ) -> Result:  # fmt: skip
        """Run what concerns the person alone, drafts and preferences, as the sign-in `by`, or by what was shown."""
        principal = Principal(PrincipalKind.PERSON, person, PLATFORM, acr=by.acr if by else 0)
        return await self._executor.run(_by(principal, by), handler, command)

    async def sweep(self) -> None:
        """Forget old sign-ins every hour, until cancelled."""
        while True:
            with contextlib.suppress(Unavailable):
                await self._run(expire_sign_ins, ExpireSignIns())
            await asyncio.sleep(SWEEP_SECONDS)

    async def sign_out(self, secret: SignInSecret) -> None:
        """End the sign-in here, everywhere and at the sign-in service; the last is tried, the others are sure."""
        view = await self._run(find_sign_in, FindSignIn(secret))
        await self.end(view.sid)
        with contextlib.suppress(Unauthenticated, Unavailable):
            await self._oidc.logout(view.tokens.refresh_token)

    async def end(self, sid: str | None, person: UUID | None = None) -> None:
        """End a sign-in, or all of a person; in this process before anything can fail, then everywhere. Idempotent."""
        if sid is not None:
            self._revocations.end(sid)
        ended = await self._run(end_sign_in, EndSignIn(sid, person), person)
        for each in ended:
            self._revocations.end(each)
        await self.endings.tell(ended)

    def _fresh(self, tokens: SignInTokens) -> bool:
        return tokens.access_expires_at - self._clock() > REFRESH_BEFORE

    async def _refreshed(self, secret: SignInSecret, view: SignInView) -> SignInTokens:
        task = self._refreshing.get(secret.sign_in_id)
        if task is None:
            task = asyncio.create_task(self._refresh(secret, view))
            self._refreshing[secret.sign_in_id] = task
            task.add_done_callback(lambda _: self._refreshing.pop(secret.sign_in_id))
        # Shielded: a browser that gives up must not break off the one use of the refresh token.
        return await asyncio.shield(task)

    async def _refresh(self, secret: SignInSecret, view: SignInView) -> SignInTokens:
        old = await self._run(claim_refresh, ClaimRefresh(secret))
        if old is None:
            return await self._of_another_process(secret)
        fresh = old if self._fresh(old) else await self._renewed(old, view)
        await self._run(refresh_sign_in, RefreshSignIn(secret, fresh))
        if fresh.access_expires_at <= self._clock():
            raise Unavailable("The sign-in service does not answer.")
        return fresh

    async def _renewed(self, old: SignInTokens, view: SignInView) -> SignInTokens:
        """New tokens; the old ones while the sign-in service is away."""
        try:
            fresh = replace(_kept(await self._oidc.refresh(old.refresh_token)), name=old.name, email=old.email)
        except Unavailable:
            return old
        except Unauthenticated:
            await self.end(view.sid)
            raise
        await self._noting.used(view.sid, view.person_id, view.ends_at + NOTED_EVERY)
        return fresh

    async def _of_another_process(self, secret: SignInSecret) -> SignInTokens:
        for _ in range(int(OTHERS_SECONDS / LOOK_SECONDS)):
            view = await self._run(find_sign_in, FindSignIn(secret))
            if self._fresh(view.tokens):
                return view.tokens
            await asyncio.sleep(LOOK_SECONDS)
        raise Unavailable("The sign-in service does not answer.")

    async def _run(
        self, handler: HandlerOf[Command, Result], command: Command, person: UUID | None = None,
        by: VerifiedToken | None = None,
    ) -> Result:  # fmt: skip
        principal = replace(system(PORTAL_ITSELF, PLATFORM), on_behalf_of=person)
        return await self._executor.run(_by(principal, by), handler, command)


def _by(principal: Principal, token: VerifiedToken | Shown | None) -> Principal:
    """The principal with what stands behind it."""
    if token is None:
        return principal
    return replace(principal, identities=token.identities, issued_at=token.issued_at)


def _kept(tokens: Tokens) -> SignInTokens:
    if tokens.refresh_token is None:
        raise Unauthenticated
    return SignInTokens(tokens.access_token, tokens.expires_at, tokens.refresh_token)
