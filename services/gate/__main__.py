"""Builds and runs the gate."""

from __future__ import annotations

import sys

from services.gate.app import Gate
from services.gate.device import Devices
from services.gate.headers import Callers, Public, networks
from services.gate.pages import Pages
from services.gate.routes import Routes
from services.gate.settings import Settings
from services.gate.slowing import Slowing
from services.gate.steps import Steps
from services.gate.upstream import Upstream
from services.kit.grid import Grid
from services.kit.http import BodyLimit, Caught, HttpServer, Traced
from services.kit.run import Process, run

GRID_SECONDS = 0.5
"""Well above what Keycloak needs to compare a password (70 ms here), well below what annoys."""


async def main(process: Process, settings: Settings) -> None:
    """Construct, then serve."""
    upstream = Upstream(settings.keycloak_url)
    process.on_stop(upstream.close)
    pages = Pages(settings.look_directory, settings.desk)
    steps = Steps(Slowing(), Devices(settings.root_key_file.read_bytes()), Grid(GRID_SECONDS))
    callers = Callers(networks(settings.trusted_proxies))
    realm = settings.issuer.rstrip("/").rpartition("/")[2]
    gate = Gate(Routes(realm), Public.of(settings.issuer), callers, upstream, pages, steps)
    process.serve_health(settings.metrics_listen)
    server = HttpServer(Traced(Caught(BodyLimit(gate))), settings.http_listen)
    process.background("http", server.run())
    process.on_drain(server.stop)


if __name__ == "__main__":
    settings = Settings()  # type: ignore[call-arg]
    sys.exit(run("gate", settings.otlp_endpoint, lambda process: main(process, settings)))
