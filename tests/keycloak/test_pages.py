"""Keycloak's pages in a real Chromium: accessible in each language, width and scheme; security keys work."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from playwright.async_api import Browser

from deploy.local.code_flow import CodeFlow
from deploy.local.instance import Instance
from deploy.local.people import Person
from deploy.local.realm_admin import RealmAdmin
from services.kit.identity import TokenVerifier
from services.kit.oidc import OidcClient, SignInRequest
from tests.browser import running_browser
from tests.keycloak.test_face import UNKNOWN_REQUEST
from tests.keycloak.walking import PASSWORD, arrivals, novice
from tests.pages import checks
from tests.pages.axe import axe_violations
from tests.pages.watched import Watched
from tests.patience import HANGS_AFTER

Client = Callable[[str], OidcClient]
LOOKS = [(width, scheme) for width in (1280, 320) for scheme in ("light", "dark")]
SEND = "main form button:not([type=button])"
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One for all."""
    async with running_browser() as browser:
        yield browser


class Visitor:
    """Somebody at the pages, with the portal's request under way."""

    def __init__(self, watched: Watched, portal: OidcClient, instance: Instance) -> None:
        self.watched = watched
        self.portal = portal
        self.instance = instance
        self.request: SignInRequest | None = None

    async def begin(self, *, language: str = "nl", action: str | None = None, hint: str | None = None) -> None:
        """The first page of a sign-in."""
        self.request = await self.portal.pushed_authorization_request(
            f"{self.instance.portal_url}/signin/callback", language=language, action=action, login_hint=hint
        )
        await self.watched.open(self.request.url)

    async def send(self, **values: str) -> None:
        """Fill in fields by their ids and press the button."""
        for name, value in values.items():
            await self.watched.page.fill(f"#{name}", value)
        await self.press(SEND)

    async def press(self, selector: str) -> None:
        """Press something and wait for what comes of it."""
        async with self.watched.settled():
            await self.watched.page.click(selector)

    async def touch(self, page_id: str) -> None:
        """Have the key asked for, and wait for the page that its answer leads to: the key answers in its own time."""
        async with self.watched.settled():
            await self.watched.page.click("#webauthn-start")
            await self.watched.page.locator(f"body[data-page-id=login-{page_id}]").wait_for()

    async def audit(self, page_id: str) -> list[str]:
        """What is amiss with this page, in every look."""
        page = self.watched.page
        assert await self.watched.evaluate("document.body.dataset.pageId") == f"login-{page_id}"
        found = checks.quiet_console(self.watched) + checks.foreign_requests(self.watched, self.instance.gate_url)
        for width, scheme in LOOKS:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            amiss = await axe_violations(self.watched) + await checks.sideways_scroll(self.watched)
            amiss += await checks.text_spacing(self.watched)
            found += [f"{page_id} {width} {scheme}: {fault}" for fault in amiss]
        return found + await checks.forced_colours(self.watched)


@pytest.fixture
async def visitor(chromium: Browser, client: Client, instance: Instance) -> AsyncIterator[Visitor]:
    """With an empty browser of their own."""
    context = await chromium.new_context(locale="nl-BE", reduced_motion="reduce")
    yield Visitor(await Watched.new(context), client("portal"), instance)
    await context.close()


@pytest.mark.usefixtures("organisation")
@pytest.mark.parametrize("language", ["nl", "fr"])
async def test_the_pages_of_signing_in_are_accessible(
    visitor: Visitor, person: Person, admin: RealmAdmin, language: str
) -> None:
    await visitor.begin(language=language)
    found = await visitor.audit("login-username")
    await visitor.send()
    found += await visitor.audit("login-username")
    await visitor.send(username=person.email)
    found += await visitor.audit("login")
    await visitor.send(password="wrong")
    found += await visitor.audit("login")
    await visitor.send(password=person.password)
    found += await visitor.audit("login-otp")
    await visitor.send(otp="000000")
    found += await visitor.audit("login-otp")
    await visitor.watched.open(f"{visitor.instance.issuer}/protocol/openid-connect/auth?{UNKNOWN_REQUEST}")
    assert found + await visitor.audit("error") == []


async def test_the_page_that_asks_to_wait_is_accessible(visitor: Visitor, admin: RealmAdmin) -> None:
    """It is the gate's own, in the same look, and leads back to the form."""
    somebody = await novice(admin)
    await visitor.begin(hint=somebody.email)
    for _ in range(5):
        await visitor.send(password="wrong")
    found = []
    for language in ("nl", "de"):
        await visitor.begin(language=language, hint=somebody.email)
        await visitor.send(password=PASSWORD)
        assert await visitor.watched.evaluate("document.documentElement.lang") == language
        found += await visitor.audit("slow")
    await visitor.press("main a.govuk-button")
    assert await visitor.watched.evaluate("document.body.dataset.pageId") == "login-login"
    assert found == []


@pytest.mark.parametrize("language", ["nl", "fr"])
async def test_the_pages_of_setting_up_are_accessible(visitor: Visitor, admin: RealmAdmin, language: str) -> None:
    somebody = await novice(admin, "UPDATE_PASSWORD", "CONFIGURE_TOTP")
    await visitor.begin(language=language, hint=somebody.email)
    await visitor.send(password=PASSWORD)
    found = await visitor.audit("login-update-password")
    await visitor.press("[data-shows=password-new]")
    assert await visitor.watched.evaluate("document.getElementById('password-new').type") == "text"
    await visitor.send(**{"password-new": "short", "password-confirm": "short"})
    found += await visitor.audit("login-update-password")
    await visitor.send(**{"password-new": "another four words", "password-confirm": "another four words"})
    found += await visitor.audit("login-config-totp")
    await visitor.send(totp="000000")
    assert found + await visitor.audit("login-config-totp") == []


async def test_a_page_that_answers_a_form_can_be_loaded_again(visitor: Visitor, person: Person) -> None:
    await visitor.begin(hint=person.email)
    await visitor.send(password=person.password)
    assert "session_code" not in visitor.watched.page.url
    await visitor.watched.open(visitor.watched.page.url)
    assert await visitor.watched.evaluate("document.body.dataset.pageId") == "login-login-otp"


async def test_a_security_key_is_added_from_the_portal_and_signs_in(
    visitor: Visitor, person: Person, flow: CodeFlow, verifier: Callable[[str], TokenVerifier], admin: RealmAdmin
) -> None:
    await plug_in(visitor)
    async with arrivals(visitor.instance) as arrived:
        found = await add_key(visitor, flow, person)
        assert (await asyncio.wait_for(arrived.get(), HANGS_AFTER))["kc_action_status"] == ["success"]
        assert await names_of_keys(admin, person) == ["blue key"]

        found += await come_to_key(visitor, person)
        await visitor.press("#webauthn-start")
        code = (await asyncio.wait_for(arrived.get(), HANGS_AFTER))["code"][0]
    assert visitor.request is not None
    tokens = await visitor.portal.exchange_code(visitor.request, code)
    assert (await verifier("case").verify(tokens.access_token)).acr == 2
    assert found == []


async def test_a_wrong_key_says_so_and_may_be_tried_again(visitor: Visitor, person: Person, flow: CodeFlow) -> None:
    authenticator = await plug_in(visitor)
    async with arrivals(visitor.instance):
        await add_key(visitor, flow, person)
    await come_to_key(visitor, person)
    await visitor.watched.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    await visitor.touch("webauthn-error")
    found = await visitor.audit("webauthn-error")
    await visitor.press("[name=isSetRetry]")
    assert found + await visitor.audit("webauthn-authenticate") == []


async def plug_in(visitor: Visitor) -> str:
    """A key that is touched at once whenever it is asked; gives its id."""
    await visitor.watched.cdp.send("WebAuthn.enable")
    made = await visitor.watched.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    authenticator: str = made["authenticatorId"]
    return authenticator


async def add_key(visitor: Visitor, flow: CodeFlow, person: Person) -> list[str]:
    """As the portal's page does, up to the return to the portal; gives what is amiss with the page."""
    await visitor.begin(hint=person.email, action="webauthn-register")
    await visitor.send(password=person.password)
    await visitor.send(otp=await flow.people.take_code(person.name))
    found = await visitor.audit("webauthn-register")
    await visitor.send(authenticatorLabel="blue key")
    await visitor.watched.page.wait_for_url(f"{visitor.instance.portal_url}/**")
    return found


async def come_to_key(visitor: Visitor, person: Person) -> list[str]:
    """Sign in anew up to the page that asks for the key; gives what is amiss on the way."""
    await visitor.watched.page.context.clear_cookies()
    await visitor.begin(hint=person.email)
    await visitor.send(password=person.password)
    await visitor.press("[name=tryAnotherWay]")
    found = await visitor.audit("select-authenticator")
    await visitor.press(".signin-way:has-text('Beveiligingssleutel')")
    return found + await visitor.audit("webauthn-authenticate")


async def names_of_keys(admin: RealmAdmin, person: Person) -> list[str]:
    (user,) = await admin.get("users", email=person.email, exact=True)
    kept = await admin.get(f"users/{user['id']}/credentials")
    return [text["userLabel"] for text in kept if text["type"] == "webauthn"]
