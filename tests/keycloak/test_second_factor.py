"""Somebody without a second factor sets one up at the real pages, from nothing to a signed-in person of level 2."""

from collections.abc import Callable

import pytest

from deploy.local.browser import Browser, visible_text
from deploy.local.instance import Instance
from deploy.local.realm_admin import RealmAdmin
from services.kit.identity import TokenVerifier
from services.kit.oidc import OidcClient
from tests.keycloak.walking import PASSWORD, Walk, novice, page_id, parse_code, text_key

Client = Callable[[str], OidcClient]
Verifier = Callable[[str], TokenVerifier]
WRONG = {
    "nl": "Deze code klopt niet of is al gebruikt.",
    "fr": "Ce code n’est pas correct ou a déjà servi.",
}


@pytest.mark.parametrize("language", ["nl", "fr"])
@pytest.mark.parametrize("asked", [("CONFIGURE_TOTP",), ()])
async def test_the_text_key_leads_to_level_2(
    admin: RealmAdmin, client: Client, verifier: Verifier, instance: Instance, language: str, asked: tuple[str, ...]
) -> None:
    """Whether an administrator asks for it or nobody does: without a second factor nobody gets in."""
    person = await novice(admin, *asked)
    async with Browser() as browser:
        walk = Walk(browser, client("portal"), instance)
        page = await walk.fill(await walk.begin(person.email, language=language), password=PASSWORD)
        assert page_id(page) == "login-config-totp"
        key = text_key(page)

        page = await walk.fill(page, totp="000000")
        assert text_key(page) == key
        assert at_the_field(page.text, "totp").startswith(WRONG[language])
        assert page.text.count(WRONG[language]) == 2  # and in the summary
        assert 'role="alert"' in page.text

        tokens = await walk.tokens(await walk.fill(page, totp=parse_code(key)))
        assert (await verifier("case").verify(tokens.access_token)).acr == 2

    async with Browser() as browser:
        walk = Walk(browser, client("portal"), instance)
        page = await walk.fill(await walk.begin(person.email, language=language), password=PASSWORD)
        assert page_id(page) == "login-otp"
        page = await walk.fill(page, otp="000000")
        assert at_the_field(page.text, "otp").startswith(WRONG[language])
        tokens = await walk.tokens(await walk.fill(page, otp=parse_code(key, ahead=1)))
        assert (await verifier("case").verify(tokens.access_token)).acr == 2


def at_the_field(text: str, field: str) -> str:
    """The error that the input of this id names as its description."""
    described = text.split(f' id="{field}" ')[1].split('aria-describedby="')[1].split('"')[0].split()
    assert f"{field}-error" in described
    return text.split(f'id="{field}-error">')[1].split("</span>")[1].split("</p>")[0].strip()


async def test_a_password_first_then_the_second_step(
    admin: RealmAdmin, client: Client, verifier: Verifier, instance: Instance
) -> None:
    person = await novice(admin, "UPDATE_PASSWORD", "CONFIGURE_TOTP")
    async with Browser() as browser:
        walk = Walk(browser, client("portal"), instance)
        page = await walk.fill(await walk.begin(person.email), password=PASSWORD)
        assert page_id(page) == "login-update-password"
        for chosen, repeated, field in (("short", "short", "password-new"), (PASSWORD, "other", "password-confirm")):
            page = await walk.fill(page, password_new=chosen, password_confirm=repeated)
            assert at_the_field(page.text, field)
        page = await walk.fill(page, password_new="another four words", password_confirm="another four words")
        assert page_id(page) == "login-config-totp"
        tokens = await walk.tokens(await walk.fill(page, totp=parse_code(text_key(page))))
        assert (await verifier("case").verify(tokens.access_token)).acr == 2


async def test_a_second_device_from_the_portal(admin: RealmAdmin, client: Client, instance: Instance) -> None:
    """The portal asks for the action; who comes back without a change is told apart from who made one."""
    person = await novice(admin)
    async with Browser() as browser:
        walk = Walk(browser, client("portal"), instance)
        page = await walk.fill(await walk.begin(person.email), password=PASSWORD)
        await walk.tokens(await walk.fill(page, totp=parse_code(text_key(page))))

        page = await walk.begin(person.email, action="CONFIGURE_TOTP")
        assert "Toch niet" in visible_text(page)
        back = await walk.fill(page, totp="", **{"cancel-aia": "true"})
        assert walk.answer(back)["kc_action_status"] == "cancelled"

        page = await walk.begin(person.email, action="CONFIGURE_TOTP")
        page = await walk.fill(page, totp=parse_code(text_key(page)))
        assert at_the_field(page.text, "userLabel") == "Geef dit toestel een naam."
        back = await walk.fill(page, totp=parse_code(text_key(page)), userLabel="work phone")
        assert walk.answer(back)["kc_action_status"] == "success"
    kept = await admin.get(f"users/{person.id}/credentials")
    assert sorted(text.get("userLabel", "") for text in kept if text["type"] == "otp") == ["", "work phone"]
