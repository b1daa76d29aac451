"""What the bench says is only worth something when its own checks report."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from services.case.policy import POLICY as CASE
from services.meeting.policy import POLICY as MEETING
from services.partner_directory.policy import POLICY as DIRECTORY
from services.portal.policy import POLICY as PORTAL
from services.portal.web.routes import ROUTERS
from tests.bench.acts import Tally, differences
from tests.bench.costs import GOALS, Cost, per_answer
from tests.bench.figures import (
    Figure,
    Taken,
    compared,
    keep,
    load,
    of_costs,
    of_frame,
    of_idle,
    of_measures,
    of_pages,
    verdict,
)  # fmt: skip
from tests.bench.frame import FrameCost
from tests.bench.idle import Idle
from tests.bench.load import Figures as LoadFigures
from tests.bench.measure import CONNECTIONS
from tests.bench.page import DOORS, MIXED, NOTHING, PAGE, TABLES, WHOLE, written
from tests.bench.page_measures import Details
from tests.bench.pages import PAGES
from tests.bench.peers import beside
from tests.bench.processor import LOAD, PARTS, tree_seconds
from tests.bench.profile import counted
from tests.bench.report import Measure
from tests.bench.route_seconds import RouteSeconds, ServerTime, server_time
from tests.bench.scale import table_of as table_of_scale
from tests.bench.visits import Weight


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
    read_on, once = Counter({"list_cases": 2}), Counter({"list_cases": 1})
    assert differences(read_on, Counter(), read_on + once) == {}
    assert differences(read_on, Counter(), once) == {"list_cases": "1 entries of 2 acts"}


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


BURNT = 0.3
BURNING = f"import sys, time\nwhile time.process_time() < {BURNT}: pass\nprint('burnt', flush=True)\nsys.stdin.read()"
TWO_CHILDREN = """
import subprocess, sys
for ends in (True, False):
    child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdout.readline()
    if ends:
        child.communicate(b"end")
print("ready", flush=True)
sys.stdin.read()
"""


def test_processor_time_is_that_of_children_too_and_of_those_that_ended() -> None:
    command = [sys.executable, "-c", TWO_CHILDREN, BURNING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert tree_seconds(process.pid) >= 2 * BURNT - 0.02
        process.communicate(b"end")


def test_a_cost_is_of_all_parts_but_the_load_generator() -> None:
    milliseconds = dict.fromkeys(PARTS, (1.0, 2.0)) | {LOAD: (100.0, 100.0)}
    cost = Cost("read", 150, (300.0, 310.0), (25.0, 26.0), milliseconds)
    assert cost.together == [len(PARTS), 2 * len(PARTS)]
    assert "305.0" in cost.line()


def test_what_runs_anyway_is_not_counted_while_only_the_log_is_waited_for() -> None:
    before, after = {"case": 10.0, "audit": 5.0}, {"case": 12.0, "audit": 5.3}
    run = LoadFigures(per_second=100.0, p50=1.0, p99=2.0, answers=200)
    found = per_answer(before, after, {"case": 0.0, "audit": 0.1}, 3.0, run)
    assert {part: round(spent, 6) for part, spent in found.items()} == {"case": 10.0, "audit": 1.0}


def test_a_figure_has_changed_when_it_left_its_noise() -> None:
    before = Figure("ms", (4.0, 4.2, 4.1))
    assert verdict(before, Figure("ms", (3.0, 3.2, 3.1))) == "better"
    assert verdict(before, Figure("ms", (5.0, 5.2, 5.1))) == "worse"
    assert verdict(before, Figure("ms", (4.0, 6.2, 5.1))) == "same", "its runs differ by more"
    assert verdict(before, Figure("ms", (4.2, 4.25, 4.3))) == "same", "too little to notice"
    assert verdict(Figure("/s", (100, 101, 102)), Figure("/s", (150, 151, 152))) == "better"
    assert verdict(Figure("s", (10,)), Figure("s", (11,))) == "same", "each was measured once"


def test_what_changed_is_named_and_the_rest_counted() -> None:
    before = {"a": Figure("ms", (4.0, 4.0)), "b": Figure("ms", (1.0, 1.0)), "gone": Figure("ms", (1.0,))}
    lines = compared(before, {"a": Figure("ms", (8.0, 8.0)), "b": before["b"], "new": Figure("s", (1.0,))})
    assert lines == ["worse  a: 4 > 8 ms (+100%)", "1 the same within their noise, 1 new, 1 not measured"]


def invented(times: float) -> dict[str, Taken]:
    """All that a page shows."""
    seconds = ServerTime(mean=times, within_50_ms=0.9)
    rows = [Details(page.name, seconds, Weight(html=4000, first_visit=60000)) for page in PAGES]
    names = [MIXED, "limit: pgbench, same rows", "limit: FastAPI echo", "limit: grpc.aio echo", *DOORS]
    names += [f"page: {page.name}" for page in PAGES]
    runs = (times, times * 1.1)
    measures = [Measure(name, connections, runs, runs, runs) for name in names for connections in CONNECTIONS]
    spent = [
        Cost(act, circles, runs, runs, dict.fromkeys((*PARTS, LOAD), runs)) for act in GOALS for circles in (150, 3000)
    ]
    at = {"on": "2026-11-29", "cores": 2, "busy": 0.1, "runs": 3, "seconds": 3.0, "cases": 20000}
    whole = {**of_measures(measures), **of_costs(spent), **of_pages(rows)}
    whole |= of_frame([FrameCost("bare", times, 1.0), FrameCost("empty", times, 2.0)])
    whole |= of_idle([Idle("five services", times, 400.0, 500.0, 10.0)])
    return {WHOLE: Taken(whole, at), "skeleton": Taken(of_costs(spent), at), "10 cells": Taken(of_costs(spent), at)}


def test_the_page_shows_the_figures_that_are_kept() -> None:
    """`python -m tests.bench.page` makes its tables; by hand they would be of before."""
    page = PAGE.read_text()
    assert all(f"<!-- made of performance.json: {name} -->" in page for name in TABLES)
    assert written(page, load()) == page, "run python -m tests.bench.page"


def test_other_figures_make_another_page_and_all_tables_show_them() -> None:
    page = PAGE.read_text()
    once, twice = written(page, invented(4.0)), written(page, invented(8.0))
    tables = [re.findall(rf"json: {name} -->\n(.*?)<!-- end", once, re.DOTALL) for name in TABLES]
    assert all(found and NOTHING not in found[0] for found in tables)
    assert once not in (page, twice)
    assert written(once, invented(4.0)) == once


def test_what_is_kept_is_read_back_and_other_kinds_stay(tmp_path: Path) -> None:
    file, at = tmp_path / "docs" / "figures.json", {"on": "2026-11-29"}
    whole, scale = Taken({"a": Figure("ms", (1.0, 2.5))}, at), Taken({"b": Figure("/s", (3.0,))}, at)
    keep("whole", Taken({}, at), file)
    keep("scale", scale, file)
    keep("whole", whole, file)
    assert load(file) == {"whole": whole, "scale": scale}


def test_what_grows_with_the_number_of_cells_is_marked() -> None:
    name = "read, 150 circles: together"
    kinds = {"10 cells": Taken({name: Figure("ms", (4.0,))}, {}), "1000 cells": Taken({name: Figure("ms", (5.0,))}, {})}
    assert "1.25 more than 1.15" in table_of_scale(kinds)
    assert "more" not in table_of_scale({"10 cells": kinds["10 cells"]})


def test_it_is_told_how_much_ours_cost_beside_the_bare_one() -> None:
    ours = Cost("read", 3000, (300.0,), (25.0,), dict.fromkeys(PARTS, (1.0,)) | {LOAD: (9.0,)})
    bare = Cost("read", 3000, (600.0,), (12.0,), {"skeleton": (1.5,), "postgres": (0.5,), LOAD: (9.0,)})
    told = beside([ours], [bare]).splitlines()[-1].split()
    assert told == ["read", f"{len(PARTS):.2f}", "2.00", f"{len(PARTS) / 2:.1f}", "300", "600", "0.50"]
