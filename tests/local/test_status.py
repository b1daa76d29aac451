"""`rondetafel status` and `make help`: what tells a person where they are."""

import json
import socket
import subprocess
from pathlib import Path

import pytest

from deploy.local.instance import REPOSITORY
from deploy.local.servers import Servers
from services.cli.status import platform_status
from services.kit.run import Process
from services.kit.scheduler import SET_ASIDE


@pytest.fixture
def silent_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_every_part_is_asked_and_a_silent_one_named(servers: Servers, silent_port: int, tmp_path: Path) -> None:
    file = tmp_path / "platform.json"
    description = {
        "keycloak": {"url": f"http://127.0.0.1:{silent_port}", "realm": "rondetafel"},
        "mail": {"url": f"http://127.0.0.1:{silent_port}"},
        "nats": {"url": servers.instance.nats_url},
        "postgres": {"host": "127.0.0.1", "port": servers.postgres.port},
        "gate": {"metrics": f"127.0.0.1:{silent_port}"},
        "services": {"case": {"metrics": f"127.0.0.1:{silent_port}"}},
    }
    file.write_text(json.dumps(description))
    status = await platform_status(file)
    complaints = {part.name: part.complaint for part in status.parts}
    silence = "does not answer (ConnectError)"
    assert complaints == {
        "postgres": None,
        "nats": None,
        **dict.fromkeys(("keycloak", "mail", "gate", "case"), silence),
    }
    assert not status.healthy
    assert str(status).startswith(file.read_text())
    assert f"case      {silence}" in str(status)


async def test_what_was_set_aside_is_named(servers: Servers, silent_port: int, tmp_path: Path) -> None:
    file, process = tmp_path / "platform.json", Process()
    description = {
        "keycloak": {"url": f"http://127.0.0.1:{silent_port}", "realm": "rondetafel"},
        "mail": {"url": f"http://127.0.0.1:{silent_port}"},
        "nats": {"url": servers.instance.nats_url},
        "postgres": {"host": "127.0.0.1", "port": servers.postgres.port},
        "gate": {"metrics": f"127.0.0.1:{silent_port}"},
        "services": {"case": {"metrics": f"127.0.0.1:{silent_port}"}},
    }
    file.write_text(json.dumps(description))
    process.serve_health(f"127.0.0.1:{silent_port}")
    process.started = True
    try:
        for count, complaint in ((0, None), (2, "terms set aside: 2"), (0, None)):
            SET_ASIDE.labels("case").set(count)
            parts = {part.name: part.complaint for part in (await platform_status(file)).parts}
            assert parts["case"] == complaint
    finally:
        await process._stop()


def test_help_lists_what_one_can_do() -> None:
    command = ["make", "--no-print-directory", "help"]
    help_ = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    commands = [line.split()[1] for line in help_.splitlines()]
    assert commands == [
        "run", "stop", "recover", "demo", "test", "quick", "check", "bench", "docs", "screenshots", "proto", "assets",
        "verb", "migration", "rotate", "reset", "release", "audit",
    ]  # fmt: skip
