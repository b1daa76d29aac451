"""The e-mail that asks somebody to set up how they sign in, as a mail server gets it."""

from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from deploy.local.browser import Browser, visible_text
from deploy.local.instance import Instance
from deploy.local.realm_admin import RealmAdmin
from services.kit.oidc import OidcClient
from tests.keycloak.walking import form_with, novice
from tests.mailbox import SENDER, Mailbox, open_mailbox

Client = Callable[[str], OidcClient]
ACTIONS = ["UPDATE_PASSWORD", "CONFIGURE_TOTP"]
SUBJECT = {
    "nl": "Rondetafel: maak je aanmelding klaar",
    "fr": "Rondetafel : préparez votre connexion",
    "de": "Rondetafel: Richten Sie Ihre Anmeldung ein",
    "en": "Rondetafel: set up your sign-in",
}
LASTS = {"nl": "nog 12 uur.", "fr": "encore 12 heures.", "de": "noch 12 Stunden.", "en": "another 12 hours."}
FIRST_ACTION = {
    "nl": "een wachtwoord kiezen",
    "fr": "choisir un mot de passe",
    "de": "ein Passwort wählen",
    "en": "choose a password",
}


@pytest.fixture
async def mailbox(admin: RealmAdmin, tmp_path: Path) -> AsyncIterator[Mailbox]:
    """The mail that Keycloak sends during one test."""
    async with open_mailbox(tmp_path) as mailbox:
        realm = await admin.get()
        smtp = {"host": "127.0.0.1", "port": str(mailbox.port), "from": SENDER, "fromDisplayName": "Rondetafel"}
        await admin.put(body=realm | {"smtpServer": smtp})
        try:
            yield mailbox
        finally:
            await admin.put(body=realm)


async def asked(http: httpx.AsyncClient, client: Client, instance: Instance, person: str, language: str) -> None:
    """Ask as the directory can. The mail speaks the person's `locale`.

    It is taken away again, because it would win over the language that the portal asks the pages for.
    """
    token = (await client("partner-directory").client_credentials()).access_token
    user = f"{instance.keycloak_url}/admin/realms/rondetafel/users/{person}"
    headers = {"Authorization": f"Bearer {token}"}
    query = {"client_id": "portal", "redirect_uri": f"{instance.portal_url}/signin/callback", "lifespan": "43200"}
    known = (await http.get(user, headers=headers)).json()
    steps = [
        await http.put(user, json=known | {"attributes": {"locale": [language]}}, headers=headers),
        await http.put(f"{user}/execute-actions-email", params=query, json=ACTIONS, headers=headers),
        await http.put(user, json=known | {"attributes": {}}, headers=headers),
    ]
    assert [answer.status_code for answer in steps] == [204] * 3
    assert "attributes" not in (await http.get(user, headers=headers)).json()


@pytest.mark.parametrize("language", list(SUBJECT))
async def test_the_mail_says_what_to_do_and_nothing_else(
    mailbox: Mailbox, admin: RealmAdmin, http: httpx.AsyncClient, client: Client, instance: Instance, language: str
) -> None:
    person = await novice(admin)
    await asked(http, client, instance, person.id, language)
    mail = await mailbox.next()
    assert (mail["to"], plain(mail["subject"])) == (person.email, SUBJECT[language])
    assert SENDER in mail["from"]

    text, html = part(mail, "plain"), part(mail, "html")
    for words in (plain(text), plain(visible_text(httpx.Response(200, text=html)))):
        assert LASTS[language] in words
        assert FIRST_ACTION[language] in words
        assert "112" in words
    assert "<" not in text
    assert f'<html lang="{language}"' in html
    assert "#1b6c68" in html
    assert "<img" not in html
    assert "url(" not in html
    (link,) = [line for line in text.splitlines() if line.startswith("http")]
    assert link.replace("&", "&amp;") in html


async def test_the_link_of_the_mail_leads_to_the_first_action(
    mailbox: Mailbox, admin: RealmAdmin, http: httpx.AsyncClient, client: Client, instance: Instance
) -> None:
    person = await novice(admin)
    await asked(http, client, instance, person.id, "nl")
    mail = await mailbox.next()
    (link,) = [line for line in part(mail, "plain").splitlines() if line.startswith("http")]
    async with Browser() as browser:
        page = await browser.open(link)
        assert "een wachtwoord kiezen" in visible_text(page)
        begin = page.text.split('<a class="govuk-button" href="')[1].split('"')[0].replace("&amp;", "&")
        page = await browser.open(httpx.URL(str(page.url)).join(begin).__str__())
        assert form_with(page, "password-new")


def part(mail: EmailMessage, kind: str) -> str:
    """The text of one of the two bodies."""
    body = mail.get_body((kind,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content


def plain(text: str) -> str:
    """With each run of white space, also no-break ones, as one space."""
    return " ".join(text.split())
