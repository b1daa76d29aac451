"""No page without a look at it: the route table of the portal and the table of page states are the same."""

from __future__ import annotations

from fastapi import APIRouter

from services.portal.web.routes import ROUTERS
from tests.pages.pages import NO_PAGES, PAGES
from tests.pages.routes import PageState, differences


def test_every_route_is_looked_at_and_every_page_has_a_route() -> None:
    assert differences(ROUTERS, PAGES, NO_PAGES) == []


def test_no_state_stands_there_twice() -> None:
    names = [str(page) for page in PAGES]
    assert len(names) == len(set(names))
    assert all(NO_PAGES.values()), "an address without a page says why"


def test_the_comparison_reports() -> None:
    router = APIRouter()

    @router.get("/cells/{cell}")
    @router.post("/cells/{cell}/leave")
    @router.get("/assets/{name}")
    async def page() -> None:
        """A page."""

    seen = PageState("/cells/{cell}", "empty", None)
    assert differences([router], [seen], []) == []
    assert differences([router], [], []) == ["no page state for /cells/{cell}"]
    assert differences([router], [seen, PageState("/gone", "empty", None)], []) == ["no route for /gone"]
    assert differences([router], [], ["/cells/{cell}"]) == []
