"""Style, letters, signs and scripts. Their address names their content, so they are kept for a year."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from services.kit.errors import NotFound
from services.kit.negotiation import takes_gzip
from services.portal.web.request.viewer import FrontDoor

router = APIRouter(include_in_schema=False)

KEPT = "public, max-age=31536000, immutable"


@router.get("/assets/{digest}/{name}")
async def asset(digest: str, name: str, request: Request, web: FrontDoor) -> Response:
    """One file. Raises NotFound for an address that is not of its content."""
    found = web.renderer.assets.find(digest, name)
    if found is None:
        raise NotFound
    headers = {"cache-control": KEPT, "vary": "accept-encoding"}
    if found.packed and takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(found.packed, 200, headers | {"content-encoding": "gzip"}, found.media_type)
    return Response(found.content, 200, headers, found.media_type)
