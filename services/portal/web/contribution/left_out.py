"""What an author left out when sharing stays with the author for fourteen days, sealed like a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kit.clock import local_date
from services.portal.commands.save_draft import SaveDraft
from services.portal.model import LEFT_OUT_KEPT, DraftRef
from services.portal.queries.find_drafts import DraftView
from services.portal.web.contribution.share_view import Sharing
from services.portal.web.request.viewer import Sender, Viewer


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Sentences that one sharing left out; `until` is the last day they are there."""

    ref: DraftRef
    text: str
    until: date


async def left_out_of(viewer: Viewer, sharing: Sharing) -> list[LeftOut]:
    """What the author left out of this contribution, oldest first; nobody else has any."""
    found = await viewer.drafts.find(_form(sharing)) if viewer.visit.sign_in.drafts else ()
    return [LeftOut(row.ref, row.fields["text"][0], local_date(row.saved_at + LEFT_OUT_KEPT)) for row in found[::-1]]


async def keep_left_out(sender: Sender, sharing: Sharing) -> DraftRef | None:
    """Before the text is shortened. Once for each text there was: an attempt that is repeated leaves out anew."""
    if not sharing.left_out:
        return None
    version = [str(sharing.contribution.version)]
    found = await sender.drafts.find(_form(sharing))
    earlier = next((row.ref for row in found if _version(row) == version), None)
    fields = {"version": version, "text": [sharing.left_out_text]}
    contribution = UUID(sharing.contribution.contribution_id)
    kept = await sender.drafts.save(SaveDraft(_form(sharing), contribution, fields, earlier, days=LEFT_OUT_KEPT.days))
    return kept.ref


def _form(sharing: Sharing) -> str:
    # Not below the contribution's own address: the drafts there end when it is shared.
    return f"{sharing.case_address}/left-out/{sharing.contribution.contribution_id}"


def _version(row: DraftView) -> list[str]:
    return list(row.fields["version"])
