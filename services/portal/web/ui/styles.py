"""The one stylesheet of the pages, put together at start: the form components in a layer, then a file per pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
ORDER = (
    "letters",
    "tokens",
    "ground",
    "frame",
    "controls",
    "tag",
    "todo",
    "next",
    "steps",
    "ring",
    "table",
    "circle",
    "say",
    "written",
    "factors",
    "plan",
    "timeline",
    "facts",
    "ways",
    "contacts",
    "wizard",
    "live",
    "proof",
    "rows",
    "notice",
    "empty",
    "watermark",
    "print",
)
"""Later files win over earlier ones; print has the last word."""

_LAYERS = b"@layer ground,govuk;\n"
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_LETTERS = re.compile(rb"url\(([\w.-]+)\)")


def stylesheet(addresses: Mapping[str, str]) -> bytes:
    """Everything in its order, without comments; `addresses` says where the letters are. Raises KeyError."""
    parts = [_LAYERS, (STATIC / "vendor" / "govuk.css").read_bytes()]
    for name in ORDER:
        source = _COMMENT.sub(b"", (STATIC / "css" / f"{name}.css").read_bytes())
        parts.append(b"\n".join(line.strip() for line in source.splitlines() if line.strip()) + b"\n")
    return _LETTERS.sub(lambda found: f"url({addresses[found[1].decode()]})".encode(), b"".join(parts))
