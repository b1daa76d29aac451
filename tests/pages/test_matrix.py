"""Every page in each state, in both languages, at three widths, in light and dark: nothing amiss."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest

from tests.browser import Contexts, Look, Scheme
from tests.pages import checks
from tests.pages.axe import axe_violations
from tests.pages.headers import header_faults
from tests.pages.pages import PAGES
from tests.pages.places import Places
from tests.pages.routes import PageState
from tests.pages.tabbing import tab_stops
from tests.pages.watched import Watched

LOCALES = {"nl": "nl-BE", "fr": "fr-BE"}
WIDTHS = (1280, 390, 320)
NARROWEST = min(WIDTHS)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(params=PAGES, ids=str)
def page(request: pytest.FixtureRequest) -> PageState:
    """Each page in each state."""
    state: PageState = request.param
    return state


@pytest.mark.parametrize("language", LOCALES)
async def test_in_all_widths_and_both_schemes(contexts: Contexts, town: Places, page: PageState, language: str) -> None:
    watched = await arrived(contexts, town, page, Look(locale=LOCALES[language]))
    found = [(one, "") for one in await as_answered(contexts, town, watched, language)]
    for scheme, width in product(SCHEMES, WIDTHS):
        await show(watched, width, scheme)
        amiss = [*await axe_violations(watched), *await checks.sideways_scroll(watched)]
        amiss += await checks.text_spacing(watched) if width == NARROWEST else []
        found += [(one, f"{width} px {scheme}") for one in amiss]
    found += [(one, "") for one in checks.quiet_console(watched)]
    assert_well(merged(found))


async def test_by_keyboard_in_forced_colours_and_in_print(contexts: Contexts, town: Places, page: PageState) -> None:
    watched = await arrived(contexts, town, page, Look())
    found = [*await tab_stops(watched), *await checks.forced_colours(watched)]
    if page.person is not None and page.is_marked:
        person = contexts.people[page.person]
        found += await checks.printed(watched, f"{person.first_name} {person.last_name}")
    assert_well(found)


async def test_without_scripts_the_same_text(contexts: Contexts, town: Places, page: PageState) -> None:
    watched = await arrived(contexts, town, page, Look())
    plain = await arrived(contexts, town, page, Look(javascript=False))
    assert_well(await checks.text_without_scripts(watched, plain.page))


async def test_within_its_weight(contexts: Contexts, town: Places, page: PageState) -> None:
    context = await contexts.fresh(page.person)
    try:
        assert_well(await checks.weight(context, contexts.instance.portal_url + town.address(page)))
    finally:
        await context.close()


async def arrived(contexts: Contexts, town: Places, page: PageState, look: Look) -> Watched:
    """The page in its state, before this person, in a page that is kept."""
    watched = await contexts.page_for(page.person, look)
    await show(watched, look.width, look.scheme)
    await watched.open(contexts.instance.portal_url + town.address(page))
    if page.send:
        async with watched.settled():
            await watched.page.locator(page.send).click()
    if (status := watched.document.status) != page.status:
        raise AssertionError(f"{page} answers {status}")
    return watched


async def as_answered(contexts: Contexts, town: Places, watched: Watched, language: str) -> list[str]:
    """What the answers and the requests of the page have amiss, whatever its width."""
    portal, keycloak = contexts.instance.portal_url, contexts.instance.gate_url
    found = [*checks.foreign_requests(watched, portal, keycloak), *await header_faults(watched, portal, keycloak)]
    found += await checks.names_outside(watched, town.names)
    stated = await watched.evaluate("document.documentElement.lang")
    return found + ([] if stated == language else [f"the page is in {stated!r}, not {language!r}"])


def assert_well(found: list[str]) -> None:
    """Nothing was found amiss; else each finding stands on a line."""
    assert not found, "\n".join(["", *found])


def merged(found: Iterable[tuple[str, str]]) -> list[str]:
    """Each finding once, with all the looks it was seen in."""
    looks: dict[str, list[str]] = {}
    for what, look in found:
        looks.setdefault(what, []).append(look)
    return [f"{what} [{', '.join(seen)}]" if any(seen) else what for what, seen in looks.items()]


async def show(watched: Watched, width: int, scheme: Scheme) -> None:
    """The page at this width, in this scheme."""
    await watched.page.set_viewport_size({"width": width, "height": Look(width=width).height})
    await watched.page.emulate_media(color_scheme=scheme)
