"""The measurement compares the log with the acts it says a page leaves: that list is kept true here, page by page."""

from __future__ import annotations

from collections import Counter

import httpx

from deploy.local.platform import Platform
from tests.bench.acts import READ_ON, Log
from tests.bench.pages import PAGES
from tests.bench.visits import sign_in
from tests.e2e.story import Story
from tests.e2e.table import Table
from tests.pages.scene import PLANNED, played

OF_THE_PLATFORM = "list_my_cells"
"""In a log that others write too."""
COMPARED = {act for page in PAGES for act in page.acts} - {OF_THE_PLATFORM}


async def test_a_page_leaves_in_the_log_what_the_measurement_expects(platform: Platform, table: Table) -> None:
    story = await played(
        table, *PLANNED, Story.lieve_opens_it, Story.lieve_decides, Story.the_case_is_followed_up
    )  # fmt: skip
    place = {"cell": table.cell, "case": story.case, "session": story.session}
    readers = {page.readers[0] for page in PAGES}
    cookies = {name: (await sign_in(platform, table, name)).cookie for name in readers}
    found, expected = {}, {}
    async with Log.of(platform, [table]) as log, httpx.AsyncClient(trust_env=False) as http:
        for page in PAGES:
            before = await log.entries()
            url = platform.instance.portal_url + page.route.format_map(place)
            answer = await http.get(url, headers={"Cookie": cookies[page.readers[0]]})
            assert answer.status_code == httpx.codes.OK, page.name
            left = await log.entries() - before
            found[page.name] = {act: 1 if act in READ_ON else left[act] for act in left if act in COMPARED}
            expected[page.name] = Counter(act for act in page.acts if act in COMPARED)
    assert found == expected
