"""Keycloak's pages have the product's own face, speak the language the portal asks for and fetch nothing elsewhere."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from deploy.local.browser import Browser, visible_text
from deploy.local.desk import INVENTED
from deploy.local.instance import Instance
from deploy.local.realm_admin import RealmAdmin
from deploy.local.theme import SHEETS, STATIC
from services.kit.oidc import OidcClient
from tests.keycloak.walking import PASSWORD, Walk, language_of, novice, page_id

Client = Callable[[str], OidcClient]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
DANGER = {
    "nl": "Acuut gevaar? Bel 112 of 101.",
    "fr": "Danger immédiat ? Appelez le 112 ou le 101.",
    "de": "Akute Gefahr? Wählen Sie 112 oder 101.",
    "en": "Acute danger? Call 112 or 101.",
}
UNKNOWN_REQUEST = "client_id=portal&request_uri=urn:ietf:params:oauth:request_uri:unknown"
FETCHING = {"link": "href", "script": "src", "img": "src", "use": "href"}


class Reader(HTMLParser):
    """What a page would have run, styled or fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in values):
            self.inline.append(tag)
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
        if address := values.get(FETCHING.get(tag, "")):
            self.fetched.append(address)


@pytest.mark.parametrize(
    ("asked", "language"), [("nl", "nl"), ("fr", "fr"), ("de", "de"), ("en", "en"), ("fr-BE", "fr"), ("xx", "nl")]
)
async def test_the_pages_speak_the_language_the_portal_asks_for(
    admin: RealmAdmin, client: Client, instance: Instance, asked: str, language: str
) -> None:
    person = await novice(admin)
    async with Browser() as browser:
        walk = Walk(browser, client("portal"), instance)
        first = await walk.begin(person.email, language=asked)
        for page in (first, await walk.fill(first, password=PASSWORD)):
            assert language_of(page) == language
            assert DANGER[language] in visible_text(page)
            assert INVENTED["DESK_EMAIL"] in visible_text(page), "whom to call who cannot get in"


async def test_a_language_chosen_on_the_page_holds_until_the_portal_asks_again(
    admin: RealmAdmin, client: Client, instance: Instance
) -> None:
    person = await novice(admin)
    async with Browser() as browser:
        walk = Walk(browser, client("portal"), instance)
        page = await walk.begin(person.email, language="nl")
        found = re.search(r'href="([^"]*kc_locale=fr)" lang="fr" hreflang="fr">Français<', page.text)
        assert found
        page = await browser.open(urljoin(str(page.url), found[1].replace("&amp;", "&")))
        assert language_of(page) == "fr"
        assert language_of(await walk.fill(page, password=PASSWORD)) == "fr"
        assert language_of(await walk.begin(person.email, language="nl")) == "nl"


async def test_nothing_is_inline_and_nothing_comes_from_elsewhere(
    admin: RealmAdmin, client: Client, instance: Instance, http: httpx.AsyncClient
) -> None:
    person, forms_go_to = await novice(admin), f"{instance.portal_url} {instance.keycloak_url}"
    async with Browser() as browser:
        walk = Walk(browser, client("portal"), instance)
        pages = [await walk.begin(person.email)]
        pages.append(await walk.fill(pages[0], password="wrong"))
        pages.append(await walk.fill(pages[1], password=PASSWORD))
        pages.append(await browser.open(f"{instance.issuer}/protocol/openid-connect/auth?{UNKNOWN_REQUEST}"))
        assert [page_id(page) for page in pages] == ["login", "login", "login-config-totp", "error"]
        for page in pages:
            assert policy_of(page) == POLICY | {"form-action": f"'self' https: {forms_go_to}"}
            assert page.headers["x-frame-options"] == "DENY"
            assert page.headers["referrer-policy"] == "no-referrer"
            read = Reader(page.text)
            assert read.inline == []
            assert {urlsplit(urljoin(str(page.url), link)).netloc for link in read.fetched} <= {
                urlsplit(instance.gate_url).netloc,
                "",  # the picture with the key, which is in the page itself
            }
            for address in read.fetched:
                if not address.startswith("data:"):
                    assert (await http.get(urljoin(str(page.url), address))).status_code == 200


def policy_of(page: httpx.Response) -> dict[str, str]:
    rules = (rule.strip().partition(" ") for rule in page.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in rules}


async def test_the_looks_are_the_portals_own_files(
    client: Client, instance: Instance, http: httpx.AsyncClient, admin: RealmAdmin
) -> None:
    async with Browser() as browser:
        page = await Walk(browser, client("portal"), instance).begin("nobody@test.example")
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert re.fullmatch(r".*/login/rondetafel/rondetafel\.css\?[0-9a-f]{16}", sheet)
    served = (await http.get(urljoin(str(page.url), sheet))).text
    assert all((STATIC / "css" / f"{name}.css").read_text() in served for name in SHEETS)
    assert (STATIC / "vendor" / "govuk.css").read_text() in served
    letters = re.findall(r"url\(([\w.-]+\.woff2)\)", served)
    assert letters
    for name in letters:
        answer = await http.get(urljoin(str(page.url), urljoin(sheet, name)))
        assert answer.content == (STATIC / "vendor" / name).read_bytes()
