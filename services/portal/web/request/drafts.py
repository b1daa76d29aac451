"""What was typed is kept: by the page it was typed in, or late, when that page's sign-in is over."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request

from services.kit.errors import RondetafelError, Unavailable
from services.kit.execute import HandlerOf
from services.kit.identity import VerifiedToken
from services.portal.commands.drop_draft import DropDraft, drop_draft
from services.portal.commands.save_draft import Saved, SaveDraft, save_draft
from services.portal.errors import FormMalformed
from services.portal.model import DraftRef
from services.portal.queries.find_drafts import DraftView, FindDrafts, find_drafts
from services.portal.queries.list_drafts import DraftLine, ListDrafts, list_drafts
from services.portal.web.request.origin import Proofs, Shown, unmasked
from services.portal.web.request.sign_ins import SignIns
from services.portal.web.ui.drafts import NEW, beside
from services.portal.web.ui.forms import WHOLE, Form, uuid_or_none
from services.portal.web.ui.language import message as _

logger = logging.getLogger(__name__)

ALSO_ELSEWHERE = _(
    "You wrote on this in another place too. Nothing was sent yet: look at both texts, then send the one you want."
)
Command = TypeVar("Command")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Late:
    """For whom a late form was kept and as which draft, and where that person goes on."""

    person: UUID
    address: str
    saved: Saved


class Drafts:
    """Those of one person, for the forms of the page that was asked for."""

    def __init__(
        self, sign_ins: SignIns, proofs: Proofs, request: Request, person: UUID, by: VerifiedToken | Shown
    ) -> None:
        self._sign_ins = sign_ins
        self._proofs = proofs
        self._request = request
        self._person = person
        self._by = by

    @property
    def proof(self) -> str:
        """For a form that may be kept: that it was shown to this person at the address of this page."""
        return self._proofs.of(self._person, self._request.url.path)

    def from_here(self, form: Form) -> bool:
        """Whether the form proves that: only such a form may be kept."""
        shown = self._proofs.shown(form.value("shown"), self._request.url.path)
        return shown is not None and shown.person == self._person

    async def find(self, form: str = "") -> tuple[DraftView, ...]:
        """What was typed before into the form at this address (this page's own) and not sent."""
        return await self._own(find_drafts, FindDrafts(form or self._request.url.path))

    async def all(self) -> tuple[DraftLine, ...]:
        """The forms of all addresses that were typed into and not sent, without what was typed."""
        return await self._own(list_drafts, ListDrafts())

    async def drop(self, refs: Iterable[DraftRef] = (), form: str = "") -> None:
        """What was sent is kept no longer: these drafts, or all of the forms at an address and below it."""
        await self._own(drop_draft, DropDraft(tuple(refs), form))

    async def keep(self, form: Form) -> Saved | None:
        """Keep a form that was sent here; None when there is nothing in it. Raises FormMalformed."""
        if not self.from_here(form):
            raise FormMalformed(field="shown", expected="a form of our own pages")
        opened = uuid_or_none(form.value("key"))
        if opened is None:
            raise FormMalformed(field="key", expected="the key this form came with")
        began = form.seen[0]
        if began is None and not any(value.strip() for values in form.typed.values() for value in values):
            return None
        device = "phone" if "Mobi" in self._request.headers.get("user-agent", "") else "computer"
        return await self.save(SaveDraft(self._request.url.path, opened, form.to_keep, began, device))

    async def save(self, draft: SaveDraft) -> Saved:
        """Keep it; of too many the oldest give way. Raises DraftTooLarge."""
        saved = await self._own(save_draft, draft)
        if saved.too_many:
            await self.drop(saved.too_many)
        return saved

    async def ended_by(self, form: Form) -> list[DraftRef] | None:
        """The drafts that sending this form is the end of. None when one of them was never shown beside it, such as
        what was kept on another device meanwhile: it stands beside the form now, both are kept.
        """
        opened = uuid_or_none(form.value("key"))
        mine = [draft for draft in await self.find() if draft.opened == opened or draft.ref in form.seen]
        if all(draft.ref in form.seen or draft.fields == form.to_keep for draft in mine):
            return [draft.ref for draft in mine]
        saved = await self.keep(form)
        own = saved.ref if saved else None
        beside(form, own, [draft for draft in mine if draft.ref != own])
        form.fail(WHOLE, ALSO_ELSEWHERE)
        return None

    async def _own(self, handler: HandlerOf[Command, Result], command: Command) -> Result:
        return await self._sign_ins.own(self._person, handler, command, by=self._by)


def address_of(request: Request, saved: Saved | None, **more: str) -> str:
    """The page with the form as it was kept; the form again that was asked for, when nothing was."""
    again = request.query_params.get("draft") == NEW
    draft = str(saved.ref.draft_id) if saved else NEW if again else ""
    query = urlencode(({"draft": draft} if draft else {}) | more)
    return request.url.path + (f"?{query}" if query else "")


async def keep_late(sign_ins: SignIns, proofs: Proofs, request: Request, form: Form) -> Late | None:
    """Keep a form of an earlier sign-in for whom its page was shown to, whoever sends it; nothing is done by it."""
    shown = proofs.shown(form.value("shown"), request.url.path)
    if shown is None or not unmasked(form.value("csrf_token")):
        return None
    try:
        saved = await Drafts(sign_ins, proofs, request, shown.person, shown).keep(form)
    except Unavailable:
        logger.warning("a late form could not be kept")
        return None
    except RondetafelError:
        return None
    return Late(shown.person, address_of(request, saved, again="1"), saved) if saved else None


def keeps_by_itself(request: Request) -> bool:
    """Whether it is an open page that keeps what is typed into it (static/keep.js), and nobody who pressed a button."""
    return request.method == "POST" and "application/json" in request.headers.get("accept", "")
