"""What is measured of pages: mixed, each kind alone at the client and in the portal, the way in, the weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.local.platform import Platform
from tests.bench.acts import Tally
from tests.bench.load import Request
from tests.bench.measure import CONNECTIONS, SECONDS, SHORT_SECONDS, measured
from tests.bench.pages import HOME, PAGES, TABLE
from tests.bench.report import Measure
from tests.bench.route_seconds import ServerTime, routes, server_time
from tests.bench.scene import Scene
from tests.bench.visits import Weight, sign_in, weigh
from tests.e2e.table import Table

TARGETS = {("page: case", 1): "p50 50 ms", ("pages, mixed", 1): "p50 25 ms", ("pages, mixed", 8): "200/s"}
SIGN_INS = 2
"""Of each person: a one-time code works once, and there are three in half a minute."""

HEAD = f"{'page':14} {'in the portal, ms':>18} {'within 50 ms':>13} {'HTML, kB':>9} {'first visit, kB':>16}"


@dataclass(frozen=True, slots=True)
class Details:
    """One kind of page as the portal itself timed it, and what it weighs."""

    name: str
    time: ServerTime
    weight: Weight

    def line(self) -> str:
        """A row under HEAD."""
        html, whole = (f"{size / 1000:.1f}" for size in (self.weight.html, self.weight.first_visit))
        return f"{self.name:14} {self.time.mean:18.1f} {self.time.within_50_ms:13.0%} {html:>9} {whole:>16}"


async def measure_pages(
    platform: Platform, scene: Scene, bare: Mapping[int, float], tally: Tally
) -> tuple[list[Measure], dict[str, ServerTime]]:
    """Mixed at one and eight connections, each kind at one, the way in; and how long each kind took in the portal."""
    url, pages = platform.instance.portal_url, scene.pages
    wanted = [("pages, mixed", pages.mixed(), connections) for connections in CONNECTIONS]
    found = [await _measured(url, *page, bare) for page in wanted]
    before = await routes(platform)
    for page, request in pages.requests.items():
        found.append(await _measured(url, f"page: {page.name}", request, 1, bare, SHORT_SECONDS))
    after = await routes(platform)
    found.append(await _ways_in(platform, scene.table, tally))
    return found, {page.name: server_time(before[page.route], after[page.route]) for page in PAGES}


async def _measured(
    url: str, name: str, request: Request, connections: int, bare: Mapping[int, float], seconds: float = SECONDS
) -> Measure:
    target, limit = TARGETS.get((name, connections), ""), bare.get(connections)
    return await measured(name, url, request, connections, target=target, limit=limit, seconds=seconds)


async def _ways_in(platform: Platform, own: Table, tally: Tally) -> Measure:
    """From the portal's /signin to the start page; each sign-in is a run."""
    seconds = []
    for name in TABLE * SIGN_INS:
        seconds.append((await sign_in(platform, own, name)).seconds)
        tally.count(("start_session", *HOME.acts))
    rates, took = [1 / second for second in seconds], [second * 1000 for second in seconds]
    measure = Measure("sign-in to first page", 1, rates, took, [])
    print(measure.line(), flush=True)
    return measure


async def weigh_pages(platform: Platform, scene: Scene) -> dict[str, Weight]:
    """Each kind of page on a first visit; not counted, so it belongs before or after what is compared with the log."""
    visits = {page.name: (page.readers[0], page.addresses(scene.pages.places)[0]) for page in PAGES}
    return await weigh(platform, scene.table, visits)


def details(times: Mapping[str, ServerTime], weights: Mapping[str, Weight]) -> list[Details]:
    """All kinds of pages."""
    return [Details(name, times[name], weights[name]) for name in times]


def table_of(rows: Sequence[Details]) -> str:
    """All rows under their head."""
    return "\n".join([HEAD, *(row.line() for row in rows)])
