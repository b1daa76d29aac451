"""Addresses of our own pages, to go back to."""

from __future__ import annotations

import re

_OURS = re.compile(r"/(?!/)[A-Za-z0-9/_.=&?-]{0,300}")


def way_back(sent: str) -> str:
    """The address that was sent along, if it is one of ours; else the start. Never another site."""
    return sent if _OURS.fullmatch(sent) else "/"
