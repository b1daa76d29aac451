"""Each check lets a good page pass and reports a bad one, so that a matrix without findings means something."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.pages import checks
from tests.pages.axe import WORLD, axe_violations, bring_axe
from tests.pages.headers import header_faults
from tests.pages.site import Site
from tests.pages.tabbing import tab_stops
from tests.pages.watched import Watched

GOOD = """<h1>Case 12</h1><p>Read <a href="#more">what is known</a> first.</p>
<form action="/good"><p><label for="why">Why</label> <input id="why"></p>
<fieldset><legend>Informed</legend><label><input type="radio" name="a"> Yes</label>
<label><input type="radio" name="a"> No</label></fieldset><button>On</button></form>
<details><summary>More</summary><p id="more"><a href="/good">The law</a></p></details>
<p class="mark" aria-hidden="true">An Peeters, 14.20</p>"""
CALM = """.mark { position: fixed; bottom: 0; pointer-events: none; margin: 0 }
button, input, summary, label { min-height: 32px; display: inline-block } a { text-decoration: underline }
summary { width: 100% } .mark { color: #333 }"""

Check = Callable[[Watched], Awaitable[list[str]]]


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A context of the test's own, narrow."""
    context = await browser.new_context(viewport={"width": 320, "height": 844})
    yield context
    await context.close()


@pytest.fixture
async def watched(context: BrowserContext) -> Watched:
    """A page in it."""
    return await Watched.new(context)


async def opened(site: Site, watched: Watched, body: str, style: str = "", **headers: str) -> Watched:
    """This body, opened."""
    await watched.open(site.put("/page", body, style=style, **headers))
    return watched


async def everything(watched: Watched, site: Site) -> list[str]:
    """All checks that need one page."""
    found = [
        *await axe_violations(watched),
        *await checks.sideways_scroll(watched),
        *await checks.text_spacing(watched),
    ]
    found += [*await checks.forced_colours(watched), *await tab_stops(watched), *checks.quiet_console(watched)]
    found += [*await checks.printed(watched, "An Peeters"), *await checks.choices_alike(watched)]
    found += [*checks.foreign_requests(watched, site.url), *await header_faults(watched, site.url)]
    return found + await checks.names_outside(watched, ["Robin"])


async def test_a_good_page_passes_all_of_them(site: Site, watched: Watched) -> None:
    await watched.open(site.put("/good", GOOD, style=CALM))
    assert await everything(watched, site) == []
    assert await everything(watched, site) == [], "a check leaves the page as it found it"


AMISS: dict[str, tuple[Check, str, str, str]] = {
    "axe, a field without a label": (axe_violations, "<h1>A</h1><input>", "", "axe label: "),
    "axe, weak contrast": (axe_violations, "<h1>A</h1><p class=a>Text", ".a { color: #aaa }", "axe color-contrast: "),
    "axe, best practice": (axe_violations, "<p>No heading", "", "axe page-has-heading-one: "),
    "a wide picture": (checks.sideways_scroll, "<div class=a>Wide</div>", ".a { width: 600px }", 'div "Wide"'),
    "text that needs its width": (
        checks.text_spacing, "<p class=a>Kring van deze casus, besproken",
        ".a { white-space: nowrap; font-size: 19px }", "with text spacing: ",
    ),
    "text in a box of fixed height": (
        checks.text_spacing, "<p class=a>Two lines<br>of text", ".a { height: 40px; overflow: hidden; margin: 0 }",
        "with text spacing: text is cut off in p",
    ),
    "two options of one name": (
        checks.choices_alike, "<select><option>An Maes<option>Bo<option>an  Maes</select>", "",
        'two choices read "an maes"',
    ),
    "two ticks of one name": (
        checks.choices_alike, "<fieldset>" + 2 * "<div><label><input type=checkbox> An</label><i>CAW</i></div>", "",
        "two choices read",
    ),
    "a button that is a colour only": (
        checks.forced_colours, "<button class=a>On", ".a { border: 0; background: #cde }",
        "with forced colours: no border",
    ),
    "text that keeps its own colour": (
        checks.forced_colours, "<p class=a>Text", ".a { forced-color-adjust: none; color: #fff; background: #fff }",
        "with forced colours: text in the colour of its ground",
    ),
    "a stop without visible focus": (
        tab_stops, "<button class=a>On", ".a { outline: 0; height: 40px }", "focus is not seen on button",
    ),
    "a small stop": (tab_stops, "<button class=a>On", ".a { height: 18px; padding: 0 }", 'button "On" is 18 px high'),
    "a link alone that is small": (tab_stops, "<p><a href=/page>On</a>", "", 'a "On" is '),
    "a control out of reach": (tab_stops, "<button>A</button><div inert><button>B", "", "Tab does not reach button"),
    "a print without the reader": (
        lambda watched: checks.printed(watched, "An Peeters"), "<p>An Peeters", "", "no fixed part names An Peeters",
    ),
    "a watermark on the screen only": (
        lambda watched: checks.printed(watched, "An Peeters"), "<p class=mark>An Peeters",
        f"{CALM} @media print {{ .mark {{ display: none }} }}", "no fixed part names An Peeters",
    ),
}  # fmt: skip


@pytest.mark.parametrize("amiss", AMISS)
async def test_a_page_with_something_amiss_is_reported(site: Site, watched: Watched, amiss: str) -> None:
    check, body, style, told = AMISS[amiss]
    found = await check(await opened(site, watched, body, style))
    assert any(told in result for result in found), found


async def test_a_dialogue_with_the_console_is_reported(site: Site, watched: Watched) -> None:
    await opened(site, watched, "<p style='color: red'>Text", "p { color: blue }")
    assert any("Content Security Policy" in message for message in checks.quiet_console(watched))
    await opened(site, watched, "<img src=/missing.png alt=''>")
    assert any("404" in message for message in checks.quiet_console(watched))


async def test_a_refusal_is_no_message(site: Site, watched: Watched) -> None:
    site.refused.add("/page")
    await opened(site, watched, "<h1>No such page</h1>")
    assert watched.document.status == 404
    assert checks.quiet_console(watched) == []


async def test_a_request_to_elsewhere_is_reported(site: Site, watched: Watched) -> None:
    elsewhere = site.url.replace("localhost", "127.0.0.1")
    await opened(site, watched, f"<img src={elsewhere}/a.png alt=''>", content_security_policy="")
    assert checks.foreign_requests(watched, site.url) == [f"foreign request: {elsewhere}/a.png"]


LOOSE = {
    "default-src 'self'": "the policy lacks default-src 'none'",
    "default-src 'none'; style-src 'unsafe-inline'": "the policy permits style-src 'unsafe-inline'",
    "default-src 'none'; img-src *": "the policy permits img-src *",
    "default-src 'none'; base-uri 'none'": "the policy lacks frame-ancestors 'none'",
}


@pytest.mark.parametrize("policy", LOOSE)
async def test_a_loose_policy_is_reported(site: Site, watched: Watched, policy: str) -> None:
    await opened(site, watched, "<p>Text", content_security_policy=policy)
    assert f"/page: {LOOSE[policy]}" in await header_faults(watched, site.url)


async def test_wrong_keeping_is_reported(site: Site, watched: Watched) -> None:
    wrong = {"cache_control": "max-age=60", "x_content_type_options": ""}
    url = site.put("/page", "<p>Text", style="p { margin: 0 }", **wrong)
    site.put_file("/assets/page.css", "p { margin: 0 }", {"Content-Type": "text/css", "Cache-Control": "no-store"})
    await watched.open(url)
    assert await header_faults(watched, site.url) == [
        "/page: cache-control is 'max-age=60', not no-store",
        "/page: x-content-type-options is not nosniff",
        "/assets/page.css: cache-control is 'no-store', not a year and immutable",
        "/assets/page.css: x-content-type-options is not nosniff",
    ]


async def test_a_name_in_title_or_address_is_reported(site: Site, watched: Watched) -> None:
    await watched.open(site.put("/page", "<p>Text", title="Robin of case 12") + "?who=voorbeeld")
    found = await checks.names_outside(watched, ["Robin", "Voorbeeld", "Rob"])
    assert found[0] == "the name Robin stands in the title"
    assert {result.split(" stands")[0] for result in found} == {"the name Robin", "the name Voorbeeld"}


async def test_weight_is_counted_at_each_visit_that_keeps_nothing(site: Site, watched: Watched) -> None:
    light = site.put("/light", "<p>Text", style="p { margin: 0 }")
    await watched.keep_nothing(True)
    await watched.open(light)
    assert checks.weight(watched) == []
    heavy = site.put("/heavy", f"<p>{'Text ' * 5000}", style=f"p {{ margin: 0 }} /* {'x' * 60_000} */")
    for _ in range(2):
        await watched.open(heavy)
        visit, document = checks.weight(watched)
        assert visit.startswith("the first visit weighs 8"), "again and again, the stylesheet too"
        assert document.startswith("the document weighs 25,")


async def test_axe_that_was_brought_is_in_every_document(site: Site, watched: Watched) -> None:
    await bring_axe(watched)
    for label in ("first", "second"):
        await opened(site, watched, f"<h1>{label}</h1><input>")
        assert await watched.evaluate("typeof axe", WORLD) == "object", "before anybody asks"
        assert any("axe label: " in fault for fault in await axe_violations(watched))


async def test_text_that_needs_scripts_is_reported(site: Site, browser: Browser, watched: Watched) -> None:
    url = site.put("/page", "<p>Text<p id=more></p><script src=/more.js></script>", content_security_policy="")
    site.put_file("/more.js", "more.innerText = 'More of it'", {"Content-Type": "text/javascript"})
    await watched.open(url)
    context = await browser.new_context(java_script_enabled=False)
    plain = await context.new_page()
    await plain.goto(url)
    assert await checks.text_without_scripts(watched, plain) == ["only with scripts: More of it"]
    assert await checks.text_without_scripts(watched, watched.page) == []
    await context.close()
