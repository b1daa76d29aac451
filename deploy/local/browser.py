"""Just enough of a browser to sign in through Keycloak's own pages: cookies, redirects, forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from deploy.local.trust import trusted

MAX_REDIRECTS = 15


@dataclass
class Form:
    """One form of a page: where it goes and what is filled in already."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Browser:
    """One person's browser. Unlike HTTP libraries, it sends `Secure` cookies to loopback over plain http.

    `address` is the loopback address it comes from, such as 127.0.0.7: on one machine many can be tried.
    """

    def __init__(self, address: str | None = None) -> None:
        self.cookies = httpx.Cookies(CookieJar(DefaultCookiePolicy(secure_protocols=("https", "http"))))
        # The library's own cookie handling is kept out of the way: it takes none.
        none = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        way = httpx.AsyncHTTPTransport(verify=trusted(), local_address=address, trust_env=False)
        self._http = httpx.AsyncClient(cookies=none, transport=way, trust_env=False, timeout=60)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def open(self, url: str, *, until: str | None = None) -> httpx.Response:
        """Open a page. A redirect to an address that begins with `until` is not followed but returned."""
        return await self._follow("GET", url, None, until)

    async def submit(self, form: Form, values: Mapping[str, str], *, until: str | None = None) -> httpx.Response:
        """Send a form with these values filled in."""
        return await self._follow("POST", form.action, {**form.fields, **values}, until)

    async def _follow(self, method: str, url: str, data: Mapping[str, str] | None, until: str | None) -> httpx.Response:
        for _ in range(MAX_REDIRECTS):
            request = self._http.build_request(method, url, data=data)
            self.cookies.set_cookie_header(request)
            answer = await self._http.send(request)
            self.cookies.extract_cookies(answer)
            if not answer.has_redirect_location:
                return answer
            method, url, data = "GET", urljoin(url, answer.headers["location"]), None
            if until is not None and url.startswith(until):
                return answer
        raise httpx.TooManyRedirects(f"more than {MAX_REDIRECTS} redirects", request=request)


def forms(page: httpx.Response) -> list[Form]:
    """The forms of a page."""
    reader = _FormReader(str(page.url))
    reader.feed(page.text)
    return reader.forms


def visible_text(page: httpx.Response) -> str:
    """What a person reads on the page, for an error message."""
    reader = _TextReader()
    reader.feed(page.text)
    return " ".join(reader.words)


class _FormReader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._base = base

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(urljoin(self._base, values.get("action", ""))))
        elif tag == "input" and self.forms and "name" in values and values.get("type") != "checkbox":
            self.forms[-1].fields[values["name"]] = values.get("value", "")


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()
