"""Invariant 20 as people see it: coordinator and mayor set a table up on the pages, until a case can be proposed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest

from deploy.local.demo import seeder
from deploy.local.people import People
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import VAARTBEKE
from services.kit.clock import local_date, utc_now
from services.portal.web.ui.language import NAMES
from tests.browser import Contexts, Look
from tests.e2e.bodies import Pen
from tests.e2e.fresh import fresh_town, invented
from tests.pages.drivers import Hand, Mouse, Touch
from tests.pages.keyboard import keyboard
from tests.pages.line import Words
from tests.pages.visitor import Visitor, visiting
from tests.pages.watched import Watched

SEATED = ("an", "lieve", "karim", "joris", "tom")
DANGER = "Wachtdienst preventie, 016 00 00 00"
WAYS: dict[str, tuple[Callable[[Watched], Hand], Look]] = {
    "in Dutch, on a phone": (Touch, Look(width=390, touch=True)),
    "in French, by keyboard alone": (keyboard, Look(locale="fr-BE")),
    "in Dutch, without scripts": (Mouse, Look(javascript=False)),
}


@pytest.mark.parametrize("way", WAYS)
async def test_invariant_20_from_an_empty_list_to_the_first_case(
    platform: Platform, contexts: Contexts, way: str
) -> None:
    by, look = WAYS[way]
    say, tag = Words(look.locale[:2]), secrets.token_hex(4)
    async with platform.keycloak.admin() as admin:
        await People(platform.instance).add(admin, invented(tag, SEATED))
    town = replace(fresh_town(VAARTBEKE, tag, SEATED), opened=False, contact="")
    async with seeder(platform, Progress(platform.instance.root / f"demo-{tag}.json")) as town_hall:
        cell = await town_hall.furnish(town)
        coordinator = town_hall.person(f"an-{tag}")
        path = f"/cells/{cell}"
        told = (await coordinator.post(f"{path}/signals", Pen().signal(town.nis_code))).body["id"]
    async with visiting(contexts, f"an-{tag}", by, look) as an, visiting(contexts, f"lieve-{tag}", by, look) as lieve:
        await an.open(f"{path}/signals/{told}")
        await an.reads(say("This table is still being set up. Once it is open, you can propose this signal as a case."))
        await lieve.open("/")
        await lieve.follow(say("Set up the table of %(cell)s", cell=town.name))
        await lieve.reads(say("%(have)s of %(all)s are done.", have=5, all=9))
        await an.open("/")
        await an.follow(say("Set up the table of %(cell)s", cell=town.name))
        await says_what_is_missing(an, say)
        await agree_on_rules(an, lieve, say, f"{path}/set-up")
        await lieve.open(f"{path}/set-up")
        await lieve.reads(say("Everything is there. The coordinator opens the table."))
        await an.open(f"{path}/set-up")
        await an.press_button(say("Open the table"))
        await an.reads(say("The table is open. From now on cases can be proposed."))
        await lieve.open(f"{path}/signals/new")
        await lieve.reads(DANGER)
        await an.open(f"{path}/signals/{told}")
        await an.reads_in_time(say("Propose without asking"))
        await an.follow(say("Propose without asking"))
        await an.choose(say.of("unchecked", "asked_in_person"))


async def says_what_is_missing(an: Visitor, say: Words) -> None:
    """From the list to each of its pages and back, once with nothing typed."""
    await an.follow(say("The data protection impact assessment"))
    await an.press_button(say("Keep it"))
    assert an.status == 422
    await an.fill(say("Its number, title or place"), "GEB 2026/4")
    for part, number in (("Day", "5"), ("Month", "10"), ("Year", "2026")):
        await an.fill(say(part), number)
    await an.press_button(say("Keep it"))
    await an.reads(say("%(have)s of %(all)s are done.", have=6, all=9))
    await an.follow(say("Whom to reach in acute danger"))
    await an.fill(say("Who, how and when"), DANGER)
    await an.press_button(say("Keep it"))
    await an.follow(say("The municipality's address for letters"))
    await an.fill(say("E-mail address of the municipality"), "veiligheid@vaartbeke.example")
    await an.press_button(say("Keep it"))


async def agree_on_rules(an: Visitor, lieve: Visitor, say: Words, list_of_lines: str) -> None:
    """The coordinator writes them, the mayor decides that they are in force from today on."""
    await an.open(list_of_lines)
    await an.follow(say("Internal rules or a cooperation protocol, in force"))
    await an.open(f"{an.at.partition('?')[0]}/new/internal_rules")
    await an.fill(say("The text, %(language)s", language=NAMES[say.language.code]), "Wij helpen tijdig.")
    await an.press_button(say("Put it before the mayor"))
    await lieve.open(an.at.partition("?")[0])
    await lieve.follow(say("Decide"))
    await lieve.choose(say("It will be in force"))
    today = local_date(utc_now())
    for part, number in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        await lieve.fill(say(part), str(number))
    await lieve.press_button(say("Go on"))
    await lieve.press_button(say("Decide"))
