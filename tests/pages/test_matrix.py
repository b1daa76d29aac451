"""Every page in each state, in both languages, at three widths, in light and dark: nothing amiss.

One load per language serves all its looks. Which of them a run takes: looks.py.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from deploy.local.platform import Platform
from tests.browser import Contexts, Look
from tests.pages import checks
from tests.pages.axe import axe_violations, bring_axe
from tests.pages.headers import header_faults
from tests.pages.log import the_log_has_arrived
from tests.pages.looks import FIRST, LOCALES, LONGEST, NARROWEST, base, is_full, taken
from tests.pages.pages import PAGES
from tests.pages.places import Places
from tests.pages.routes import PRESSED, PageState
from tests.pages.tabbing import tab_stops
from tests.pages.watched import Watched
from tests.seed import seed

EVERYWHERE = "/\\/(cover|keep)\\.js$/"
"""Scripts of every page of somebody signed in, as JavaScript's pattern of their address: they change nothing that is
read (tests/pages/test_covered.py, test_kept.py)."""


@pytest.fixture(params=PAGES, ids=str)
def page(request: pytest.FixtureRequest) -> PageState:
    """Each page in each state."""
    state: PageState = request.param
    return state


@pytest.mark.parametrize("language", LOCALES)
async def test_in_all_widths_and_both_schemes(contexts: Contexts, town: Places, page: PageState, language: str) -> None:
    watched = await contexts.page_for(page.person, base(language))
    await bring_axe(watched)
    await watched.keep_nothing(language == FIRST)
    await opened(contexts, town, watched, page)
    found = [(fault, "") for fault in (checks.weight(watched) if language == FIRST else [])]
    await sent(watched, page)
    found += [(fault, "") for fault in await as_answered(contexts, town, watched, page, language)]
    for look in (base(language), *taken(page, language)):
        found += [(fault, f"{look.width} px {look.scheme}") for fault in await as_it_lies(watched, look)]
    if language == LONGEST:
        found += [(fault, "at the least") for fault in await at_its_narrowest(watched)]
    if language == FIRST:
        found += [(fault, "") for fault in await by_its_reader(contexts, watched, page)]
    found += [(fault, "") for fault in checks.quiet_console(watched)]
    assert_well(merged(found))


@pytest.mark.parametrize("page", [page for page in PAGES if page.scripts or is_full()], indirect=True, ids=str)
async def test_without_scripts_the_same_text(
    platform: Platform, contexts: Contexts, town: Places, page: PageState
) -> None:
    """Of the pages that have scripts; in a full run of all."""
    both = []
    for look in (Look(), Look(javascript=False)):
        watched = await contexts.page_for(page.person, look)
        if page.route.endswith("/log"):
            await the_log_has_arrived(platform, town.found["cell"])
        await opened(contexts, town, watched, page)
        await sent(watched, page)
        both.append(watched)
    whole, plain = both
    assert_well(await checks.text_without_scripts(whole, plain.page))


async def opened(contexts: Contexts, town: Places, watched: Watched, page: PageState) -> None:
    """The page before this person, as it begins."""
    await show(watched, Look())
    await watched.open(contexts.instance.portal_url + town.address(page))


async def sent(watched: Watched, page: PageState) -> None:
    """And in its state."""
    for selector, text in page.typed:
        if text == PRESSED:
            async with watched.settled():
                await watched.page.locator(selector).click()
        else:
            await filled(watched, selector, text)
    if page.send:
        async with watched.settled():
            await watched.page.locator(page.send).click()
    if (status := watched.document.status) != page.status:
        raise AssertionError(f"{page} answers {status}")


async def filled(watched: Watched, selector: str, text: str) -> None:
    """One control, as `PageState.typed` has it."""
    control = watched.page.locator(selector)
    if not text:
        await control.check()
    elif text.startswith("option "):
        await control.select_option(index=int(text.removeprefix("option ")))
    elif text.startswith("file "):
        content = text.removeprefix("file ").encode()
        await control.set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": content})
    else:
        await control.fill(text)


async def as_answered(contexts: Contexts, town: Places, watched: Watched, page: PageState, language: str) -> list[str]:
    """What the answers and the requests of the page have amiss, whatever its width."""
    portal, keycloak = contexts.instance.portal_url, contexts.instance.gate_url
    found = [*checks.foreign_requests(watched, portal, keycloak), *await header_faults(watched, portal, keycloak)]
    found += [*await checks.names_outside(watched, town.names), *await checks.choices_alike(watched)]
    stated = await watched.evaluate("document.documentElement.lang")
    found += [] if stated == language else [f"the page is in {stated!r}, not {language!r}"]
    scripts = await watched.evaluate(f"[...document.scripts].some((script) => !{EVERYWHERE}.test(script.src))")
    return found + ([] if scripts == page.scripts else [f"pages.py says scripts={page.scripts}, and it is {scripts}"])


async def as_it_lies(watched: Watched, look: Look) -> list[str]:
    """What is amiss in one look."""
    await show(watched, look)
    found = [*await axe_violations(watched), *await checks.sideways_scroll(watched)]
    return found + (await checks.text_spacing(watched) if look.width == NARROWEST else [])


async def at_its_narrowest(watched: Watched) -> list[str]:
    """What does not fit, asked in each run: it is the first thing to break, and soonest in the longer words."""
    await show(watched, Look(width=NARROWEST))
    return [*await checks.sideways_scroll(watched), *await checks.text_spacing(watched)]


async def by_its_reader(contexts: Contexts, watched: Watched, page: PageState) -> list[str]:
    """What is amiss by keyboard, in forced colours and in print: none hangs on the language."""
    await show(watched, Look())
    found = [*await checks.forced_colours(watched), *await tab_stops(watched)]
    if page.person is not None and page.is_marked:
        person = contexts.people[page.person]
        found += await checks.printed(watched, f"{person.first_name} {person.last_name}")
    return found


def assert_well(found: list[str]) -> None:
    """Nothing was found amiss; else each finding stands on a line, and how to look again in the same way."""
    assert not found, "\n".join(["", *found, f"drawn by RONDETAFEL_SEED={seed()}"])


def merged(found: Iterable[tuple[str, str]]) -> list[str]:
    """Each finding once, with all the looks it was seen in."""
    looks: dict[str, list[str]] = {}
    for what, look in found:
        looks.setdefault(what, []).append(look)
    return [f"{what} [{', '.join(seen)}]" if any(seen) else what for what, seen in looks.items()]


async def show(watched: Watched, look: Look) -> None:
    """The page at this width, in this scheme."""
    await watched.page.set_viewport_size({"width": look.width, "height": look.height})
    await watched.page.emulate_media(color_scheme=look.scheme)
