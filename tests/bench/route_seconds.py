"""How long the portal itself took for a route: its own metric, without the client and the way between."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.platform import Platform
from deploy.local.ports import LOOPBACK

METRIC = "rondetafel_http_request_seconds"
BOUND = "0.05"


@dataclass(frozen=True, slots=True)
class RouteSeconds:
    """All GET requests of one route since the start: how many, how long together, how many within 50 ms."""

    count: float = 0
    total: float = 0
    within: float = 0


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The requests between two looks: their mean in milliseconds, and the share within 50 ms."""

    mean: float
    within_50_ms: float


async def routes(platform: Platform) -> dict[str, RouteSeconds]:
    """By route, as the portal tells them now."""
    address = f"http://{LOOPBACK}:{platform.instance.ports.metrics['portal']}/metrics"
    async with httpx.AsyncClient(trust_env=False) as http:
        text = (await http.get(address)).raise_for_status().text
    values: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples if family.name == METRIC else ():
            if sample.labels["method"] == "GET":
                kind = sample.name.removeprefix(METRIC) + sample.labels.get("le", "")
                values.setdefault(sample.labels["route"], {})[kind] = sample.value
    return {
        route: RouteSeconds(value["_count"], value["_sum"], value[f"_bucket{BOUND}"]) for route, value in values.items()
    }


def server_time(before: RouteSeconds, after: RouteSeconds) -> ServerTime:
    """Of the requests between."""
    count = after.count - before.count
    return ServerTime((after.total - before.total) / count * 1000, (after.within - before.within) / count)
