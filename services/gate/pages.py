"""The gate's own pages: that somebody must wait, and that Keycloak is away. They need nothing of Keycloak's."""

from __future__ import annotations

import json
import math
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.gate.routes import LOOK
from services.kit.desk import Desk
from services.kit.http import Headers
from services.kit.negotiation import in_order

HERE = Path(__file__).parent
DEFAULT = "nl"
NOBODY = Desk()
LOOK_FILES = ("*.css", "*.svg", "*.woff2")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Pages:
    """Renders them in four languages; `look` is a directory with the style of the sign-in pages, read once.

    `desk` stands in their foot.
    """

    def __init__(self, look: Path, desk: Desk = NOBODY) -> None:
        self._desk = desk
        self._texts: dict[str, dict[str, str]] = json.loads((HERE / "texts.json").read_text(encoding="utf-8"))
        environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
        self._template = environment.get_template("page.html")
        self._look = {file.name: file.read_bytes() for kind in LOOK_FILES for file in look.glob(kind)}

    def slow(self, language: str, seconds: float, back: str) -> bytes:
        """Somebody must wait that long; `back` is where the form is."""
        say = self._texts[language]
        when = say["slow_when"].format(span=_span(say, seconds))
        return self._page(
            language, "slow", title=say["slow_title"], lead=say["slow_lead"], texts=[when, say["slow_why"]], back=back
        )

    def away(self, language: str) -> bytes:
        """Nobody can sign in now."""
        say = self._texts[language]
        return self._page(language, "away", title=say["away_title"], lead=say["away_lead"], texts=[], back="")

    def language(self, known: str, accepted: str) -> str:
        """That of the sign-in so far, else the first of ours that the browser accepts, else Dutch."""
        if known in self._texts:
            return known
        return in_order(accepted, list(dict.fromkeys((DEFAULT, *self._texts))))[0]

    def look(self, path: str) -> tuple[bytes, str] | None:
        """A file of the style and its type, None when there is none of that path."""
        name = path.removeprefix(LOOK)
        if name not in self._look:
            return None
        return self._look[name], mimetypes.guess_type(name)[0] or "application/octet-stream"

    def _page(self, language: str, name: str, **what: object) -> bytes:
        say = self._texts[language]
        values = {"say": say, "language": language, "look": LOOK, "name": name, "desk": self._desk}
        return self._template.render({**values, **what}).encode()


def _span(say: Mapping[str, str], seconds: float) -> str:
    whole = math.ceil(seconds)
    if whole < 60:
        return say["seconds"].format(count=whole)
    minutes = math.ceil(whole / 60)
    return say["minute"] if minutes == 1 else say["minutes"].format(count=minutes)


def page_headers(body: bytes, kind: str = "text/html; charset=utf-8", *, keep: str = "no-store") -> Headers:
    """The headers of one of ours."""
    said = {
        "content-type": kind,
        "content-length": str(len(body)),
        "cache-control": keep,
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
    return [(name.encode(), value.encode()) for name, value in said.items()]
