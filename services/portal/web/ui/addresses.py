"""Addresses of our own pages, to go back to."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

LONGEST = 500
"""Letters: it goes into the sealed cookie of a sign-in, of which a browser may carry five."""
_OURS = re.compile(
    r"/(?:[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*/?)?(?:\?(?:[A-Za-z0-9_.=&?/~+-]|%(?!7[Ff])[2-9A-Fa-f][0-9A-Fa-f])*)?"
)
"""A path with one slash at a time and nothing encoded; a query may have what forms send, but no control characters."""


def way_back(sent: str) -> str:
    """The address that was sent along, if it is one of ours; else the start. Never another site."""
    return sent if len(sent) <= LONGEST and _OURS.fullmatch(sent) else "/"


def with_query(path: str, query: str, **more: str) -> str:
    """The page at this path with the query it was asked with, in the one form that is a way back; without it where that
    would be too long."""
    said = {name: value for name, value in parse_qsl(query, keep_blank_values=True) if name not in more}
    whole = urlencode(said | more)
    return next((way for way in (f"{path}?{whole}" if whole else path, path) if way_back(way) == way), "/")
