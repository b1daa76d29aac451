"""What the bench says is only worth something when its own checks report."""

from __future__ import annotations

from collections import Counter

from services.case.policy import POLICY as CASE
from services.meeting.policy import POLICY as MEETING
from services.partner_directory.policy import POLICY as DIRECTORY
from services.portal.policy import POLICY as PORTAL
from services.portal.web.routes import ROUTERS
from tests.bench.acts import Tally, differences
from tests.bench.pages import PAGES
from tests.bench.profile import counted
from tests.bench.route_seconds import RouteSeconds, server_time


def test_an_entry_too_few_or_too_many_is_reported() -> None:
    tally = Tally()
    request = tally.counted(lambda: b"", ["read_table", "read_case"])
    request()
    request()
    before = Counter({"read_table": 5, "unrelated": 1})
    logged = before + Counter({"read_table": 2, "read_case": 2, "unrelated": 7})
    assert tally.answers == 2
    assert differences(tally.acts, before, logged) == {}
    assert differences(tally.acts, before, logged - Counter(["read_case"])) == {"read_case": "1 entries of 2 acts"}
    assert differences(tally.acts, before, logged + Counter(["read_table"])) == {"read_table": "3 entries of 2 acts"}


def test_pages_are_routes_of_the_portal() -> None:
    routes = {route.path for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    assert {page.route for page in PAGES} <= routes
    assert sum(page.share for page in PAGES) == 100


def test_acts_of_pages_are_recorded_ones() -> None:
    policies = [*CASE.items(), *MEETING.items(), *DIRECTORY.items(), *PORTAL.items()]
    recorded = {handler.__name__ for handler, rule in policies if rule.recorded} | {"search_audit"}
    assert {act for page in PAGES for act in page.acts} <= recorded


def test_server_time_is_that_of_the_requests_between() -> None:
    before, after = RouteSeconds(count=10, total=9.0, within=1), RouteSeconds(count=14, total=9.2, within=4)
    found = server_time(before, after)
    assert round(found.mean, 6) == 50.0
    assert found.within_50_ms == 0.75


def test_samples_are_counted_once_per_function() -> None:
    inside, alone, total = counted("main (a.py:1);walk (b.py:2);walk (b.py:2) 3\nmain (a.py:1) 1\n")
    assert (inside["main (a.py:1)"], inside["walk (b.py:2)"], total) == (4, 3, 4)
    assert (alone["walk (b.py:2)"], alone["main (a.py:1)"]) == (3, 1)
