"""Style, letters, signs, scripts; addressed by their content, so a browser keeps them for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.portal.web.ui.styles import stylesheet
from services.portal.web.ui.theme import theme_address, theme_css

STATIC = Path(__file__).parents[1] / "static"
STYLESHEET = "rondetafel.css"
TYPES: Mapping[str, str] = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}
_SMALL = 600
"""Bytes below which packing is not worth it."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and packed; `packed` is empty where that does not make it smaller."""

    content: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    media_type: str


def asset_of(name: str, content: bytes) -> Asset:
    """With its type, by its name."""
    suffix = Path(name).suffix
    kind = TYPES.get(suffix) or f"{mimetypes.guess_type(name)[0] or 'application/octet-stream'}; charset=utf-8"
    packed = b"" if suffix == ".woff2" or len(content) < _SMALL else gzip.compress(content, 9, mtime=0)
    return Asset(content, packed, kind)


def bare(script: bytes) -> bytes:
    """A script of ours without the lines that are comments alone, and unindented: the source is for reading."""
    lines = (line.strip() for line in script.splitlines())
    return b"\n".join(line for line in lines if line and not line.startswith(b"//")) + b"\n"


class Assets:
    """All of them, read once at start."""

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._found: dict[str, Asset] = {}
        for file in sorted((STATIC / "vendor").iterdir()):
            if file.suffix in (".woff2", ".svg", ".js"):
                self._add(file.name, file.read_bytes())
        for file in sorted(STATIC.glob("*.*")):
            if file.suffix in (".svg", ".js"):
                self._add(file.name, bare(file.read_bytes()) if file.suffix == ".js" else file.read_bytes())
        self._add(STYLESHEET, stylesheet(self._addresses))

    def address(self, name: str) -> str:
        """Where a file is. Raises KeyError for one there is none of: a page that names it does not render."""
        return self._addresses[name]

    def theme_address(self, colour: str) -> str:
        """Where the tints of a cell's colour are."""
        return theme_address(colour)

    def find(self, digest: str, name: str) -> Asset | None:
        """The file at that address, None when there is none of that content."""
        if digest == "theme":
            colour = name.partition(".")[0]
            right = f"/assets/theme/{name}" == theme_address(f"#{colour}")
            return asset_of("theme.css", theme_css(f"#{colour}").encode()) if right else None
        return self._found.get(f"{digest}/{name}")

    def _add(self, name: str, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest()[:16]
        self._addresses[name] = f"/assets/{digest}/{name}"
        self._found[f"{digest}/{name}"] = asset_of(name, content)
