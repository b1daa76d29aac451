"""Invariant 20 as people live it: a town that nobody has heard of yet, until its table is open."""

from __future__ import annotations

from deploy.local.platform import Platform
from deploy.local.towns import POLICE
from tests.browser import Contexts, Look
from tests.e2e.fresh import next_nis_code
from tests.pages.drivers import Mouse, Touch
from tests.pages.keyboard import keyboard
from tests.pages.new_town import NewTown
from tests.pages.newcomers import Newcomer

DUTCH, FRENCH = Look(), Look(locale="fr-BE")
PHONE, FRENCH_PHONE = Look(width=390, touch=True), Look(width=390, touch=True, locale="fr-BE")
PEOPLE = {
    "mayor": Newcomer("Luc", "Lambert", "mayor", keyboard, FRENCH),
    "coordinator": Newcomer("Ann", "Peeters", "coordinator", Mouse, DUTCH),
    "information_officer": Newcomer("Karim", "Haddad", "information_officer", Touch, PHONE, POLICE),
    "prevention_officer": Newcomer("Odile", "Petit", "prevention_officer", Touch, FRENCH_PHONE),
    "deputy": Newcomer("Nora", "Aerts", "coordinator", Mouse, DUTCH),
    "dpo": Newcomer("Tom", "De Smet", "dpo", Mouse, Look(javascript=False)),
}
"""Each way to use a page is somebody's: French by keyboard alone, a phone in either language, without scripts."""


async def test_invariant_20_from_the_hosts_terminal_to_an_open_table(platform: Platform, contexts: Contexts) -> None:
    async with NewTown(platform, contexts, PEOPLE) as town:
        await town.is_founded(next_nis_code())
        await town.comes("coordinator")
        await town.comes("mayor")
        await town.is_set_up()
        await town.is_opened()
