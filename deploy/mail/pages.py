"""The letters on a page of this machine: a list, and each as text and, closed in, as HTML."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from deploy.mail.kept import KeptLetter, KeptLetters

Health = Callable[[], Awaitable[dict[str, bool]]]

OURS = ["localhost", "127.0.0.1"]
"""No other name leads here: links in letters open accounts, and a foreign page could call itself this address."""
SHOWN = ("From", "To", "Subject", "Date", "Message-ID")
CLOSED_IN = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""A letter may be from anybody: no script, no request, nothing of this page."""


def pages(kept: KeptLetters, health: Health) -> Starlette:
    """The list, one letter, its HTML alone, and whether all is well."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )  # fmt: skip

    def show(name: str, **values: Any) -> Response:
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
        return HTMLResponse(templates.get_template(name).render(values), headers={"content-security-policy": policy})

    async def every(request: Request) -> Response:
        return show("list.html", letters=await run_in_threadpool(kept.newest_first))

    async def single(request: Request) -> Response:
        letter = await _asked(kept, request)
        text = linked(letter.body("plain"))
        return show("letter.html", letter=letter, shown=SHOWN, text=text, has_html=bool(letter.body("html")))

    async def html(request: Request) -> Response:
        letter = await _asked(kept, request)
        return HTMLResponse(letter.body("html"), headers={"content-security-policy": CLOSED_IN})

    async def ready(request: Request) -> Response:
        answers = await health()
        return JSONResponse(answers, 200 if all(answers.values()) else 503)

    routes = [
        Route("/", every), Route("/letters/{number:int}", single), Route("/letters/{number:int}/html", html),
        Route("/health/ready", ready),
    ]  # fmt: skip
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=OURS)])


def linked(text: str) -> Markup:
    """The text with its web addresses, each on a line of its own, as links; nothing else of it counts as HTML."""
    return Markup("\n").join(_link(line) if line.startswith(("http://", "https://")) else escape(line)
                             for line in text.splitlines())  # fmt: skip


def _link(line: str) -> Markup:
    return Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(line)


async def _asked(kept: KeptLetters, request: Request) -> KeptLetter:
    letter = await run_in_threadpool(kept.find, request.path_params["number"])
    if letter is None:
        raise HTTPException(404)
    return letter
