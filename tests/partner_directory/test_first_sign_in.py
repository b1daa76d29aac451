"""From an invitation to a signed-in person, at the real Keycloak, by the letter that arrived."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.browser import Browser, visible_text
from deploy.local.keycloak import Keycloak, client_key_file
from deploy.local.servers import Servers
from services.kit.identities import person_id
from services.kit.oidc import OidcClient, load_client_key
from services.kit.policy import Role
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.errors import LetterNotTaken
from services.partner_directory.terms import TERMS
from services.partner_directory.users import Users
from tests.falling_due import run_due
from tests.keycloak.walking import Walk, form_with, page_id, parse_code, text_key
from tests.mailbox import SENDER, Mailbox, open_mailbox
from tests.partner_directory.test_sign_in_letters import NEXT_TRY, letters_of
from tests.partner_directory.test_users import subject_of
from tests.partner_directory.town import Host

CHOSEN = "four words of my own"
SUBJECTS = {
    "nl": "Rondetafel: maak je aanmelding klaar", "fr": "Rondetafel : préparez votre connexion",
    "de": "Rondetafel: Richten Sie Ihre Anmeldung ein",
}  # fmt: skip


@pytest.fixture
async def mailbox(keycloak: Keycloak, tmp_path: Path) -> AsyncIterator[Mailbox]:
    """Where Keycloak hands its letters in during one test."""
    async with open_mailbox(tmp_path) as mailbox, keycloak.admin() as admin:
        realm = await admin.get()
        ours = realm["smtpServer"] | {"port": str(mailbox.port)}
        await admin.put(body=realm | {"smtpServer": ours})
        try:
            yield mailbox
        finally:
            await admin.put(body=realm)


@pytest.fixture
async def users(client: OidcClient, servers: Servers, host: Host) -> AsyncIterator[Users]:
    """The real accounts, in the place of those of the test."""
    await run_due(host.harness, TERMS)
    users = Users(client, servers.instance.issuer, servers.instance.keycloak_url, patience=30, each=30)
    host.sign_in.finding, host.sign_in.writing = users.find_or_create, users.ask_to_set_up
    yield users
    await users.close()


def link_of(letter: EmailMessage) -> str:
    """Where it leads."""
    text = letter.get_body(("plain",))
    assert text is not None
    (link,) = [line for line in text.get_content().splitlines() if line.startswith("http")]
    return str(link)


async def account(keycloak: Keycloak, email: str) -> Any:
    """As Keycloak keeps it."""
    async with keycloak.admin() as admin:
        (found,) = await admin.get("users", email=email, exact=True)
        return await admin.get(f"users/{found['id']}")


async def set_up(walk: Walk, link: str) -> tuple[str, str]:
    """Follow the link, choose a password, set up the app; its key, and what the last page says."""
    page = await walk.browser.open(link)
    begin = page.text.split('<a class="govuk-button" href="')[1].split('"')[0]
    page = await walk.browser.open(str(httpx.URL(str(page.url)).join(html.unescape(begin))))
    assert form_with(page, "password-new")
    page = await walk.fill(page, password_new=CHOSEN, password_confirm=CHOSEN)
    assert page_id(page) == "login-config-totp"
    key = text_key(page)
    return key, visible_text(await walk.fill(page, totp=parse_code(key)))


async def test_invariant_18_who_is_invited_follows_a_letter_without_names_and_signs_in(
    users: Users, mailbox: Mailbox, keycloak: Keycloak, servers: Servers, host: Host
) -> None:
    town, email = await host.town(region="wallonia"), f"{uuid4().hex}@gemeente.example"
    command = town.invitation(Role.COORDINATOR, email=email, given_name="Zwaluw", family_name="Nestkast")
    await town.as_host(invite_person, command)
    await run_due(host.harness, TERMS)
    letter = await mailbox.next()
    written = letter.as_string() + "".join(str(part.get_content()) for part in letter.iter_parts())
    assert "Rondetafel" in written
    assert not [name for name in ("Zwaluw", "Nestkast", "Partner", *town.nis_codes) if name in written]
    assert (letter["To"], " ".join(letter["Subject"].split())) == (email, SUBJECTS["fr"])
    assert SENDER in letter["From"]
    assert "attributes" not in await account(keycloak, email), "the language of the letter is forgotten"
    key_file = client_key_file(servers.instance.secrets, "portal")
    async with Browser() as browser, httpx.AsyncClient(trust_env=False) as http:
        portal = OidcClient(http, servers.instance.issuer, "portal", load_client_key(key_file))
        walk = Walk(browser, portal, servers.instance)
        key, _ = await set_up(walk, link_of(letter))
        assert not (await account(keycloak, email))["requiredActions"]
        async with Browser() as another:
            walk = Walk(another, portal, servers.instance)
            page = await walk.fill(await walk.begin(email), password=CHOSEN)
            tokens = await walk.tokens(await walk.fill(page, otp=parse_code(key, ahead=1)))
    assert person_id(servers.instance.issuer, subject_of(tokens.access_token))
    await town.as_host(invite_person, town.invitation(Role.MAYOR, email=email))
    host.harness.clock.now += NEXT_TRY
    await run_due(host.harness, TERMS)
    assert not await users.ask_to_set_up(email, "nl")
    assert mailbox.rest() == [], "who has set it up is not written to"


@pytest.mark.parametrize("language", SUBJECTS)
async def test_the_letter_speaks_the_language_of_the_town_unless_the_person_has_one(
    users: Users, mailbox: Mailbox, keycloak: Keycloak, language: str
) -> None:
    email = f"{uuid4().hex}@gemeente.example"
    await users.find_or_create(email, "Lieve", "Maes")
    assert await users.ask_to_set_up(email, language)
    assert " ".join((await mailbox.next())["Subject"].split()) == SUBJECTS[language]
    known = await account(keycloak, email)
    async with keycloak.admin() as admin:
        await admin.put(f"users/{known['id']}", known | {"attributes": {"locale": ["de"]}})
    assert await users.ask_to_set_up(email, language)
    assert " ".join((await mailbox.next())["Subject"].split()) == SUBJECTS["de"]
    assert (await account(keycloak, email))["attributes"] == {"locale": ["de"]}


async def test_a_mail_server_that_is_away_keeps_no_mandate_back_and_the_letter_comes_once(
    users: Users, mailbox: Mailbox, host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    await mailbox.close()
    town, email = await host.town(region="wallonia"), f"{uuid4().hex}@gemeente.example"
    receipt = await town.as_host(invite_person, town.invitation(Role.COORDINATOR, email=email))
    assert receipt.state == "SENT"
    with pytest.raises(LetterNotTaken):
        await users.ask_to_set_up(email, "nl")
    await run_due(host.harness, TERMS)
    (waiting,) = await letters_of(host, town.cell_id)
    assert waiting["email"] is not None
    await mailbox.open()
    for _ in range(3):
        host.harness.clock.now += NEXT_TRY
        await run_due(host.harness, TERMS)
    assert (await mailbox.next())["To"] == email
    assert mailbox.rest() == []
    (sent,) = await letters_of(host, town.cell_id)
    assert (sent["email"], sent["sent_at"] is not None) == (None, True)
    assert email not in caplog.text


async def test_what_the_mail_server_says_of_an_address_stands_in_no_log(
    users: Users, mailbox: Mailbox, servers: Servers, caplog: pytest.LogCaptureFixture
) -> None:
    email = f"{uuid4().hex}@gemeente.example"
    await users.find_or_create(email, "Lieve", "Maes")
    mailbox.refuses = email
    with pytest.raises(LetterNotTaken):
        await users.ask_to_set_up(email, "nl")
    mailbox.refuses = ""
    assert await users.ask_to_set_up(email, "nl")
    assert (await mailbox.next())["To"] == email
    assert email not in caplog.text
    log = servers.instance.log("keycloak").read_text()
    lines = [i for i, line in enumerate(log.splitlines()) if email in line]
    assert not lines, "\n".join(log.splitlines()[max(0, lines[0] - 30) : lines[-1] + 60])


async def test_who_is_not_there_or_is_off_is_not_written_to(users: Users, mailbox: Mailbox, keycloak: Keycloak) -> None:
    email = f"{uuid4().hex}@gemeente.example"
    assert not await users.ask_to_set_up(email, "nl")
    await users.find_or_create(email, "Lieve", "Maes")
    assert await users.ask_to_set_up(email, "nl")
    assert (await mailbox.next())["To"] == email
    known = await account(keycloak, email)
    async with keycloak.admin() as admin:
        await admin.put(f"users/{known['id']}", known | {"enabled": False})
    assert not await users.ask_to_set_up(email, "nl")
    assert mailbox.rest() == []
