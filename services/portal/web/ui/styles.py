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
_COLON = re.compile(rb"(?<=[\w-]): (?=[^\n{}\"]*[;}])")
"""Between a property and its value; not within what is written as content."""
_LETTERS = re.compile(rb"url\(([\w.-]+)\)")


def stylesheet(addresses: Mapping[str, str]) -> bytes:
    """Everything in its order, without comments; `addresses` says where the letters are. Raises KeyError."""
    parts = [_LAYERS, (STATIC / "vendor" / "govuk.css").read_bytes()]
    for name in ORDER:
        source = _COMMENT.sub(b"", (STATIC / "css" / f"{name}.css").read_bytes())
        lines = (line.strip() for line in source.splitlines() if line.strip())
        parts.append(_tight(b"\n".join(lines)) + b"\n")
    return _LETTERS.sub(lambda found: f"url({addresses[found[1].decode()]})".encode(), b"".join(parts))


def _tight(css: bytes) -> bytes:
    """Without the white space that says nothing: some 300 bytes of each first visit, which has 80,000 at most."""
    for loose, tight in ((b"{\n", b"{"), (b";\n", b";"), (b",\n", b","), (b"}\n", b"}"), (b" {", b"{"), (b";}", b"}")):
        css = css.replace(loose, tight)
    return _COLON.sub(b":", css)
