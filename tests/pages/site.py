"""Small pages on the loopback address, good or bad on purpose, to try the checks and the hands on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

GOOD_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
ASSET_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
STYLE = {"Content-Type": "text/css; charset=utf-8", **ASSET_HEADERS}
PICTURE = {"Content-Type": "image/svg+xml", **ASSET_HEADERS}


@dataclass
class Site:
    """What is served, by path; what is `refused` with 404. `sent` is every form that came, as its fields."""

    url: str = ""
    bodies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, Mapping[str, str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    sent: list[dict[str, str]] = field(default_factory=list)

    def put(self, path: str, body: str, *, style: str = "", title: str = "Sample", **headers: str) -> str:
        """Serve a page with this body in its main element; gives its address. Headers are changed, or dropped by ""."""
        sheet = f"<link rel=stylesheet href=/assets{path}.css>" if style else ""
        self.put_file("/assets/icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>', PICTURE)
        head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>{sheet}'
        head += "<link rel=icon href=/assets/icon.svg>"
        self.bodies[path] = f'<!doctype html><html lang="en"><head>{head}</head><body><main>{body}</main></body></html>'
        changed = GOOD_HEADERS | {name.replace("_", "-").title(): value for name, value in headers.items()}
        self.headers[path] = {name: value for name, value in changed.items() if value}
        if style:
            self.put_file(f"/assets{path}.css", style, STYLE)
        return self.url + path

    def put_file(self, path: str, content: str, headers: Mapping[str, str]) -> None:
        """Serve anything else."""
        self.bodies[path], self.headers[path] = content, headers


@contextmanager
def serving() -> Iterator[Site]:
    """A site with nothing on it yet."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            found = path in site.bodies
            self.send_response(200 if found and path not in site.refused else 404)
            for name, value in (site.headers[path] if found else GOOD_HEADERS).items():
                self.send_header(name, value)
            content = site.bodies.get(path, "There is no such page.").encode()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            site.sent.append(dict(parse_qsl(body, keep_blank_values=True)))
            self.send_response(303)
            self.send_header("Location", self.path)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Handler
