"""What somebody began and does not want any more."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.portal.model import DraftRef
from services.portal.web.request.viewer import Posted

router = APIRouter(include_in_schema=False)


@router.post("/drafts/drop")
async def throw_away(sender: Posted) -> Response:
    """One draft as the start page named it; kept anew since, it stays."""
    ref = DraftRef.of(sender.sent.value("ref"))
    if ref:
        await sender.drafts.drop([ref])
    return sender.go("/")
