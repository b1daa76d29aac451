"""In a real browser: the coordinator invites by the page; who is invited comes from letter to table, by phone."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

import pytest

from deploy.local.invited import code_of
from deploy.local.people import People, Person
from deploy.local.platform import Platform
from deploy.local.towns import CAW, DECREE
from tests.browser import Contexts, Look
from tests.e2e.bodies import day
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.pages.drivers import Mouse, Touch
from tests.pages.visitor import Visitor, visiting

PHONE = Look(width=390, touch=True)
CODE_FIELD = re.compile("De code uit de brief")
REFUSED = "Deze code opent deze uitnodiging niet, of werkt niet meer. Vraag een nieuwe aan wie je uitnodigde."


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


async def invited(table: Table, person: Person) -> str:
    """The same over the API; the id of the invitation."""
    mandate = {
        "email": person.email, "given_name": "Robin", "family_name": "Nieuw", "kbo_number": CAW, "role": "participant",
        "nis_codes": [table.nis_code], "from": day(0), "to": day(300), "legal_basis": DECREE,
    }  # fmt: skip
    made: str = (await table["an"].post(table.path("mandates"), mandate)).body["id"]
    return made


async def gives(visitor: Visitor, code: str) -> None:
    """The code, on the page where the letter leads."""
    await visitor.fill(CODE_FIELD, code)
    await visitor.press_button("Aan tafel komen")


async def is_refused(visitor: Visitor, address: str, code: str) -> None:
    """Told what can be done about it, on the same page, and nothing else."""
    await visitor.open(address)
    await gives(visitor, code)
    assert (visitor.at, visitor.status) == (address, 422)
    await visitor.reads(REFUSED, "Een code werkt één keer en 14 dagen")
    await visitor.does_not_read("Wat je hier hoort, blijft hier")


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
            await robin.fill(CODE_FIELD, "AAAA AAAA")
            await robin.press_button("Aan tafel komen")
            await robin.reads("Deze code opent deze uitnodiging niet")
            await robin.fill(CODE_FIELD, code.lower().replace("-", " "))
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


async def test_a_code_that_was_used_elsewhere_opens_nothing_to_anybody(
    contexts: Contexts, platform: Platform, table: Table
) -> None:
    """Not in the other browser of the person who came with it, and not to whom the letter was passed on."""
    person, other = await newcomer(platform), await newcomer(platform)
    invitation = await invited(table, person)
    address, code = f"/invitation/{table.cell}/{invitation}", await code_of(platform.instance, invitation)
    async with (
        visiting(contexts, person.name, Mouse) as desk,
        visiting(contexts, person.name, Touch, PHONE) as phone,
        visiting(contexts, other.name, Mouse) as stranger,
    ):
        for visitor in (desk, phone):
            await visitor.open(address)
        await gives(phone, code)
        await phone.reads("Wat je hier hoort, blijft hier")
        await is_refused(desk, address, code)
        await desk.follow("Je tafels vind je hier")
        assert desk.at == "/"
        await is_refused(stranger, address, code)
        assert await stranger.open(table.path("").rstrip("/")) == 404


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
async def test_a_code_that_works_no_more_opens_nothing(
    contexts: Contexts, platform: Platform, table: Table, how: str
) -> None:
    """The same letter works for a guest of whom nothing was taken back, and whose days did not run out."""
    people = [await newcomer(platform) for _ in range(2)]
    rightful, late = [await invited(table, person) for person in people]
    codes = {invitation: await code_of(platform.instance, invitation) for invitation in (rightful, late)}
    await _WORKS_NO_MORE[how](platform, contexts, table, late)
    for person, invitation in zip(people, (rightful, late), strict=True):
        address = f"/invitation/{table.cell}/{invitation}"
        async with visiting(contexts, person.name, Mouse) as robin:
            if invitation == late:
                await is_refused(robin, address, codes[invitation])
                assert await robin.open(table.path("").rstrip("/")) == 404
            else:
                await robin.open(address)
                await gives(robin, codes[invitation])
                await robin.reads("Wat je hier hoort, blijft hier")


async def _is_withdrawn(platform: Platform, contexts: Contexts, table: Table, invitation: str) -> None:
    """By the coordinator, on the page of mandates: the newest stands first."""
    async with visiting(contexts, table.account("an"), Mouse) as an:
        await an.open(table.path("mandates"))
        guest = an.watched.page.locator("li", has=an.watched.page.locator(f"form[action*='{invitation}']"))
        await guest.locator("summary").click()
        async with an.watched.settled():
            await guest.get_by_role("button", name="Intrekken").click()
        await an.reads("De uitnodiging is ingetrokken")


async def _has_expired(platform: Platform, contexts: Contexts, table: Table, invitation: str) -> None:
    """Its days are over in the directory's database: what follows is the directory's own."""
    connection = await platform.postgres.connect("rondetafel_partner_directory")
    try:
        await connection.execute("UPDATE invitation SET expires_at = now() WHERE invitation_id = $1", UUID(invitation))
    finally:
        await connection.close()


_WORKS_NO_MORE = {"withdrawn": _is_withdrawn, "expired": _has_expired}
