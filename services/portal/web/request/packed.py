"""A page as it goes over the wire: packed for who takes it so."""

from __future__ import annotations

import gzip

from fastapi import Response
from fastapi.responses import HTMLResponse

from services.kit.negotiation import takes_gzip

PAGE_VARIES = "accept-encoding, accept-language, cookie"
"""By what of a request one address shows different pages, for the header Vary."""
PACK_ABOVE = 1_000
"""Bytes; less is not worth the work."""


def packed(html: str, status: int, accepted: str) -> Response:
    """The page, packed when it is long and `accepted` (the header Accept-Encoding) allows it."""
    body = html.encode()
    if len(body) > PACK_ABOVE and takes_gzip(accepted):
        return HTMLResponse(gzip.compress(body, 4), status, {"content-encoding": "gzip", "vary": PAGE_VARIES})
    return HTMLResponse(body, status, {"vary": PAGE_VARIES})
