"""Who stands before the pages: anyone, somebody signed in, or somebody who sends a form; each page asks for one."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from uuid import UUID

import grpc
from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from services.kit.addresses import readable_address
from services.kit.clock import BRUSSELS, local_date
from services.kit.cookies import cookie_of
from services.kit.errors import Unauthenticated
from services.kit.execute import HandlerOf
from services.kit.identities import person_id
from services.kit.identity import VerifiedToken
from services.portal.api.guards import COOKIE
from services.portal.backends.calls import Services
from services.portal.commands.save_draft import Saved
from services.portal.commands.set_preference import SetPreference, set_preference
from services.portal.errors import CsrfTokenMissing
from services.portal.model import LANGUAGES
from services.portal.web.request.drafts import Drafts, address_of, keep_late, keeps_by_itself
from services.portal.web.request.here import here
from services.portal.web.request.origin import unmasked
from services.portal.web.request.packed import packed
from services.portal.web.request.sign_ins import Visit
from services.portal.web.request.web import Web
from services.portal.web.ui.drafts import NEW, compare, left
from services.portal.web.ui.forms import Form, uuid_or_none
from services.portal.web.ui.language import Language
from services.portal.web.ui.table import TableView

LANGUAGE_COOKIE = "__Host-rondetafel-language"
SCHEME_COOKIE = "__Host-rondetafel-scheme"

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Command = TypeVar("Command")
Result = TypeVar("Result")


class Visitor:
    """Anyone who comes, in the language the browser asks for."""

    def __init__(self, web: Web, request: Request, chosen: tuple[str, ...] = (), scheme: str = "") -> None:
        self.web = web
        self.request = request
        cookie = cookie_of(request.scope, LANGUAGE_COOKIE)
        accepted = request.headers.get("accept-language", "")
        self.language: Language = web.renderer.languages.choose((*chosen, cookie), accepted)
        self.scheme = scheme or cookie_of(request.scope, SCHEME_COOKIE)
        self.signed_in = False

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.web.clock()

    @property
    def here(self) -> str:
        """The address of this page with its query, to come back to it; of what a form led to, the page it stood on."""
        return here(self.request, self.language)

    @property
    def today(self) -> date:
        """The day it is in Brussels."""
        return local_date(self.now)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page filled with this context."""
        given = {"viewer": self, "table": None, "tab": "", "live": False, "watermark": "", **context}
        form = given.get("form")
        if isinstance(form, Form) and form.beside:
            compare(form, lambda plain: self.web.renderer.html(self.language, template, {**given, "form": plain}))
        html = self.web.renderer.html(self.language, template, given)
        return packed(html, status, self.request.headers.get("accept-encoding", ""))

    def form(self) -> Form:
        """An empty form."""
        return Form(self.language)

    def go(self, address: str) -> Response:
        """On to another page, so that a reload sends nothing twice."""
        return RedirectResponse(address, 303)


class Viewer(Visitor):
    """Somebody signed in."""

    def __init__(self, web: Web, request: Request, visit: Visit, verified: VerifiedToken) -> None:
        super().__init__(web, request, (visit.sign_in.language,), visit.sign_in.scheme)
        self.visit = visit
        self.verified = verified
        self.signed_in = True
        self.host = False
        """Set on the pages of the host, which have a menu of their own."""

    @property
    def person_id(self) -> UUID:
        """Who it is."""
        return person_id(self.verified.issuer, self.verified.subject)

    @property
    def name(self) -> str:
        """What the sign-in service calls the person."""
        return self.visit.sign_in.tokens.name

    @property
    def email(self) -> str:
        """The address the sign-in service knows the person by, as people read it."""
        return readable_address(self.visit.sign_in.tokens.email)

    @property
    def initials(self) -> str:
        """Of the first and the last word of the name that have a letter."""
        letters = [next(filter(str.isalpha, word), "") for word in self.name.split()]
        named = list(filter(None, letters))
        return "".join(named[:: max(len(named) - 1, 1)]).upper()

    @property
    def mark(self) -> str:
        """Who looks and when, for the watermark of pages with content."""
        return f"{self.name} {self.now.astimezone(BRUSSELS):%d.%m.%Y %H.%M}"

    @property
    def ends_at(self) -> datetime:
        """When the sign-in ends by itself."""
        return self.visit.sign_in.ends_at

    @property
    def seconds_left(self) -> int:
        """Whole seconds until then."""
        return max(0, int((self.ends_at - self.now).total_seconds()))

    @property
    def who(self) -> str:
        """By which a page knows whether the person it was shown to still is the one who is signed in."""
        return sha256(self.person_id.bytes).hexdigest()[:16]

    @property
    def shown(self) -> str:
        """For a form that may be kept: that it was shown to this person at the address of this page."""
        return self.drafts.proof

    @property
    def csrf_token(self) -> str:
        """For the forms of one page: another one each time, so that packing a page tells nothing of it."""
        return self.visit.secret.masked_csrf_token

    async def ask(
        self, method: grpc.aio.UnaryUnaryMultiCallable[Asked, Answer], asked: Asked, cell: UUID, key: str | None = None
    ) -> Answer:
        """Ask a service in a cell. Raises Refused with what it said."""
        return await self.visit.caller.ask(method, asked, cell, key)

    @property
    def services(self) -> Services:
        """The stubs of the services, by aggregate."""
        return self.visit.caller.services

    async def table(self, cell: UUID) -> TableView:
        """The table of a cell: towns, people, the viewer's place. Raises Refused."""
        read = self.services.cell.ReadTable
        return await self.web.tables.read(cell, self.language, lambda asked: self.ask(read, asked, cell))

    async def own(self, handler: HandlerOf[Command, Result], command: Command) -> Result:
        """Run what concerns the viewer alone."""
        return await self.web.sign_ins.own(self.person_id, handler, command, by=self.verified)

    @property
    def drafts(self) -> Drafts:
        """What the viewer typed and did not send."""
        return Drafts(self.web.sign_ins, self.web.proofs, self.request, self.person_id, self.verified)

    async def form_with_draft(self, *, many: bool = False) -> Form:
        """The form of this page as the viewer left it; `many` for a page that makes a new thing each time."""
        found = await self.drafts.find() if self.visit.sign_in.drafts else ()
        return left(self.language, found, self.request.query_params.get("draft", ""), many=many)


class Sender(Viewer):
    """Somebody signed in who sent a form of one of our own pages."""

    def __init__(self, web: Web, request: Request, visit: Visit, verified: VerifiedToken, form: Form) -> None:
        super().__init__(web, request, visit, verified)
        self.sent = form


async def front_door(request: Request) -> Web:
    """What the pages need."""
    web: Web = request.app.state.web
    return web


FrontDoor = Annotated[Web, Depends(front_door)]


async def _viewer(request: Request, web: FrontDoor) -> Viewer:
    visit, verified = await visiting(request, web)
    viewer = Viewer(web, request, visit, verified)
    request.scope["visitor"] = viewer
    return viewer


async def visiting(request: Request, web: Web, *, keep: bool = True) -> tuple[Visit, VerifiedToken]:
    """The sign-in of this browser and its token. Raises Unauthenticated, counted, and TooManyRequests."""
    try:
        visit = await web.sign_ins.visit(cookie_of(request.scope, COOKIE), keep=keep)
        verified = await web.verifier.verify(visit.caller.token)
    except Unauthenticated:
        if cookie_of(request.scope, COOKIE):
            web.refused.count_request(request.scope)
        raise
    web.paces.expect_account(request.scope, verified)
    return visit, verified


async def whoever(request: Request, web: FrontDoor) -> Visitor:
    """Anyone, as a Viewer when signed in."""
    try:
        return await _viewer(request, web)
    except Unauthenticated:
        return Visitor(web, request)


class DraftKept(Exception):
    """The form was sent to be kept, not done: `to` is where the person goes on, `language` what was chosen with it.

    `told` is what a page hears that keeps by itself while somebody types: of which draft its form is now.
    """

    def __init__(self, to: str, language: str = "", told: Mapping[str, str | int] | None = None) -> None:
        super().__init__()
        self.to = to
        self.language = language
        self.told = told


async def posted(request: Request, web: FrontDoor) -> Sender:
    """Somebody signed in who sent a form of ours. Raises Unauthenticated, CsrfTokenMissing.

    The body is left for the refusal page, should the sign-in have ended. With `later`, `keep` or `tongue`, or sent by
    the page itself, a form is kept only, with `drop` its draft is thrown away; raises DraftKept then, FormMalformed
    when its page was not shown to the sender. A form of an earlier sign-in does nothing, and is kept for whom its page
    was shown to.
    """
    request.scope["posted"] = body = await request.body()
    visit, verified = await visiting(request, web)
    form = Form.sent(Viewer(web, request, visit, verified).language, body)
    sender = Sender(web, request, visit, verified, form)
    if not hmac.compare_digest(unmasked(form.value("csrf_token")), visit.secret.csrf_token.encode()):
        late = await keep_late(web.sign_ins, web.proofs, request, form)
        if late and late.person == sender.person_id:
            raise DraftKept(late.address, told=_told(sender, late.saved) if keeps_by_itself(request) else None)
        raise CsrfTokenMissing(field="csrf_token", expected="a form of this session")
    request.scope["visitor"] = sender
    if form.value("drop"):
        await sender.drafts.drop(filter(None, form.seen[:1]))
        raise DraftKept(request.url.path)
    if keeps_by_itself(request):
        raise DraftKept("", told=_told(sender, await sender.drafts.keep(form)))
    if form.value("later") or form.value("keep") or form.value("tongue"):
        raise await _kept(sender)
    return sender


def _told(sender: Sender, saved: Saved | None) -> Mapping[str, str | int]:
    """What the page hears that kept its form: of which draft it is, and how long the sign-in lasts now."""
    return {"draft": str(saved.ref) if saved else "", "left": sender.seconds_left}


async def _kept(sender: Sender) -> DraftKept:
    form, saved = sender.sent, await sender.drafts.keep(sender.sent)
    language, asked = form.value("tongue"), form.value("keep")
    between = {"check": "1"} if form.value("checked") else {}
    if form.value("later") and not (saved and saved.beside):
        return DraftKept("/?kept=1" if saved else "/")
    if language in LANGUAGES:
        await sender.own(set_preference, SetPreference(language, sender.visit.sign_in.scheme))
        return DraftKept(address_of(sender.request, saved, **between), language)
    if asked == NEW or uuid_or_none(asked):
        return DraftKept(f"{sender.request.url.path}?draft={asked}")
    return DraftKept(address_of(sender.request, saved, **between))


Anyone = Annotated[Visitor, Depends(whoever)]
"""For pages that greet whoever comes."""
SignedIn = Annotated[Viewer, Depends(_viewer)]
"""For pages that need a sign-in."""
Posted = Annotated[Sender, Depends(posted)]
"""For what a form does: signed in, and sent by a page of ours."""
