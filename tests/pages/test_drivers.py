"""Mouse, touch and keyboard do the same on the same form, with scripts or without; the keyboard has only keys."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import fields

import pytest
from playwright.async_api import Browser

from tests.pages.drivers import Hand, Mouse, Touch
from tests.pages.keyboard import Keyboard, Keys, keyboard
from tests.pages.site import Site
from tests.pages.watched import Watched

FORM = """<h1>Sample</h1><a href="#last">Skip</a>
<form method="post" action="/form">
  <label for="why">Why</label><textarea id="why" name="why">Old text</textarea>
  <fieldset><legend>From when</legend><label for="d1">Day</label><input id="d1" name="from"></fieldset>
  <fieldset><legend>Until when</legend><label for="d2">Day</label><input id="d2" name="until" value="9"></fieldset>
  <fieldset><legend>Who knows</legend>
    <input type="radio" name="knows" id="k1" value="no"><label for="k1">Nobody</label>
    <input type="radio" name="knows" id="k2" value="yes"><label for="k2">The person</label></fieldset>
  <fieldset><legend>Informed</legend>
    <input type="radio" name="informed" id="i1" value="no"><label for="i1">Not yet</label>
    <input type="radio" name="informed" id="i2" value="yes"><label for="i2">Yes</label></fieldset>
  <label for="minor"><input type="checkbox" id="minor" name="minor"> Under eighteen</label>
  <label for="urgent"><input type="checkbox" id="urgent" name="urgent" checked> Urgent</label>
  <label for="law">Law</label>
  <select id="law" name="law"><option value="a">Decree of 2021</option><option value="b">Law of 2018</option></select>
  <details><summary>More</summary><label for="more">Anything else</label><input id="more" name="more"></details>
  <button name="button" value="keep">Keep for later</button>
  <button name="button" value="on">On</button>
</form><p id="last"><a href="/other">Case 12</a></p>"""

SENT = {
    "why": "New text",
    "from": "1",
    "until": "31",
    "informed": "yes",
    "minor": "on",
    "law": "b",
    "more": "Nothing",
    "button": "on",
}

HANDS: dict[str, Callable[[Watched], Hand]] = {"mouse": Mouse, "touch": Touch, "keyboard": keyboard}


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
async def watched(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Watched]:
    """A page that takes touch too."""
    context = await browser.new_context(has_touch=True, java_script_enabled=request.param)
    yield await Watched.new(context)
    await context.close()


@pytest.mark.parametrize("by", HANDS)
async def test_a_form_is_filled_in_and_sent(site: Site, watched: Watched, by: str) -> None:
    await watched.open(site.put("/form", FORM))
    hand = HANDS[by](watched)
    await hand.fill("Why", "New text")
    await hand.fill("Day", "31", within="Until when")
    await hand.fill("Day", "1", within="From when")
    await hand.choose("Yes", within="Informed")
    await hand.choose("Under eighteen")
    await hand.untick("Urgent")
    await hand.select("Law", "Law of 2018")
    await hand.unfold("More")
    await hand.fill(re.compile("^Anything"), "Nothing")
    async with watched.settled():
        await hand.press_button("On")
    assert site.sent == [SENT]
    assert watched.page.url == f"{site.url}/form"


@pytest.mark.parametrize("by", HANDS)
async def test_links_lead_on_and_to_places_on_the_page(site: Site, watched: Watched, by: str) -> None:
    site.put("/other", "<h1>Other</h1>")
    await watched.open(site.put("/form", FORM))
    hand = HANDS[by](watched)
    async with watched.settled():
        await hand.follow("Skip")
    assert watched.page.url == f"{site.url}/form#last"
    async with watched.settled():
        await hand.follow(re.compile(r"Case \d+"))
    assert await watched.text() == "Other"


async def test_the_keyboard_knows_only_to_press_and_to_type(watched: Watched) -> None:
    assert [field.name for field in fields(Keys)] == ["press", "type"]
    held = vars(keyboard(watched))
    assert set(held) == {"_keys", "_focus"}
    assert isinstance(held["_keys"], Keys)


async def test_the_keyboard_tells_which_stops_it_passed(site: Site, watched: Watched) -> None:
    await watched.open(site.put("/form", "<button>One</button><a href=/>Two</a><span role=button>Three</span>"))
    hand: Keyboard = keyboard(watched)
    await hand.press_button("One")
    with pytest.raises(AssertionError, match=r"button 'Three'; passed: .*button 'One', link 'Two'"):
        await hand.press_button("Three")


async def test_a_search_passes_radio_buttons_without_choosing(site: Site, watched: Watched) -> None:
    await watched.open(site.put("/form", FORM))
    async with watched.settled():
        await keyboard(watched).press_button("On")
    assert "knows" not in site.sent[0]
    assert "informed" not in site.sent[0]
