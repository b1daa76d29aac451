"""In a real browser: the coordinator invites by the page; who is invited comes from letter to table, by phone."""

from __future__ import annotations

import re
import secrets

import pytest

from deploy.local.invited import code_of
from deploy.local.people import People, Person
from deploy.local.platform import Platform
from deploy.local.towns import CAW
from tests.browser import Contexts, Look
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.pages.drivers import Mouse
from tests.pages.visitor import Visitor, visiting

PHONE = Look(width=390, touch=True)


@pytest.fixture
async def table(platform: Platform) -> object:
    """One of people who have sat at one before."""
    async with table_of_the_pool(platform) as table:
        yield table


async def newcomer(platform: Platform) -> Person:
    """Somebody with an account and without any mandate."""
    tag = secrets.token_hex(4)
    person = Person.invent(f"robin-{tag}", "Robin Nieuw", f"{tag}.example")
    async with platform.keycloak.admin() as admin:
        await People(platform.instance).add(admin, [person])
    return person


async def invite(an: Visitor, table: Table, person: Person) -> str:
    """By the form, read once more, and sent; the id of the invitation."""
    await an.open(table.path("mandates"))
    await an.follow("Nodig iemand uit")
    for label, text in (
        ("Voornaam", "Robin"), ("Familienaam", "Nieuw"), ("E-mailadres", person.email),
        ("Nummer van de organisatie", CAW),
    ):  # fmt: skip
        await an.fill(label, text)
    page = an.watched.page
    for field, text in (("from-day", "1"), ("from-month", "1"), ("from-year", "2026"), ("to-day", "31"),
                        ("to-month", "12"), ("to-year", "2028")):  # fmt: skip
        await page.locator(f"[name={field}]").fill(text)
    await page.locator("[name=role][value=participant]").check()
    await page.locator("[name=legal_basis][value=decree-vl-2021-05-21]").check()
    await an.press_button("Verder")
    await an.reads("Is dit wie je uitnodigt?", "Robin Nieuw", person.email, "Deelnemer")
    await an.press_button("Stuur de uitnodiging")
    await an.reads("De brief vertrekt zo dadelijk.", "Robin Nieuw", person.email)
    found = (await table["an"].get(table.path("invitations"))).body["invitations"]
    return next(str(guest["invitation_id"]) for guest in found if guest["email"] == person.email)


async def test_from_the_letter_to_the_table_by_phone(contexts: Contexts, platform: Platform, table: Table) -> None:
    person = await newcomer(platform)
    async with visiting(contexts, table.account("an"), Mouse) as an:
        invitation = await invite(an, table, person)
        code = await code_of(platform.instance, invitation)
        async with visiting(contexts, person.name, Mouse, PHONE, signed_in=False) as robin:
            await robin.open(f"/invitation/{table.cell}/{invitation}")
            await robin.reads("Je bent uitgenodigd aan de tafel")
            await robin.follow("Verder naar aanmelden")
            await robin.answer_sign_in()
            assert robin.at == f"/invitation/{table.cell}/{invitation}"
            await robin.fill(re.compile("De code uit de brief"), "AAAA AAAA")
            await robin.press_button("Aan tafel komen")
            await robin.reads("Deze code opent deze uitnodiging niet")
            await robin.fill(re.compile("De code uit de brief"), code.lower().replace("-", " "))
            await robin.press_button("Aan tafel komen")
            await robin.reads("Wat je hier hoort, blijft hier")
            assert robin.at.startswith(table.path("undertaking"))
            await robin.choose("Ik las deze tekst, en ik beloof dit")
            await robin.press_button("Ga verder naar de tafel")
            at = table.path("").rstrip("/")

            async def seated() -> bool | None:
                """The other services hear of the promise within a second."""
                await robin.open(at)
                return robin.at == at or None

            await until("Robin is at the table", seated)
            await robin.reads("Wie aan deze tafel zit")
        await an.open(table.path("mandates"))
        await an.reads("Robin Nieuw", "Gegeven door de cel")
        await an.does_not_read(person.email)
