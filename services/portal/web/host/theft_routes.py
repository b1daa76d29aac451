"""The host sees when somebody reported that a sign-in was another's; of nobody."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.web.request.viewer import SignedIn, Viewer
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp

router = APIRouter(include_in_schema=False)


@router.get("/host/thefts")
async def thefts(viewer: SignedIn) -> Response:
    """Each with its moment, and whether the sign-in service and the tables had been told."""
    viewer.host = True
    asked = pb.ListTheftsRequest(page_size=50, cursor=viewer.request.query_params.get("cursor", ""))
    found = await viewer.ask(viewer.services.identity.ListThefts, asked, PLATFORM)
    rows = [_row(viewer, theft) for theft in found.thefts]
    return viewer.page("host/thefts.html", tab="providers", rows=rows, more=found.next_cursor)


def _row(viewer: Viewer, theft: pb.Theft) -> list[Any]:
    say, moment = viewer.language.text, viewer.language.moment
    reported = moment(from_timestamp(theft.reported_at), today=viewer.today)
    if not theft.HasField("followed_at"):
        return [reported, {"text": say(_("not yet")), "sign": "circle-dashed", "kind": "heed"}]
    followed = moment(from_timestamp(theft.followed_at), today=viewer.today)
    return [reported, {"text": followed, "sign": "circle-check", "kind": "done"}]
